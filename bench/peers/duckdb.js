/*
 * duckdb.js THREADS FILE...: DuckDB's read_json with the columns told, so that it need not guess them,
 * and one question: how many recipients are there of each status? It casts values to the
 * columns' types and ends at the first that it cannot cast; it judges nothing else.
 */
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const load = createRequire(path.join(process.env.BENCH_NODE, "package.json"));
const { DuckDBInstance } = load("@duckdb/node-api");

const recipient = `STRUCT(id VARCHAR, status VARCHAR, created_at_unix BIGINT,
	updated_at_unix BIGINT, phone_number VARCHAR, whatsapp_user_id VARCHAR,
	conversation_id VARCHAR, conversation_initiation_client_data JSON)[]`;
const columns = `{id: 'VARCHAR', name: 'VARCHAR', agent_id: 'VARCHAR', created_at_unix: 'BIGINT',
	scheduled_time_unix: 'BIGINT', last_updated_at_unix: 'BIGINT', status: 'VARCHAR',
	agent_name: 'VARCHAR', recipients: '${recipient}', phone_number_id: 'VARCHAR',
	phone_provider: 'VARCHAR', whatsapp_params: 'JSON', total_calls_dispatched: 'BIGINT',
	total_calls_scheduled: 'BIGINT', total_calls_finished: 'BIGINT', retry_count: 'BIGINT'}`;

async function main([threads, ...files]) {
	const most = Math.max(...files.map((file) => fs.statSync(file).size)) + 1;
	const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(",");
	const instance = await DuckDBInstance.create(":memory:", { threads });
	const connection = await instance.connect();
	const answer = await connection.runAndReadAll(`
		SELECT r.status, count(*)
		FROM (SELECT unnest(recipients) AS r
			FROM read_json([${list}], format = 'unstructured', columns = ${columns},
				maximum_object_size = ${most}))
		GROUP BY ALL ORDER BY ALL`);
	for (const [status, count] of answer.getRows())
		console.log(`${status} ${count}`);
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error.message);
	process.exit(2);
});
