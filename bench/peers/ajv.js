/*
 * ajv.js SCHEMA FILE...: ajv, the schema compiled to JavaScript once, all errors. Each file is parsed
 * by JSON.parse. Prints how many errors there are; the exit status is 1 if there are any.
 *
 * strict is off because ajv refuses a schema with keywords that it does not know (x-...).
 */
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const load = createRequire(path.join(process.env.BENCH_NODE, "package.json"));
const Ajv = load("ajv/dist/2020").default;

const [schema, ...files] = process.argv.slice(2);
const ajv = new Ajv({ allErrors: true, strict: false });
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8")));

let errors = 0;
for (const file of files) {
	if (!validate(JSON.parse(fs.readFileSync(file, "utf8"))))
		errors += validate.errors.length;
}
console.log(`${errors} errors`);
process.exit(errors > 0 ? 1 : 0);
