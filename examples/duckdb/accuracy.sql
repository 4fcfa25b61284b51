-- Accuracy of every run, from the predictions alone. The row is the folder's name, protocol and seed the file's; folds are pooled.
SELECT
    split_part(filename, '/', -2) AS row,
    regexp_extract(filename, '/([a-z-]+)-([0-9]+)(\.fold-[0-9of]+)?\.parquet$', 1) AS protocol,
    regexp_extract(filename, '/([a-z-]+)-([0-9]+)(\.fold-[0-9of]+)?\.parquet$', 2)::INTEGER AS seed,
    task,
    count(*) AS clips,
    avg((predicted_label = true_label)::INTEGER) AS accuracy
FROM read_parquet($predictions, filename = true)
GROUP BY ALL
ORDER BY ALL;
