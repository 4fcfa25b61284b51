"""Draws splits as src/split/shuffle.rs documents it, from nothing but Python's standard library (ChaCha8 after RFC 8439
with 8 rounds, a 64-bit counter and stream 0). Run: python3 draw.py > draw.txt (Python 3.8 or later; any gives the same).
"""

import hashlib
import struct

GENRES = "blues classical country disco hiphop jazz metal pop reggae rock".split()


def key(*fields):
    sha = hashlib.sha256()
    for field in fields:
        sha.update(struct.pack("<Q", len(field.encode())) + field.encode())
    return sha.digest()


def words(key):
    rotate = lambda x, n: ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF
    counter = 0
    while True:
        start = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key))
        start += [counter & 0xFFFFFFFF, counter >> 32, 0, 0]
        s = start[:]

        def quarter(a, b, c, d):
            for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[x] = (s[x] + s[y]) & 0xFFFFFFFF
                s[z] = rotate(s[z] ^ s[x], n)

        for _ in range(4):
            for i in range(4):
                quarter(i, i + 4, i + 8, i + 12)
            for i in range(4):
                quarter(i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12)
        yield from ((a + b) & 0xFFFFFFFF for a, b in zip(s, start))
        counter += 1


def shuffled(items, protocol, stratum, *fields):
    stream = words(key("segno split", "1", protocol, "toy", stratum, *map(str, fields)))
    items = list(items)
    for i in range(len(items) - 1, 0, -1):
        u = next(stream) | next(stream) << 32
        j = u * (i + 1) >> 64
        items[i], items[j] = items[j], items[i]
    return items


# Ten genres of ten tracks of six clips: 70/10/20 without a remainder.
for seed in (1, 2):
    for genre in GENRES:
        tracks = shuffled([f"{genre}.{n:05}" for n in range(10)], "track", genre, seed)
        for part, names in ("train", tracks[:7]), ("valid", tracks[7:8]), ("test", tracks[8:]):
            for name in names:
                print("track", seed, name, part)
    clips = sorted(f"toy:{genre}.{n:05}#{i}" for genre in GENRES for n in range(10) for i in range(6))
    clips = shuffled(clips, "published", "", seed)
    for part, names in ("valid", clips[420:480]), ("test", clips[480:]):
        for name in names:
            print("published", seed, name, part)

# The same, with artists of two, two, two, three and one tracks a genre: test is filled first, then valid, then train; what
# is left or lacking goes on to the next genre.
for seed in (1, 2):
    room = {"train": 0, "valid": 0, "test": 0}
    for genre in GENRES:
        names = [f"{genre}.{n:05}" for n in range(10)]
        groups = shuffled([names[0:2], names[2:4], names[4:6], names[6:9], names[9:]], "artist-once", genre, seed)
        for part, share in ("train", 7), ("valid", 1), ("test", 2):
            room[part] += share
        for group in groups:
            fits = [part for part in ("test", "valid", "train") if room[part] >= len(group)]
            part = fits[0] if fits else max(("train", "valid", "test"), key=lambda part: room[part])
            room[part] -= len(group)
            for name in group:
                print("artist-once", seed, name, part)

# Three folds of the same groups: shuffled, then from the largest to the smallest, each to the fold where the sum of c^2/T
# grows least; what is not tested is shared out in the same way between train and valid, 7 to 1, with each genre's largest
# group in train.
def share_out(groups, shares, first_keeps):
    totals = {}
    for group in groups:
        for key in (group[0][:-6], ""):
            totals[key] = totals.get(key, 0) + len(group)
    bins = [dict.fromkeys(totals, 0) for _ in shares]
    bin_of = {}
    for group in sorted(groups, key=len, reverse=True):
        n, genre = len(group), group[0][:-6]
        cost = lambda b: sum(n * (2 * bins[b][key] + n) / totals[key] for key in (genre, "")) / shares[b]
        best = 0 if first_keeps and bins[0][genre] == 0 else min(range(len(shares)), key=cost)
        bin_of[tuple(group)] = best
        for key in (genre, ""):
            bins[best][key] += n
    return [bin_of[tuple(group)] for group in groups]


for seed in (1, 2):
    groups = [[f"{genre}.{n:05}" for n in span] for genre in GENRES for span in ([0, 1], [2, 3], [4, 5], [6, 7, 8], [9])]
    groups = shuffled(groups, "artist", "", seed)
    fold_of = share_out(groups, [1.0, 1.0, 1.0], False)
    for fold in range(3):
        name = f"fold-{fold + 1}of3"
        rest = shuffled([group for group, of in zip(groups, fold_of) if of != fold], "artist", "", seed, name)
        sides = [(group, "test") for group, of in zip(groups, fold_of) if of == fold]
        sides += zip(rest, (("train", "valid")[b] for b in share_out(rest, [0.7 / (0.7 + 0.1), 0.1 / (0.7 + 0.1)], True)))
        for group, part in sides:
            for track in group:
                print("artist", seed, name, track, part)
