// audit.mjs: the figures of `callroll audit --format json`, computed a second time by DuckDB from the
// lines of an unpacked bundle, by the definitions of callroll(1), section AUDIT.
//
// usage: node audit.mjs FOLDER REPORT.json [CONDITION]
//   FOLDER      a bundle, unpacked
//   CONDITION   in SQL, on the columns status and updated of recipients: what the report's filters say
// Prints a line for each figure that differs; the last line is `N figures, N differ`.
import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync, readdirSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

const [folder, reportPath, condition = 'true'] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportPath, 'utf8'));

// --- which lines are in the latest responses: callroll-bundle(5), Runs ---

const responses = readdirSync(join(folder, 'responses')).sort()
	.flatMap((name) => readFileSync(join(folder, 'responses', name), 'utf8').trimEnd().split('\n'))
	.map((line) => JSON.parse(line));

function list(number) {
	const r = responses[number - 1];
	const base = r._base === undefined ? [] : list(r._base);
	return r._rows.flatMap((run) => run[0] === 'base'
		? base.slice(run[1], run[1] + run[2])
		: Array.from({ length: run[1] }, (_, i) => run[0] + i));
}

const latest = new Map();
for (const r of responses) {
	const known = latest.get(r.id);
	if (known === undefined || r.last_updated_at_unix >= known.last_updated_at_unix)
		latest.set(r.id, r);
}

const scratch = mkdtempSync(join(tmpdir(), 'callroll-peers-'));
const files = (kind) => join(folder, kind, '*.ndjson').replaceAll("'", "''");
writeFileSync(join(scratch, 'members.csv'), 'response,line\n' + [...latest.values()]
	.flatMap((r) => list(r._response).map((line) => `${r._response},${line}\n`)).join(''));

// --- the definitions ---

const instance = await DuckDBInstance.create(':memory:');
const db = await instance.connect();
const query = async (sql) => (await db.runAndReadAll(sql)).getRowObjectsJson();

await db.run('SET threads = 1'); // lines keep their order
await db.run(`
-- a time is a whole number of seconds, from 2020 on, and not milliseconds
CREATE MACRO seconds(value) AS CASE
	WHEN json_type(value) IN ('UBIGINT', 'BIGINT')
	 AND CAST(value AS HUGEINT) >= 1577836800 AND CAST(value AS HUGEINT) < 100000000000
	THEN CAST(value AS BIGINT) END;
-- a string is itself, null and nothing are nothing, all else is as it stands there
CREATE MACRO text(value) AS CASE
	WHEN value IS NULL OR json_type(value) = 'NULL' THEN ''
	ELSE json_extract_string(value, '$') END;
-- nearest rank
CREATE MACRO percentile(sorted, p) AS sorted[(len(sorted) * p + 99) // 100];

CREATE TABLE recipients AS
	SELECT row_number() OVER () AS line, text(status) AS status,
	       seconds(created_at_unix) AS created, seconds(updated_at_unix) AS updated
	FROM read_json('${files('recipients')}', format = 'newline_delimited',
	     maximum_object_size = 100000000, columns = {
	     status: 'JSON', created_at_unix: 'JSON', updated_at_unix: 'JSON'});
CREATE TABLE responses AS
	SELECT _response AS response, id, text(agent_id) AS agent,
	       text(phone_provider) AS provider,
	       scheduled_time_unix IS NOT NULL AND json_type(scheduled_time_unix) <> 'NULL' AS is_scheduled,
	       seconds(scheduled_time_unix) AS scheduled,
	       coalesce(seconds(_seen), CASE WHEN _seen IS NULL THEN seconds(last_updated_at_unix) END) AS captured
	FROM read_json('${files('responses')}', format = 'newline_delimited',
	     maximum_object_size = 100000000, columns = {
	     _response: 'BIGINT', id: 'VARCHAR', agent_id: 'JSON', phone_provider: 'JSON',
	     scheduled_time_unix: 'JSON', last_updated_at_unix: 'JSON', _seen: 'JSON'});
CREATE TABLE counted AS
	SELECT r.id AS batch, r.agent, r.provider, p.status,
	       coalesce(strftime(make_timestamp(p.updated * 1000000), '%Y-%m-%d'), '') AS day,
	       CASE WHEN p.status IN ('completed', 'failed', 'voicemail')
	             AND p.created IS NOT NULL -- greatest() passes over NULL
	             AND NOT (r.is_scheduled AND r.scheduled IS NULL)
	             AND p.updated >= greatest(p.created, coalesce(r.scheduled, p.created))
	            THEN p.updated - greatest(p.created, coalesce(r.scheduled, p.created)) END AS took
	FROM read_csv('${join(scratch, 'members.csv')}', columns = {response: 'BIGINT', line: 'BIGINT'}) m
	JOIN responses r USING (response) JOIN recipients p USING (line)
	WHERE (${condition});
`);

