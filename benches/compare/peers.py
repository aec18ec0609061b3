#!/usr/bin/env python3
"""One run of one peer: the first rule over one file, in the form that is fastest for that peer.

Called by compare.py in a process of its own, so that its peak memory can be read. Prints one JSON object: the seconds
from the start of the query to its last row (the interpreter's start and the import of the peer are not counted
against it), and the findings.
"""

import json
import sys
import time

TYPES = "'TXT', 'NULL', 'CNAME', 'MX', 'A', 'AAAA'"

# {name}, {type}, {source}, {time}, {deep} and {table} differ by peer and file.
RULE = """
SELECT who, queries, distinct_names, mean_length, max_length, types, first_seen, last_seen,
       CASE WHEN (distinct_names > 100 AND mean_length > 60) OR (distinct_names > 50 AND mean_length > 50)
            THEN 'high' ELSE 'medium' END AS confidence
FROM (
    SELECT {source} AS who, count(*) AS queries, count(DISTINCT {name}) AS distinct_names,
           avg(length({name})) AS mean_length, max(length({name})) AS max_length,
           {types} AS types, min({time}) AS first_seen, max({time}) AS last_seen
    FROM {table}
    WHERE {type} IN (""" + TYPES + """) AND (length({name}) > 50 OR {deep})
    GROUP BY {source}
) AS per_source
WHERE queries > 20 AND distinct_names > 10 AND mean_length > 40
ORDER BY queries DESC
"""

ZEEK_COLUMNS = (
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto trans_id rtt query qclass qclass_name qtype qtype_name "
    "rcode rcode_name AA TC RD RA Z answers TTLs rejected"
).split()


def duckdb_rule(table, name, kind, source, when):
    # More than five labels. LIKE is what DuckDB does fastest; counting dots or splitting costs a fifth more.
    deep = f"{name} LIKE '%.%.%.%.%.%'"
    return RULE.format(
        table=table, name=name, type=kind, source=source, time=when, deep=deep, types=f"list(DISTINCT {kind})"
    )


def duckdb_run(query):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    begin = time.perf_counter()
    rows = connection.execute(query).fetchall()
    return time.perf_counter() - begin, rows


def duckdb_ndjson(path):
    # Explicit columns save the sniffing and every other field; ISO times compare as text, so nothing is parsed twice.
    columns = (
        "{'@timestamp': 'VARCHAR', 'dns': 'STRUCT(question STRUCT(\"name\" VARCHAR, \"type\" VARCHAR))', "
        "'source': 'STRUCT(ip VARCHAR)'}"
    )
    table = f"read_ndjson('{path}', columns = {columns})"
    return duckdb_run(duckdb_rule(table, "dns.question.name", "dns.question.type", "source.ip", '"@timestamp"'))


def duckdb_zeek(path):
    columns = ", ".join(f"'{column}': 'VARCHAR'" for column in ZEEK_COLUMNS)
    table = (
        f"read_csv('{path}', delim = '\t', header = false, auto_detect = false, quote = '', escape = '', "
        f"comment = '#', nullstr = '-', columns = {{{columns}}})"
    )
    return duckdb_run(duckdb_rule(table, "query", "qtype_name", '"id.orig_h"', "ts"))


def duckdb_parquet(path):
    table = f"read_parquet('{path}')"
    return duckdb_run(
        duckdb_rule(table, '"dns.question.name"', '"dns.question.type"', '"source.ip"', '"@timestamp"')
    )


def chdb_parquet(path):
    import chdb

    query = RULE.format(
        table=f"file('{path}', Parquet)",
        name="`dns.question.name`",
        type="`dns.question.type`",
        source="`source.ip`",
        time="`@timestamp`",
        deep="countSubstrings(`dns.question.name`, '.') > 4",
        types="groupUniqArray(`dns.question.type`)",
    )
    # Exact, as with the others; ClickHouse's count(DISTINCT) is exact by default.
    begin = time.perf_counter()
    text = str(chdb.query(query, "JSONCompactEachRow"))
    seconds = time.perf_counter() - begin
    rows = [json.loads(line) for line in text.splitlines()]
    return seconds, [[row[0], int(row[1]), int(row[2]), *row[3:]] for row in rows]


def polars_parquet(path):
    import polars as pl

    name, kind = pl.col("dns.question.name"), pl.col("dns.question.type")
    length = name.str.len_chars()
    begin = time.perf_counter()
    frame = (
        pl.scan_parquet(path)
        .filter(
            kind.is_in(["TXT", "NULL", "CNAME", "MX", "A", "AAAA"])
            & ((length > 50) | (name.str.count_matches(".", literal=True) + 1 > 5))
        )
        .group_by("source.ip")
        .agg(
            pl.len().alias("queries"),
            name.n_unique().alias("distinct_names"),
            length.mean().alias("mean_length"),
            length.max().alias("max_length"),
            kind.unique().alias("types"),
            pl.col("@timestamp").min().alias("first_seen"),
            pl.col("@timestamp").max().alias("last_seen"),
        )
        .filter((pl.col("queries") > 20) & (pl.col("distinct_names") > 10) & (pl.col("mean_length") > 40))
        .with_columns(
            pl.when(
                ((pl.col("distinct_names") > 100) & (pl.col("mean_length") > 60))
                | ((pl.col("distinct_names") > 50) & (pl.col("mean_length") > 50))
            )
            .then(pl.lit("high"))
            .otherwise(pl.lit("medium"))
            .alias("confidence")
        )
        .sort("queries", descending=True)
        .collect(engine="streaming")
    )
    return time.perf_counter() - begin, frame.rows()


RUNS = {run.__name__: run for run in (duckdb_ndjson, duckdb_zeek, duckdb_parquet, chdb_parquet, polars_parquet)}


def main():
    seconds, rows = RUNS[sys.argv[1]](sys.argv[2])
    findings = [
        {"who": row[0], "queries": row[1], "distinct": row[2], "mean": round(float(row[3]), 6), "max": row[4]}
        | {"types": sorted(row[5]), "confidence": row[8]}
        for row in rows
    ]
    json.dump({"seconds": seconds, "findings": findings}, sys.stdout)


if __name__ == "__main__":
    main()
