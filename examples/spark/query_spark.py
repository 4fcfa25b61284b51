"""Accuracy of every run, and the mean feature of each genre, with PySpark: python query_spark.py WORK"""

import sys
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def accuracy(session, work):
    """Accuracy of every run, from the predictions alone: row, protocol, seed, task, clips, accuracy."""
    path = F.input_file_name()
    run = lambda group: F.regexp_extract(path, r"([^/]+)/([a-z-]+)-([0-9]+)(\.fold-[0-9of]+)?\.parquet$", group)
    files = [str(file) for file in sorted(Path(work).glob("predictions/*/*-*[0-9].parquet"))]
    predictions = session.read.parquet(*files)
    named = predictions.select(
        run(1).alias("row"), run(2).alias("protocol"), run(3).cast("int").alias("seed"), "task",
        (F.col("predicted_label") == F.col("true_label")).cast("int").alias("right"),
    )
    groups = named.groupBy("row", "protocol", "seed", "task")
    return groups.agg(F.count("*").alias("clips"), F.avg("right").alias("accuracy")).orderBy("row", "protocol", "seed", "task")


def mean_feature(session, work):
    """The mean feature of each genre's clips: genre, clips, mean_feature."""
    files = [str(file) for file in sorted(Path(work).glob("features/*/part-*.parquet"))]
    shards = session.read.parquet(*files).select("track_id", "features")
    tracks = session.read.parquet(str(Path(work) / "tracks.parquet")).select("track_id", F.col("label:genre").alias("genre"))
    total = F.aggregate("features", F.lit(0.0).cast("double"), lambda sum, value: sum + value)
    means = shards.join(tracks, "track_id").select("genre", (total / F.size("features")).alias("mean"))
    return means.groupBy("genre").agg(F.count("*").alias("clips"), F.avg("mean").alias("mean_feature")).orderBy("genre")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    session = SparkSession.builder.master("local[*]").appName("segno query").getOrCreate()
    accuracy(session, sys.argv[1]).show(100, truncate=False)
    mean_feature(session, sys.argv[1]).show(100, truncate=False)
    session.stop()
