"""Shows that the examples hold: python examples/check.py [--segno target/release/segno]

Needs Java 17 (Debian: default-jre-headless) and examples/requirements.txt. Two minutes on two cores:

1. A synthetic corpus is extracted here, and then on a Spark cluster of two workers of which one is killed at work.
   Spark must have lost an executor with a share in its hands, and every part must be the very bytes of the local run.
2. Two runs are trained, and the queries in DuckDB and PySpark must give report.json's accuracies.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "spark"), str(HERE / "duckdb")]

EXPERIMENT = HERE.parent / "datasets/synthetic/experiments/quickstart.toml"
SHARES = 12
# Each share waits so long before its work, so that there is a moment at which both workers are at it.
DELAY_S = 1.0


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def parts(work):
    """Every file of a work folder's features, by name."""
    return {str(path.relative_to(work)): path.read_bytes() for path in sorted(work.glob("features/*/*"))}


def extract_on_spark(folder, segno, root, work):
    """Extracts on two workers, kills one while both have a share, and says what Spark told of it."""
    from cluster import HOST, Cluster, ask, free_port, wait_for

    slow = folder / "slow-segno"
    slow.write_text(f'#!/bin/sh\nsleep {DELAY_S}\nexec "{segno}" "$@"\n')
    slow.chmod(0o755)
    port = free_port()
    rest = f"http://{HOST}:{port}/api/v1/applications"

    def executors():
        found = ask(rest)
        found = ask(f"{rest}/{found[0]['id']}/allexecutors") if found else None
        return [executor for executor in found or [] if executor["id"] != "driver"]

    def both_at_work():
        now = executors()
        busy = [executor for executor in now if executor["activeTasks"] > 0]
        return now if len(busy) == 2 and sum(executor["completedTasks"] for executor in now) >= 2 else None

    with Cluster(folder, 2) as cluster:
        words = [sys.executable, HERE / "spark/extract.py", "--master", cluster.url, "--segno", slow, "--parts", SHARES]
        words += ["--root", root, "--work", work, "--experiment", EXPERIMENT, "--conf", "spark.executor.memory=512m"]
        words += ["--conf", f"spark.ui.port={port}", "--conf", f"spark.driver.host={HOST}"]
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": HOST}
        start = time.monotonic()
        driver = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        try:
            before = wait_for("both workers at a share", both_at_work)
            cluster.kill(cluster.workers[0])
            lost = lambda: [executor for executor in executors() if not executor["isActive"]]
            lost = wait_for("the executor that was killed", lost)
            said = driver.communicate(timeout=120)[1]
        finally:
            driver.kill()
        if driver.returncode:
            sys.exit(f"the driver ended with {driver.returncode}:\n{said}")
    done = sum(executor["completedTasks"] for executor in before)
    assert done < SHARES, f"all {SHARES} shares were done before the kill: nothing was shown"
    repeated = re.search(r"(\d+) of them repeated", said)
    assert repeated and int(repeated[1]) > 0, f"no share was lost with the worker:\n{said}"
    seconds = time.monotonic() - start
    print(f"  {done} of {SHARES} shares were done when a worker was killed; executor {lost[0]['id']} was lost, {repeated[1]} repeated; {seconds:.0f} s in all")


def extraction(folder, segno, root):
    for name in ("local", "spark"):
        run(segno, "corpus", "index", "synthetic", "--root", root, "--work", folder / name)
    start = time.monotonic()
    run(segno, "extract", "--root", root, "--work", folder / "local", "--experiment", EXPERIMENT)
    print(f"  one process: {time.monotonic() - start:.1f} s")
    extract_on_spark(folder, segno, root, folder / "spark")
    local, spark = parts(folder / "local"), parts(folder / "spark")
    assert len(local) >= SHARES, f"{len(local)} parts are too few for {SHARES} shares"
    assert local == spark, f"parts differ: {sorted(name for name in local.keys() | spark.keys() if local.get(name) != spark.get(name))}"
    print(f"  {len(local)} parts, byte for byte those of the local run")


def queries(work, segno):
    place = ["--work", work, "--experiment", EXPERIMENT]
    for row, protocol in (("logistic", "published"), ("logistic", "track")):
        of_run = ["--protocol", protocol, "--seed", "1"]
        run(segno, "split", *place, *of_run)
        run(segno, "train", *place, "--row", row, *of_run)
        run(segno, "predict-set", *place, "--row", row, *of_run)
    told = json.loads(run(segno, "answers", *place, "--json").stdout)["runs"]
    expected = {(one["row"], one["protocol"], one["seed"], one["task"]): (one["clips"], one["accuracy"]) for one in told}
    assert len(expected) >= 2, expected

    import query_duckdb
    import query_spark
    from pyspark.sql import SparkSession

    found = {tuple(row[:4]): row[4:] for row in query_duckdb.run("accuracy.sql", work).fetchall()}
    agree("DuckDB", expected, found)
    errors = sum(round(clips * (1 - accuracy)) for clips, accuracy in expected.values())
    confused = query_duckdb.run("confused.sql", work).fetchall()
    assert 0 < sum(row[3] for row in confused) <= errors, (confused, errors)
    by_genre = query_duckdb.run("mean_feature.sql", work).fetchall()

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    found = {tuple(row)[:4]: tuple(row)[4:] for row in query_spark.accuracy(session, work).collect()}
    agree("PySpark", expected, found)
    means = [tuple(row) for row in query_spark.mean_feature(session, work).collect()]
    session.stop()
    assert [row[:2] for row in means] == [row[:2] for row in by_genre], (means, by_genre)
    assert all(abs(a[2] - b[2]) < 1e-4 for a, b in zip(means, by_genre)), (means, by_genre)
    print(f"  both give one mean feature a genre, of {len(means)} genres")


def agree(name, expected, found):
    assert expected.keys() == found.keys(), f"{name}: {found} in place of {expected}"
    for key, (clips, accuracy) in expected.items():
        assert found[key][0] == clips and abs(found[key][1] - accuracy) < 1e-9, f"{name}: {key}: {found[key]} in place of {clips, accuracy}"
    print(f"  {name}: {len(found)} accuracies, those of `segno answers`")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segno", default=HERE.parent / "target/release/segno", type=Path, help="the program, built in release mode")
    segno = parser.parse_args().segno.absolute()
    if not segno.is_file():
        sys.exit(f"{segno}: no program there: cargo build --release --package segno-cli")
    if not shutil.which("java"):
        sys.exit("no java: Spark needs one; Debian has it in default-jre-headless")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "audio"
        run(segno, "corpus", "synth", root, "--tracks-per-genre", "24", "--seconds", "5")
        print("extraction on Spark, with a worker that is killed")
        extraction(folder, segno, root)
        print("queries over shards and predictions")
        queries(folder / "local", segno)


if __name__ == "__main__":
    main()
