"""Writes stats.json beside this file: McNemar's test of scipy, and bootstraps over tracks of numpy.

Run: python make_stats.py   (numpy, scipy)

A bootstrap's interval is drawn 20 times here, of 20 000 resamples each; the golden ends are the means of these, and the
spread of the 20 says how far an interval of 20 000 resamples may lie from them by chance.
"""

import json
import pathlib

import numpy as np
import scipy
import scipy.stats

HERE = pathlib.Path(__file__).parent
RESAMPLES, REPEATS = 20_000, 20


def ends(rng, tracks, statistic):
    """Means and standard deviations of the two ends, over the repeats. `statistic` is handed counts [resamples, tracks]."""
    found = []
    for _ in range(REPEATS):
        drawn = rng.multinomial(tracks, np.full(tracks, 1 / tracks), size=RESAMPLES)
        found.append(np.quantile(statistic(drawn), [0.025, 0.975]))
    found = np.array(found)
    return {"ends": found.mean(axis=0).tolist(), "sd": found.std(axis=0, ddof=1).tolist()}


def sums(seed, right):
    """Clips and clips answered rightly, a track each."""
    n, hits = np.zeros(TRACKS), np.zeros(TRACKS)
    for (track, _), hit in zip(seed, right):
        n[track] += 1
        hits[track] += hit
    return n, hits


TRACKS = 36


def paired():
    """Two models, two seeds that test overlapping thirds of the tracks; the clips of a track are hard or easy together."""
    rng = np.random.default_rng(11)
    hard = rng.normal(size=TRACKS)
    seeds = []
    for tested in [range(0, 24), range(12, 36)]:
        clips = [(t, c) for t in tested for c in range(3 + t % 4)]
        a, b = ([int(hard[t] + rng.normal() * 0.6 < level) for t, _ in clips] for level in (0.6, 0.1))
        seeds.append({"clips": clips, "a": a, "b": b})
    n, a, b = (np.array(x) for x in zip(*[(sums(s["clips"], s["a"])[0], sums(s["clips"], s["a"])[1], sums(s["clips"], s["b"])[1]) for s in seeds]))

    def accuracy(hits):
        return lambda drawn: np.mean([(drawn @ hits[s]) / (drawn @ n[s]) for s in range(len(seeds))], axis=0)

    both = np.mean(a.sum(axis=1) / n.sum(axis=1)), np.mean(b.sum(axis=1) / n.sum(axis=1))
    return {
        "seeds": seeds,
        "accuracy_a": both[0],
        "accuracy_b": both[1],
        "difference": 100 * (both[0] - both[1]),
        "interval": ends(np.random.default_rng(12), TRACKS, lambda drawn: 100 * (accuracy(a)(drawn) - accuracy(b)(drawn))),
        "accuracy_interval": ends(np.random.default_rng(13), TRACKS, accuracy(a)),
    }


def main():
    pairs = [(0, 1), (1, 0), (5, 0), (1, 4), (3, 3), (7, 19), (12, 31), (60, 41), (150, 205), (300, 420), (2, 1500), (4000, 4100)]
    mcnemar = [{"only_a": a, "only_b": b, "p": float(scipy.stats.binomtest(a, a + b, 0.5).pvalue)} for a, b in pairs]
    golden = {"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "mcnemar": mcnemar, "paired": paired()}
    (HERE / "stats.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
