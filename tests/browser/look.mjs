// look.mjs: looks at html reports in a headless Chromium, at the widths of a phone and of a desk, light
// and dark, and printed.
//
// usage: node look.mjs [--pictures DIR] PAGE.html...
//   Prints lines `ok NAME` and `not ok NAME: reason`; the last line is `N passed, N failed`. The exit
//   status is 0 only if all passed. --pictures keeps the screenshots and a PDF in DIR.
// environment: CHROMIUM, the program (default: the first of chromium, chromium-browser, google-chrome)

import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { start } from './chromium.mjs';
import { ask } from './inside.mjs';
import { look } from './png.mjs';

const VIEWS = [
	{ name: 'phone', width: 390, height: 844, scale: 2 },
	{ name: 'desktop', width: 1280, height: 900, scale: 1 },
];
// Of a picture, in CSS pixels; a tall one takes seconds.
const TALLEST = { judged: 2500, kept: 8000 };
let passed = 0;
let failed = 0;

function result(name, reason) {
	if (reason)
		failed++;
	else
		passed++;
	console.log(reason ? `not ok ${name}: ${reason}` : `ok ${name}`);
}

function finish() {
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

function give_up(why) {
	result('browser', why);
	finish();
}

function find_chromium() {
	if (process.env.CHROMIUM)
		return process.env.CHROMIUM;
	for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
		for (const folder of (process.env.PATH ?? '').split(delimiter)) {
			try {
				accessSync(join(folder, name), constants.X_OK);
				return join(folder, name);
			} catch {
				// not here
			}
		}
	}
	return null;
}

// A tab that tells what it was asked for and what it complained of.
async function open_tab(browser) {
	const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
	const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
	const tab = { requests: [], complaints: [], loaded: null };
	tab.send = (method, params) => browser.send(method, params, sessionId);
	tab.evaluate = async (expression) => {
		const answer = await tab.send('Runtime.evaluate', { expression, returnByValue: true });
		if (answer.exceptionDetails)
			throw new Error(answer.exceptionDetails.exception?.description ?? 'exception');
		return answer.result.value;
	};
	tab.close = () => browser.send('Target.closeTarget', { targetId });
	browser.on('Network.requestWillBeSent', sessionId, (e) => tab.requests.push(e.request.url));
	browser.on('Log.entryAdded', sessionId, (e) => tab.complaints.push(e.entry.text));
	browser.on('Runtime.consoleAPICalled', sessionId, (e) => tab.complaints.push(`console.${e.type}`));
	browser.on('Runtime.exceptionThrown', sessionId, (e) => tab.complaints.push(e.exceptionDetails.text));
	browser.on('Audits.issueAdded', sessionId, (e) => tab.complaints.push(e.issue.code));
	browser.on('Page.javascriptDialogOpening', sessionId, (e) => tab.complaints.push(`dialog ${e.message}`));
	for (const domain of ['Page', 'Network', 'Log', 'Runtime', 'Audits'])
		await tab.send(`${domain}.enable`);
	tab.load = async (url) => {
		const event = new Promise((done) => browser.on('Page.loadEventFired', sessionId, done));
		await tab.send('Page.navigate', { url });
		await event;
	};
	return tab;
}

function judge_title(sound) {
	if (!/^callroll audit: [\d,]+ batch(es)?, [\d,]+ recipients?(, [\d-]+( to [\d-]+)?)?$/.test(sound.title))
		return `the title is ${sound.title}`;
	if (!/^What became of [\d,]+ recipients?$/.test(sound.heading))
		return `the heading is ${sound.heading}`;
	return '';
}

function judge_picture(png, view) {
	const picture = look(png);
	if (picture.width !== view.width * view.scale)
		return `${picture.width} pixels wide`;
	if (picture.colours < 20 || picture.most > 0.995)
		return `blank: ${picture.colours} colours, ${(picture.most * 100).toFixed(1)} % of one`;
	return '';
}

async function take_picture(tab, view) {
	const { cssContentSize: size } = await tab.send('Page.getLayoutMetrics');
	const height = Math.min(Math.ceil(size.height), pictures ? TALLEST.kept : TALLEST.judged);
	const { data } = await tab.send('Page.captureScreenshot', {
		format: 'png', captureBeyondViewport: true,
		clip: { x: 0, y: 0, width: view.width, height, scale: 1 },
	});
	return Buffer.from(data, 'base64');
}

