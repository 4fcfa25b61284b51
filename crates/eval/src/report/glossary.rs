//! What the words and signs of a report mean.

/// Term and meaning, in every form of the report.
pub(super) const TERMS: [(&str, &str); 16] = [
    (
        "clip by clip",
        "every clip (slice) of the test part is one item, as in the paper; clips of one track are not independent of each other",
    ),
    (
        "track by track",
        "a track (a song) is one item, and its answer the class of the highest mean probability over those of its clips that are in the test part",
    ),
    (
        "majority vote",
        "a track is one item, and its answer the class that most of these clips are answered with; of several with as many votes, the one of \
         the highest mean probability among them",
    ),
    (
        "leak",
        "100 × (published − track), in points, seed by seed: what the published figure owes to clips whose track was trained on; \
         by artist, 100 × (published − artist-once), likewise",
    ),
    ("train", "the same number for the clips of the training part, without dropout; beside it the paper's, where it states one"),
    ("mean ± sd", "mean and sample standard deviation over seeds; a seed draws the split, the initial weights and the order of training"),
    (
        "[low, high] over seeds",
        "95 % interval of the mean over seeds, by Student's t; not cut at 0 or 1, and wide with few seeds. It tells how far the figure \
         moves when split and training are drawn again from these tracks, not how it would move on other music",
    ),
    (
        "[low, high] over tracks",
        "95 % percentile interval of the same mean by the bootstrap, clustered by track: tracks are drawn anew, thousands of times, each with all \
         its clips under all seeds that tested it, since clips of one track are not independent; it tells how far the figure would move \
         with other tracks of this kind, the models being as they are. In a mean over classes, one of which nothing was drawn takes no part. Of a leak, whose two protocols test other clips, a track is drawn \
         with what it has under both, so that what they share is paired",
    ),
    (
        "precision, recall",
        "of the clips answered with a class, the share that is of it; of the clips of a class, the share answered with it; the number of \
         these, its support, stands under clips",
    ),
    ("F1, macro F1", "2·tp / (2·tp + fp + fn) of a class; its mean over the classes that are present or answered"),
    ("balanced accuracy", "mean recall over the classes that the test part holds"),
    ("top-2 accuracy", "the share of clips whose true class is among the two most probable ones"),
    (
        "log loss",
        "the mean of −ln of the probability given to the true class, which is cut to [2⁻²³, 1 − 2⁻²³] first; lower is better, and always \
         naming each of ten classes with 0.1 costs 2.303",
    ),
    (
        "expected calibration error, reliability",
        "clips are put into 15 bins of equal width by their highest probability, (0, 1/15] up to (14/15, 1]; the error is the mean over \
         clips of the difference, in their bin, of accuracy and mean highest probability: 0 for a model that is right as often as it says",
    ),
    (
        "Brier score",
        "the mean over clips of the squared distance from the probabilities to 1 for the true class and 0 for the others, from 0 to 2",
    ),
    ("–", "undefined or not run; the reason stands beside the table"),
];