// --- beside the report ---

let figures = 0, differ = 0;

function same(what, seen, wanted) {
	figures++;
	if (JSON.stringify(seen) === JSON.stringify(wanted))
		return;
	differ++;
	console.log(`${what}: callroll ${JSON.stringify(seen)}, DuckDB ${JSON.stringify(wanted)}`);
}

async function group(name, rows, column) {
	const key = column === null ? "''" : column;
	const wanted = new Map((await query(`
		SELECT ${key} AS key, count(*) AS recipients, count(DISTINCT batch) AS batches,
		       list_sort(list(took) FILTER (took IS NOT NULL)) AS sorted, len(sorted) AS timed,
		       percentile(sorted, 50) AS median, percentile(sorted, 90) AS p90, percentile(sorted, 99) AS p99
		FROM counted GROUP BY 1`)).map((r) => [r.key, r]));
	const statuses = new Map((await query(
		`SELECT ${key} AS key, status, count(*) AS n FROM counted GROUP BY 1, 2`))
		.map((r) => [JSON.stringify([r.key, r.status]), Number(r.n)]));

	same(`${name}: keys`, rows.map((r) => r.key ?? r.id ?? '').filter((k) => wanted.has(k)).sort(),
		[...wanted.keys()].sort());
	for (const row of rows) {
		const id = row.key ?? row.id ?? '', w = wanted.get(id), t = row.time_to_finish;
		const what = `${name} ${id}`;
		if (w === undefined) {
			same(`${what}: recipients`, row.recipients, 0);
			continue;
		}
		same(`${what}: recipients`, row.recipients, Number(w.recipients));
		if (row.batches !== undefined)
			same(`${what}: batches`, row.batches, Number(w.batches));
		for (const [status, n] of Object.entries(row.by_status))
			same(`${what}: ${status}`, n, statuses.get(JSON.stringify([id, status])) ?? 0);
		same(`${what}: timed`, t.count, Number(w.timed ?? 0));
		for (const p of ['median', 'p90', 'p99'])
			same(`${what}: ${p}`, t[p], w[p] === null ? null : Number(w[p]));
		const sorted = (w.sorted ?? []).map(Number), bounds = [0, ...report.bucket_seconds, Infinity];
		same(`${what}: buckets`, t.buckets, bounds.slice(1).map((to, i) =>
			sorted.filter((s) => s >= bounds[i] && s < to).length));
	}
}

await group('all', [report.all], null);
await group('batch', report.by_batch, 'batch');
await group('agent', report.by_agent, 'agent');
await group('provider', report.by_provider, 'provider');
await group('day', report.by_day, 'day');

const gaps = new Map((await query(`
	SELECT id, max(gap) AS gap, count(*) AS captures FROM (
		SELECT id, captured - lag(captured) OVER (PARTITION BY id ORDER BY captured NULLS FIRST) AS gap
		FROM responses) GROUP BY 1`)).map((r) => [r.id, r]));
for (const b of report.by_batch) {
	const w = gaps.get(b.id);
	same(`${b.id}: longest gap`, b.longest_gap?.seconds ?? 0, Number(w.gap ?? 0));
	same(`${b.id}: captures`, b.captures, Number(w.captures));
	same(`${b.id}: latest`, b.response, latest.get(b.id)._response);
}

rmSync(scratch, { recursive: true });
console.log(`${figures} figures, ${differ} differ`);
process.exitCode = differ === 0 && figures > 0 ? 0 : 1;
