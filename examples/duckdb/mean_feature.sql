-- The mean feature of each genre's clips, straight from the shards: joined with the manifest by track.
SELECT
    tracks."label:genre" AS genre,
    count(*) AS clips,
    avg(list_avg(shards.features::FLOAT[])) AS mean_feature
FROM read_parquet($shards) AS shards
JOIN read_parquet($tracks) AS tracks USING (track_id)
GROUP BY ALL
ORDER BY ALL;
