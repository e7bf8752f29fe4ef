// chromium.mjs: a headless Chromium, driven over a pipe by the DevTools protocol; needs no package.
// Everything it writes lies in a folder of its own, which close() removes.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SECONDS = 60; // for one answer

// Resolves to { send, on, close, version }, or rejects: it did not start.
//   send(method, params, session)   resolves to the answer
//   on(name, session, f)            f(params) for each event
export async function start(program) {
	const profile = mkdtempSync(join(tmpdir(), 'callroll-browser-'));
	const child = spawn(program, [
		'--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
		'--no-first-run', '--disable-background-networking', '--disable-component-update',
		'--disable-sync', '--disable-extensions', `--user-data-dir=${profile}`,
		'--remote-debugging-pipe',
	], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
	const waiting = new Map();
	const listeners = [];
	let last = 0;
	let ended = null;
	let rest = '';

	function end(why) {
		ended ??= new Error(why);
		for (const { reject } of waiting.values())
			reject(ended);
		waiting.clear();
	}
	function take(message) {
		if (message.id === undefined) {
			for (const l of listeners)
				if (l.name === message.method && l.session === message.sessionId)
					l.f(message.params);
			return;
		}
		const { resolve, reject } = waiting.get(message.id) ?? {};
		waiting.delete(message.id);
		if (message.error)
			reject?.(new Error(message.error.message));
		else
			resolve?.(message.result);
	}
	child.on('error', (e) => end(`${program} did not start: ${e.message}`));
	child.on('exit', (code, signal) => end(`${program} ended: ${code ?? signal}`));
	child.stdio[3].on('error', () => {});
	child.stdio[4].setEncoding('utf8');
	child.stdio[4].on('data', (data) => {
		const messages = (rest + data).split('\0');
		rest = messages.pop();
		messages.forEach((m) => take(JSON.parse(m)));
	});

	function send(method, params = {}, sessionId = undefined) {
		return new Promise((resolve, reject) => {
			if (ended)
				return reject(ended);
			const id = ++last;
			const timer = setTimeout(() => {
				waiting.delete(id);
				reject(new Error(`no answer to ${method} in ${SECONDS} s`));
			}, SECONDS * 1000);
			const done = (f) => (x) => {
				clearTimeout(timer);
				f(x);
			};
			waiting.set(id, { resolve: done(resolve), reject: done(reject) });
			child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
		});
	}
	async function close() {
		const gone = new Promise((resolve) => child.once('exit', resolve));
		if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
			child.kill('SIGKILL');
			await gone;
		}
		rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
	}
	try {
		const { product } = await send('Browser.getVersion');
		return {
			send, close, version: product,
			on: (name, session, f) => listeners.push({ name, session, f }),
		};
	} catch (e) {
		await close();
		throw e;
	}
}
