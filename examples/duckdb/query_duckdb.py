"""Runs a query of this folder over a work folder: python query_duckdb.py accuracy.sql WORK"""

import sys
from pathlib import Path

import duckdb


def run(query, work):
    """The rows of a query, as a list of tuples; it gets the globs that it names."""
    work = Path(work)
    globs = {
        "predictions": str(work / "predictions/*/*-*[0-9].parquet"),
        "shards": str(work / "features/*/part-*.parquet"),
        "tracks": str(work / "tracks.parquet"),
    }
    text = (Path(__file__).parent / query).read_text()
    return duckdb.execute(text, {name: glob for name, glob in globs.items() if f"${name}" in text})


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    result = run(sys.argv[1], sys.argv[2])
    print("\t".join(column[0] for column in result.description))
    for row in result.fetchall():
        print("\t".join(f"{value:.4f}" if isinstance(value, float) else str(value) for value in row))
