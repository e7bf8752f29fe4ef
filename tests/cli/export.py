"""export.py: reads exports back, for export.sh. Knows of callroll only what the manual says.

export.py rows CAPTURE CSV        the recipients of a response are the rows of the CSV
export.py same CSV NDJSON         two exports say the same
export.py import CSV ROWS         what `sqlite3 -json` imported are the rows of the CSV
export.py upload CSV NDJSON       every cell of a --retry CSV is what the NDJSON says
export.py database DB NDJSON      the database has the recipients of the NDJSON, and their figures
"""
import collections
import csv
import datetime
import json
import sqlite3
import sys

FIXED = (
    "batch_id batch_name batch_status agent_id agent_name batch_scheduled_time_unix "
    "batch_scheduled_time recipient_id phone_number whatsapp_user_id status created_at_unix "
    "created_at updated_at_unix updated_at conversation_id source"
).split()
PREFIX = "dynamic_variables."


class Number(str):
    """A number as it was written."""


def loads(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def dumps(value):
    """Compact JSON, with numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        pairs = (json.dumps(k, ensure_ascii=False) + ":" + dumps(v) for k, v in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dumps(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [[decode(cell) for cell in row] for row in csv.reader(file, strict=True)]


def decode(cell):
    """A NUL is spelled, as the manual says."""
    if cell[:1] == '"' and cell[-1:] == '"' and "\\u0000" in cell:
        return json.loads(cell, strict=False)
    return cell


def cell_of(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    return dumps(value)


def iso(value):
    if not isinstance(value, Number) or not value.lstrip("-").isdigit():
        return ""
    try:
        time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(value))
    except OverflowError:
        return ""
    return time.isoformat() + "Z"


def dig(value, *names):
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def expected_row(batch, r):
    client = r.get("conversation_initiation_client_data")
    row = {
        "batch_id": batch["id"],
        "batch_name": batch.get("name"),
        "batch_status": batch.get("status"),
        "agent_id": batch.get("agent_id"),
        "agent_name": batch.get("agent_name"),
        "batch_scheduled_time_unix": batch.get("scheduled_time_unix"),
        "batch_scheduled_time": iso(batch.get("scheduled_time_unix")),
        "recipient_id": r.get("id"),
        "created_at": iso(r.get("created_at_unix")),
        "updated_at": iso(r.get("updated_at_unix")),
        "source": dig(client, "source_info", "source"),
    }
    for name in FIXED:
        if name not in row:
            row[name] = r.get(name)
    for name, value in (dig(client, "dynamic_variables") or {}).items():
        row[PREFIX + name] = value
    return {name: cell_of(value) for name, value in row.items()}


def check(got, wanted, what):
    if got != wanted:
        sys.exit(f"{what}:\n  found    {got!r}\n  expected {wanted!r}")


def check_rows(table, rows):
    names = sorted({n for row in rows for n in row if n not in FIXED}, key=lambda n: n.encode())
    check(table[0], FIXED + names, "columns")
    check(len(table) - 1, len(rows), "number of rows")
    for got, row in zip(table[1:], rows):
        check(got, [row.get(name, "") for name in table[0]], "row")


def rows(capture, path):
    with open(capture, encoding="utf-8") as file:
        batch = loads(file.read())
    check_rows(read_csv(path), [expected_row(batch, r) for r in batch["recipients"]])


def read_ndjson(path):
    with open(path, encoding="utf-8") as file:
        return [loads(line) for line in file if line.strip()]


def same(path, ndjson):
    wanted = []
    for row in read_ndjson(ndjson):
        cells = {name: cell_of(row[name]) for name in FIXED}
        for name, value in (row["dynamic_variables"] or {}).items():
            cells[PREFIX + name] = cell_of(value)
        check(list(row), FIXED + ["dynamic_variables"], "members")
        wanted.append(cells)
    check_rows(read_csv(path), wanted)


def imported(path, rows_path):
    """SQLite numbers columns whose names differ only in case: they are compared by place."""
    with open(path, newline="", encoding="utf-8") as file:
        table = list(csv.reader(file, strict=True))
    with open(rows_path, encoding="utf-8") as file:
        got = json.load(file)
    check(len(got), len(table) - 1, "number of rows")
    for row, wanted in zip(got, table[1:]):
        check(list(row.values()), wanted, "row")


def upload(path, ndjson):
    table = read_csv(path)
    check(table[0][0], "phone_number", "first column")
    check(len(set(table[0])), len(table[0]), "columns of the same name")
    phones = [row[0] for row in table[1:]]
    check(len(set(phones)), len(phones), "phone numbers")
    people = collections.defaultdict(list)
    for row in read_ndjson(ndjson):
        people[row["phone_number"]].append(row["dynamic_variables"] or {})
    overrides = {"language", "first_message", "system_prompt", "voice_id"}
    for row in table[1:]:
        cells = {n: c for n, c in zip(table[0][1:], row[1:]) if n not in overrides}
        wanted = [
            {n: "" if isinstance(v.get(n), (dict, list)) else cell_of(v.get(n)) for n in cells}
            for v in people[row[0]]
        ]
        if cells not in wanted:
            sys.exit(f"{row[0]}: {cells!r} is none of {wanted!r}")


def plain(value):
    """As a strict column of text has it."""
    return value if isinstance(value, str) and not isinstance(value, Number) else None


def integer(value):
    """As a strict column of integers has it."""
    if not isinstance(value, Number) or not value.lstrip("-").isdigit():
        return None
    return int(value) if -(2**63) <= int(value) < 2**63 else None


def database(path, ndjson):
    db = sqlite3.connect(path)
    check(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)], "integrity_check")
    check(db.execute("PRAGMA foreign_key_check").fetchall(), [], "foreign_key_check")
    texts = "batch_id batch_name recipient_id phone_number whatsapp_user_id status".split()
    found = db.execute(
        f"SELECT {', '.join(texts)}, updated_at_unix, dynamic_variables, json "
        "FROM latest_states ORDER BY response, position"
    ).fetchall()
    wanted = read_ndjson(ndjson)
    check(len(found), len(wanted), "recipients")
    known = {"completed", "failed", "voicemail", "cancelled"}
    still_open = {"pending", "dispatched", "initiated", "in_progress"}
    figures = collections.defaultdict(collections.Counter)
    for row, r in zip(found, wanted):
        check(list(row[: len(texts)]), [plain(r[name]) for name in texts], "texts")
        check(row[-3], integer(r["updated_at_unix"]), "updated_at_unix")
        whole = loads(row[-1])
        client = whole.get("conversation_initiation_client_data")
        check(dig(client, "dynamic_variables"), r["dynamic_variables"], "json")
        if isinstance(r["dynamic_variables"], dict):
            check(loads(row[-2]), r["dynamic_variables"], "dynamic_variables")
        status = plain(r["status"])
        kind = status if status in known else "open" if status in still_open else "other"
        figures[r["batch_id"]][kind] += 1
        figures[r["batch_id"]]["recipients"] += 1
    kinds = ["recipients", "completed", "failed", "voicemail", "cancelled", "open", "other"]
    for batch, *got in db.execute(f"SELECT batch_id, {', '.join(kinds)} FROM outcomes"):
        check(got, [figures[batch][kind] for kind in kinds], f"outcomes of {batch}")
        figures.pop(batch)
    check(dict(figures), {}, "batches without outcomes")


if __name__ == "__main__":
    csv.field_size_limit(1 << 30)
    {"rows": rows, "same": same, "import": imported, "upload": upload, "database": database}[
        sys.argv[1]
    ](*sys.argv[2:])
