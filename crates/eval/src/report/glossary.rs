//! What the words and signs of a report mean.

/// Term and meaning, in every form of the report.
pub(super) const TERMS: [(&str, &str); 10] = [
    (
        "clip by clip",
        "every clip (slice) of the test part is one item, as in the paper; clips of one track are not independent of each other",
    ),
    (
        "track by track",
        "a track (a song) is one item, and its answer the class of the highest mean probability over those of its clips that are in the test part",
    ),
    (
        "leak",
        "100 × (published − track), in points, seed by seed: what the published figure owes to clips whose track was trained on; \
         by artist, 100 × (published − artist-once), likewise",
    ),
    ("train", "the same number for the clips of the training part, without dropout; beside it the paper's, where it states one"),
    ("mean ± sd", "mean and sample standard deviation over seeds; a seed draws the split, the initial weights and the order of training"),
    (
        "[low, high]",
        "95 % interval of the mean over seeds, by Student's t; not cut at 0 or 1, and wide with few seeds. It tells how far the figure \
         moves when split and training are drawn again from these tracks, not how it would move on other music",
    ),
    (
        "precision, recall",
        "of the clips answered with a class, the share that is of it; of the clips of a class, the share answered with it",
    ),
    ("F1, macro F1", "2·tp / (2·tp + fp + fn) of a class; its mean over the classes that are present or answered"),
    ("balanced accuracy", "mean recall over the classes that the test part holds"),
    ("–", "undefined or not run; the reason stands beside the table"),
];
