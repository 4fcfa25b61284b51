"""How often the 95 % percentile interval of macro F1, over tracks drawn anew, holds the true value: ten classes.

Run: python coverage.py   (numpy)

A resample may hold no track of a class. Its F1 is then 0 where something was answered with it, or the class is left out
of the mean, as segno-eval does. Half of the tracks have 0.9 of their six clips answered rightly, half 0.4; every mistake
falls on any other class. Results stand in docs/decisions/0008-intervals-over-tracks.md.
"""

import numpy as np

CLASSES, CLIPS, SIMULATIONS, RESAMPLES = 10, 6, 600, 600


def draw(rng, tracks_a_class):
    """Clips of each class, clips answered with it, and both, a track a row."""
    truth = np.repeat(np.arange(CLASSES), tracks_a_class)
    tracks = len(truth)
    skill = np.where(rng.random(tracks) < 0.5, 0.9, 0.4)
    right = rng.random((tracks, CLIPS)) < skill[:, None]
    other = (truth[:, None] + rng.integers(1, CLASSES, (tracks, CLIPS))) % CLASSES
    answers = np.where(right, truth[:, None], other)
    answered = np.stack([np.bincount(row, minlength=CLASSES) for row in answers]).astype(float)
    support, hits = np.zeros((2, tracks, CLASSES))
    support[np.arange(tracks), truth] = CLIPS
    hits[np.arange(tracks), truth] = right.sum(axis=1)
    return support, answered, hits


def macro_f1(support, answered, hits, leave_out):
    with np.errstate(invalid="ignore"):
        f1 = 2 * hits / (support + answered)
    return np.nanmean(np.where(support > 0, f1, np.nan) if leave_out else f1, axis=-1)


def main():
    rng = np.random.default_rng(0)
    truth = macro_f1(*(sums.sum(axis=0) for sums in draw(rng, 20_000)), False)
    for tracks_a_class in (2, 10):
        covered = {False: 0, True: 0}
        for _ in range(SIMULATIONS):
            sums = draw(rng, tracks_a_class)
            tracks = len(sums[0])
            drawn = rng.multinomial(tracks, np.full(tracks, 1 / tracks), size=RESAMPLES)
            for leave_out in covered:
                low, high = np.quantile(macro_f1(*(drawn @ x for x in sums), leave_out), [0.025, 0.975])
                covered[leave_out] += low <= truth <= high
        as_zero, left_out = (covered[which] / SIMULATIONS for which in (False, True))
        print(f"{tracks_a_class} tracks a class, truth {truth:.3f}: counted as 0 {as_zero:.3f}, left out {left_out:.3f}")


if __name__ == "__main__":
    main()
