"""Extracts features on a Spark cluster: each task is one share of the parts, done by `segno extract --part i/n`.

python extract.py --master spark://HOST:7077 --parts 64 --root AUDIO --work WORK --experiment FILE

Spark hands out the shares and repeats those that a lost executor leaves; the program does the work, and what it has
written is whole or not there. Every executor has to see AUDIO, WORK and FILE under the same paths, and the program too.
"""

import argparse
import os
import socket
import subprocess
import sys

from pyspark import TaskContext
from pyspark.sql import SparkSession


def share(command, part, parts, threads):
    """One share on this executor: its host and which attempt it was, from 0. Any failure is raised, for Spark to repeat."""
    host = socket.gethostname()
    words = [*command, "--part", f"{part}/{parts}"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "RAYON_NUM_THREADS": str(threads)})
    except OSError as error:
        raise RuntimeError(f"{words[0]} cannot be started on {host}: {error}: give --segno a path that is there on every executor") from None
    if done.returncode != 0:
        raise RuntimeError(f"share {part}/{parts} on {host} ended with {done.returncode}: {done.stderr.strip()}")
    return host, TaskContext.get().attemptNumber()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--master", required=True, help="spark://HOST:PORT, yarn, k8s://…; local[2] for a try")
    parser.add_argument("--segno", default="segno", help="the program, as every executor finds it")
    parser.add_argument("--parts", type=int, required=True, help="shares, and so tasks; a few for each core")
    parser.add_argument("--threads", type=int, default=1, help="threads of a share; as many as spark.task.cpus")
    parser.add_argument("--root", required=True, help="folder of the audio")
    parser.add_argument("--work", required=True, help="work folder, with tracks.parquet in it")
    parser.add_argument("--experiment", required=True, help="experiment file")
    parser.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE", help="a setting of Spark's (can be repeated)")
    args = parser.parse_args()
    if args.parts < 1:
        parser.error(f"--parts is {args.parts}, expected at least 1")
    return args


def main():
    args = arguments()
    builder = SparkSession.builder.master(args.master).appName("segno extract")
    # Twice the same share at once is work for nothing.
    builder = builder.config("spark.speculation", "false").config("spark.task.cpus", args.threads)
    for setting in args.conf:
        key, _, value = setting.partition("=")
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    place = ["--root", args.root, "--work", args.work, "--experiment", args.experiment]
    command = [args.segno, "extract", *place]
    parts, threads = args.parts, args.threads
    shares = session.sparkContext.parallelize(range(1, parts + 1), parts)
    try:
        done = shares.map(lambda part: share(command, part, parts, threads)).collect()
    finally:
        session.stop()
    hosts = sorted({host for host, _ in done})
    repeated = sum(attempt > 0 for _, attempt in done)
    print(f"{parts} shares done on {', '.join(hosts)}, {repeated} of them repeated", file=sys.stderr)
    # The last word: opens every part, writes what is missing, tells what could not be decoded.
    sys.exit(subprocess.run(command).returncode)


if __name__ == "__main__":
    main()
