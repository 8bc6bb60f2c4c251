"""Writes packages/data/src/fixtures/*.parquet with pyarrow: what the Parquet reader is tested on.

Usage: python parquet_fixture.py packages/data/src/fixtures
"""
import sys

import pyarrow
import pyarrow.parquet

folder = sys.argv[1]
turn = lambda role, content: {"role": role, "content": content}
pairs = [
    {
        "prompt": [turn("user", f"What is {i} plus {i}?")],
        "chosen": [turn("assistant", f"{2 * i}, as we say „zwei mal {i}“.")],
        "rejected": [turn("assistant", "No idea.")],
        "score_chosen": 4.5,
        "score_rejected": 1,
        "id": 2**40 + i,
        "note": None if i % 2 else "even",
    }
    for i in range(5)
]
schema = pyarrow.schema(
    [
        ("prompt", pyarrow.list_(pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())]))),
        ("chosen", pyarrow.list_(pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())]))),
        ("rejected", pyarrow.list_(pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())]))),
        ("score_chosen", pyarrow.float64()),
        ("score_rejected", pyarrow.int64()),
        ("id", pyarrow.int64()),
        ("note", pyarrow.string()),
    ]
)
# Two row groups and a last short one; each codec that is common.
for codec in ("snappy", "zstd", "gzip", "none"):
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pylist(pairs, schema), f"{folder}/pairs-{codec}.parquet", compression=codec, row_group_size=2
    )
texts = pyarrow.table({"body": ["One text.", "", "Another – the last."], "n": [1, 2, 3]})
pyarrow.parquet.write_table(texts, f"{folder}/texts.parquet")