// One page in one view and one scheme of colours.
async function look_at(tab, name, view, scheme, keep) {
	const label = `${name} ${view.name} ${scheme}`;
	await tab.send('Emulation.setDeviceMetricsOverride', {
		width: view.width, height: view.height, deviceScaleFactor: view.scale,
		mobile: view.name === 'phone',
	});
	await tab.send('Emulation.setEmulatedMedia', {
		media: 'screen', features: [{ name: 'prefers-color-scheme', value: scheme }],
	});
	result(`${label}: no overflow`, await tab.evaluate(ask.overflow(view.width)));
	result(`${label}: contrast`, await tab.evaluate(ask.contrast));
	const png = await take_picture(tab, view);
	keep(`${name}-${view.name}-${scheme}.png`, png);
	result(`${label}: picture`, judge_picture(png, view));
}

// The tree that a screen reader gets: everything in it that needs a name has one.
async function judge_tree(tab) {
	const { nodes } = await tab.send('Accessibility.getFullAXTree');
	const seen = nodes.filter((n) => !n.ignored);
	const needs = new Set(['region', 'image', 'img', 'table', 'navigation', 'heading', 'link']);
	const bare = seen.filter((n) => needs.has(n.role?.value) && !n.name?.value);
	const landmarks = ['banner', 'navigation', 'main', 'contentinfo']
		.filter((l) => !seen.some((n) => n.role?.value === l));
	if (landmarks.length > 0)
		return `no ${landmarks.join()}`;
	return bare.map((n) => `${n.role.value} without a name`).slice(0, 3).join();
}

async function judge_print(tab, keep, name) {
	await tab.send('Emulation.setEmulatedMedia', { media: 'print', features: [
		{ name: 'prefers-color-scheme', value: 'dark' }] });
	const paper = await tab.evaluate(`[getComputedStyle(document.body).color,
		getComputedStyle(document.body).backgroundColor,
		getComputedStyle(document.querySelector('nav')).display].join(' ')`);
	const { data } = await tab.send('Page.printToPDF', { preferCSSPageSize: true });
	keep(`${name}.pdf`, Buffer.from(data, 'base64'));
	return paper === 'rgb(0, 0, 0) rgb(255, 255, 255) none' ? '' : paper;
}

async function look_at_page(browser, file, keep) {
	const name = basename(file, '.html');
	const url = pathToFileURL(resolve(file)).href;
	const tab = await open_tab(browser);
	await tab.load(url);
	const sound = await tab.evaluate(ask.sound);
	result(`${name}: title and heading`, judge_title(sound));
	result(`${name}: its style is in force`,
		sound.policy && sound.styled && sound.max === '1280px' ? '' : JSON.stringify(sound));
	result(`${name}: nothing came in with data`, (await tab.evaluate(ask.strangers)).join());
	result(`${name}: nothing hidden in texts`, (await tab.evaluate(ask.hidden)).join());
	result(`${name}: readable by a screen reader`,
		await tab.evaluate(ask.readable) || await judge_tree(tab));
	for (const view of VIEWS)
		for (const scheme of ['light', 'dark'])
			await look_at(tab, name, view, scheme, keep);
	result(`${name}: black on white on paper`, await judge_print(tab, keep, name));
	// Of data: nothing leaves the machine.
	const other = tab.requests.filter((r) => r !== url && r !== 'data:,');
	result(`${name}: no request but for itself`,
		tab.requests.includes(url) ? other.join() : 'not even for itself');
	result(`${name}: no complaint of the browser`, tab.complaints.slice(0, 3).join('; '));
	await tab.close();
}

const files = process.argv.slice(2);
let pictures = null;
if (files[0] === '--pictures') {
	pictures = files[1];
	files.splice(0, 2);
	mkdirSync(pictures, { recursive: true });
}
const keep = (name, bytes) => pictures && writeFileSync(join(pictures, name), bytes);
if (files.length === 0) {
	console.error('usage: node look.mjs [--pictures DIR] PAGE.html...');
	process.exit(2);
}
const program = find_chromium();
if (!program)
	give_up('Chromium is missing (on Debian: apt-get install chromium)');
let browser = null;
try {
	browser = await start(program);
} catch (e) {
	give_up(e.message);
}
console.error(browser.version);
for (const file of files) {
	try {
		await look_at_page(browser, file, keep);
	} catch (e) {
		result(basename(file, '.html'), e.message);
	}
}
await browser.close();
finish();
