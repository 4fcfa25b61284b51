-- Which label is taken for which, most often first, over all runs.
SELECT task, true_label, predicted_label, count(*) AS clips
FROM read_parquet($predictions)
WHERE true_label <> predicted_label
GROUP BY ALL
ORDER BY clips DESC, task, true_label, predicted_label
LIMIT 10;
