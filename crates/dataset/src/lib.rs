//! What a track and a clip are: corpora, splits, feature shards and predictions as Parquet.
