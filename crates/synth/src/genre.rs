//! The ten genres: what each has as its habit in rhythm, harmony and texture.
//!
//! The names are forms and gestures, not GTZAN's labels, so that no table of synthetic results reads like a real one.
//! A track takes each of the three habits from its own genre or, now and then, from another ([`BORROW_CHANCE`]).

/// The chance that a track takes one of its three habits from another genre: the knob of how far genres overlap.
pub(crate) const BORROW_CHANCE: f64 = 0.12;

/// How one bar moves. Patterns have one character a sixteenth: `x` a hit, `o` a soft hit, `.` none.
pub(crate) struct Rhythm {
    pub(crate) bpm: (f64, f64),
    pub(crate) beats_per_bar: usize,
    /// How late the second of two eighths comes, as a share of an eighth.
    pub(crate) swing: f64,
    pub(crate) kick: &'static str,
    pub(crate) snare: &'static str,
    pub(crate) hat: &'static str,
    /// Drums against the pitched parts.
    pub(crate) drums_db: f64,
}

/// What chords there are and how they follow each other.
pub(crate) struct Harmony {
    /// Semitones of the seven steps of the scale, for major and for minor tracks.
    pub(crate) major: [i32; 7],
    pub(crate) minor: [i32; 7],
    /// Scale steps of the roots, of which a track chooses one row.
    pub(crate) progressions: [[i32; 4]; 3],
    /// Scale steps of a chord above its root.
    pub(crate) chord: &'static [i32],
    pub(crate) bars_per_chord: usize,
    /// The chords' register as a MIDI note.
    pub(crate) register: f64,
    /// The share of tracks in major.
    pub(crate) major_share: f64,
}

/// How the chords are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChordStyle {
    Sustained,
    OnBeats,
    OffBeats,
    Arpeggio,
    Gallop,
}

/// What the bass does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BassLine {
    Held,
    OnOne,
    RootAndFifth,
    Walking,
    Eighths,
}

/// One instrument: the spectrum and the shape in time of its notes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patch {
    /// From 0 (harmonics fall as 1/h²) to 1 (as 1/h).
    pub(crate) brightness: f64,
    /// From 0 (all harmonics) to 1 (odd ones alone).
    pub(crate) hollow: f64,
    pub(crate) attack_s: f64,
    pub(crate) half_life_s: f64,
    /// Depth of a tremolo at `tremolo_per_beat`, 0 to 1.
    pub(crate) tremolo: f64,
    pub(crate) tremolo_per_beat: f64,
}

/// Who plays: the three instruments, what they play, and how loud.
pub(crate) struct Texture {
    pub(crate) chord_style: ChordStyle,
    pub(crate) bass_line: BassLine,
    pub(crate) chords: Patch,
    pub(crate) bass: Patch,
    pub(crate) lead: Patch,
    pub(crate) chords_db: f64,
    pub(crate) bass_db: f64,
    pub(crate) lead_db: f64,
    /// The resonances of its instruments' bodies: frequency and gain.
    pub(crate) body: [(f64, f64); 2],
    /// The chance of a lead note on each eighth.
    pub(crate) lead_density: f64,
}

/// One genre.
pub(crate) struct Genre {
    pub(crate) name: &'static str,
    pub(crate) rhythm: Rhythm,
    pub(crate) harmony: Harmony,
    pub(crate) texture: Texture,
}

const IONIAN: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];
const LYDIAN: [i32; 7] = [0, 2, 4, 6, 7, 9, 11];
const MIXOLYDIAN: [i32; 7] = [0, 2, 4, 5, 7, 9, 10];
const AEOLIAN: [i32; 7] = [0, 2, 3, 5, 7, 8, 10];
const DORIAN: [i32; 7] = [0, 2, 3, 5, 7, 9, 10];
const PHRYGIAN: [i32; 7] = [0, 1, 3, 5, 7, 8, 10];
const HARMONIC: [i32; 7] = [0, 2, 3, 5, 7, 8, 11];

const TRIAD: &[i32] = &[0, 2, 4];
const SEVENTH: &[i32] = &[0, 2, 4, 6];
const POWER: &[i32] = &[0, 4, 7];
const OPEN: &[i32] = &[0, 4, 8];

/// A patch without tremolo.
const fn patch(brightness: f64, hollow: f64, attack_s: f64, half_life_s: f64) -> Patch {
    Patch { brightness, hollow, attack_s, half_life_s, tremolo: 0.0, tremolo_per_beat: 1.0 }
}

/// The same patch with a tremolo.
const fn trembling(patch: Patch, tremolo: f64, tremolo_per_beat: f64) -> Patch {
    Patch { tremolo, tremolo_per_beat, ..patch }
}

/// All genres, in alphabetical order.
pub(crate) static GENRES: [Genre; 10] = [
    Genre {
        name: "chorale",
        rhythm: Rhythm {
            bpm: (60.0, 88.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "................",
            snare: "................",
            hat: "o...............",
            drums_db: -24.0,
        },
        harmony: Harmony {
            major: IONIAN,
            minor: HARMONIC,
            progressions: [[0, 3, 4, 0], [0, 5, 3, 4], [0, 4, 5, 3]],
            chord: TRIAD,
            bars_per_chord: 1,
            register: 60.0,
            major_share: 0.6,
        },
        texture: Texture {
            chord_style: ChordStyle::Sustained,
            bass_line: BassLine::Held,
            chords: patch(0.15, 0.1, 0.12, 3.0),
            bass: patch(0.10, 0.1, 0.10, 3.0),
            lead: patch(0.20, 0.1, 0.08, 2.0),
            chords_db: 0.0,
            bass_db: -4.0,
            lead_db: -6.0,
            body: [(480.0, 6.0), (1500.0, -8.0)],
            lead_density: 0.25,
        },
    },
    Genre {
        name: "drone",
        rhythm: Rhythm {
            bpm: (52.0, 80.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "o...............",
            snare: "................",
            hat: "........o.......",
            drums_db: -16.0,
        },
        harmony: Harmony {
            major: MIXOLYDIAN,
            minor: PHRYGIAN,
            progressions: [[0, 0, 0, 6], [0, 0, 1, 0], [0, 0, 3, 0]],
            chord: OPEN,
            bars_per_chord: 2,
            register: 48.0,
            major_share: 0.4,
        },
        texture: Texture {
            chord_style: ChordStyle::Sustained,
            bass_line: BassLine::Held,
            chords: trembling(patch(0.45, 0.6, 0.60, 6.0), 0.3, 0.5),
            bass: patch(0.40, 0.5, 0.50, 6.0),
            lead: patch(0.25, 0.7, 0.20, 3.0),
            chords_db: -2.0,
            bass_db: 0.0,
            lead_db: -12.0,
            body: [(180.0, 7.0), (900.0, 4.0)],
            lead_density: 0.12,
        },
    },
    Genre {
        name: "gallop",
        rhythm: Rhythm {
            bpm: (148.0, 192.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "x.xxx.xxx.xxx.xx",
            snare: "....x.......x...",
            hat: "x...x...x...x...",
            drums_db: -1.0,
        },
        harmony: Harmony {
            major: MIXOLYDIAN,
            minor: PHRYGIAN,
            progressions: [[0, 0, 5, 6], [0, 1, 0, 6], [0, 2, 5, 6]],
            chord: POWER,
            bars_per_chord: 1,
            register: 45.0,
            major_share: 0.35,
        },
        texture: Texture {
            chord_style: ChordStyle::Gallop,
            bass_line: BassLine::Eighths,
            chords: patch(0.95, 0.2, 0.004, 0.30),
            bass: patch(0.70, 0.2, 0.004, 0.25),
            lead: patch(0.90, 0.3, 0.01, 0.60),
            chords_db: 0.0,
            bass_db: -3.0,
            lead_db: -7.0,
            body: [(1100.0, 8.0), (240.0, -5.0)],
            lead_density: 0.45,
        },
    },
    Genre {
        name: "march",
        rhythm: Rhythm {
            bpm: (98.0, 126.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "x.......x.......",
            snare: "x.oox.oox.oox.xx",
            hat: "....x.......x...",
            drums_db: -2.0,
        },
        harmony: Harmony {
            major: IONIAN,
            minor: HARMONIC,
            progressions: [[0, 0, 4, 0], [0, 3, 4, 0], [0, 4, 0, 4]],
            chord: TRIAD,
            bars_per_chord: 1,
            register: 57.0,
            major_share: 0.6,
        },
        texture: Texture {
            chord_style: ChordStyle::OnBeats,
            bass_line: BassLine::RootAndFifth,
            chords: patch(0.60, 0.0, 0.03, 0.25),
            bass: patch(0.45, 0.0, 0.03, 0.25),
            lead: patch(0.75, 0.0, 0.03, 0.50),
            chords_db: -4.0,
            bass_db: -2.0,
            lead_db: -2.0,
            body: [(650.0, 6.0), (1300.0, 5.0)],
            lead_density: 0.55,
        },
    },
    Genre {
        name: "ostinato",
        rhythm: Rhythm {
            bpm: (94.0, 130.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "o.......o.......",
            snare: "................",
            hat: "o.o.o.o.o.o.o.o.",
            drums_db: -14.0,
        },
        harmony: Harmony {
            major: LYDIAN,
            minor: DORIAN,
            progressions: [[0, 1, 0, 1], [0, 4, 1, 5], [0, 2, 1, 2]],
            chord: SEVENTH,
            bars_per_chord: 2,
            register: 64.0,
            major_share: 0.55,
        },
        texture: Texture {
            chord_style: ChordStyle::Arpeggio,
            bass_line: BassLine::OnOne,
            chords: patch(0.35, 0.4, 0.003, 0.18),
            bass: patch(0.20, 0.2, 0.01, 0.80),
            lead: patch(0.30, 0.5, 0.005, 0.35),
            chords_db: 0.0,
            bass_db: -6.0,
            lead_db: -8.0,
            body: [(850.0, 5.0), (150.0, -7.0)],
            lead_density: 0.20,
        },
    },
    Genre {
        name: "pulse",
        rhythm: Rhythm {
            bpm: (116.0, 134.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "x...x...x...x...",
            snare: "....x.......x...",
            hat: "..x...x...x...x.",
            drums_db: 1.0,
        },
        harmony: Harmony {
            major: IONIAN,
            minor: AEOLIAN,
            progressions: [[0, 5, 2, 6], [0, 3, 5, 4], [5, 3, 0, 4]],
            chord: SEVENTH,
            bars_per_chord: 1,
            register: 57.0,
            major_share: 0.5,
        },
        texture: Texture {
            chord_style: ChordStyle::OffBeats,
            bass_line: BassLine::Eighths,
            chords: patch(0.70, 0.1, 0.01, 0.15),
            bass: patch(0.55, 0.0, 0.005, 0.20),
            lead: patch(0.60, 0.5, 0.01, 0.30),
            chords_db: -4.0,
            bass_db: 0.0,
            lead_db: -8.0,
            body: [(100.0, 6.0), (1700.0, 6.0)],
            lead_density: 0.30,
        },
    },
    Genre {
        name: "shuffle",
        rhythm: Rhythm {
            bpm: (82.0, 124.0),
            beats_per_bar: 4,
            swing: 0.33,
            kick: "x.......x.....o.",
            snare: "....x.......x...",
            hat: "x.x.x.x.x.x.x.x.",
            drums_db: -5.0,
        },
        harmony: Harmony {
            major: MIXOLYDIAN,
            minor: DORIAN,
            progressions: [[0, 0, 3, 4], [0, 3, 0, 4], [0, 3, 4, 3]],
            chord: SEVENTH,
            bars_per_chord: 1,
            register: 55.0,
            major_share: 0.55,
        },
        texture: Texture {
            chord_style: ChordStyle::OnBeats,
            bass_line: BassLine::Walking,
            chords: patch(0.30, 0.2, 0.006, 0.35),
            bass: patch(0.25, 0.1, 0.008, 0.40),
            lead: patch(0.55, 0.6, 0.02, 0.40),
            chords_db: -5.0,
            bass_db: -1.0,
            lead_db: -3.0,
            body: [(330.0, 6.0), (1000.0, -6.0)],
            lead_density: 0.45,
        },
    },
    Genre {
        name: "stomp",
        rhythm: Rhythm {
            bpm: (78.0, 112.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "x.....x.x.x.....",
            snare: "....x.......x...",
            hat: "x.x.x.x.x.x.x.x.",
            drums_db: 3.0,
        },
        harmony: Harmony {
            major: MIXOLYDIAN,
            minor: AEOLIAN,
            progressions: [[0, 6, 3, 0], [0, 3, 6, 3], [0, 0, 6, 3]],
            chord: POWER,
            bars_per_chord: 1,
            register: 50.0,
            major_share: 0.5,
        },
        texture: Texture {
            chord_style: ChordStyle::OnBeats,
            bass_line: BassLine::RootAndFifth,
            chords: patch(0.85, 0.1, 0.005, 0.50),
            bass: patch(0.50, 0.1, 0.005, 0.40),
            lead: patch(0.80, 0.1, 0.01, 0.50),
            chords_db: -2.0,
            bass_db: -1.0,
            lead_db: -6.0,
            body: [(250.0, 6.0), (1500.0, 6.0)],
            lead_density: 0.35,
        },
    },
    Genre {
        name: "waltz",
        rhythm: Rhythm {
            bpm: (132.0, 180.0),
            beats_per_bar: 3,
            swing: 0.0,
            kick: "o...........",
            snare: "....o...o...",
            hat: "............",
            drums_db: -12.0,
        },
        harmony: Harmony {
            major: IONIAN,
            minor: HARMONIC,
            progressions: [[0, 0, 4, 0], [0, 5, 1, 4], [0, 3, 4, 0]],
            chord: TRIAD,
            bars_per_chord: 2,
            register: 62.0,
            major_share: 0.6,
        },
        texture: Texture {
            chord_style: ChordStyle::OffBeats,
            bass_line: BassLine::OnOne,
            chords: patch(0.25, 0.0, 0.02, 0.30),
            bass: patch(0.20, 0.0, 0.02, 0.50),
            lead: trembling(patch(0.65, 0.0, 0.05, 1.20), 0.25, 3.0),
            chords_db: -3.0,
            bass_db: -2.0,
            lead_db: -1.0,
            body: [(700.0, 7.0), (200.0, -4.0)],
            lead_density: 0.50,
        },
    },
    Genre {
        name: "wobble",
        rhythm: Rhythm {
            bpm: (128.0, 150.0),
            beats_per_bar: 4,
            swing: 0.0,
            kick: "x.........x.....",
            snare: "........x.......",
            hat: "x.o.x.oox.o.x.oo",
            drums_db: 1.0,
        },
        harmony: Harmony {
            major: LYDIAN,
            minor: PHRYGIAN,
            progressions: [[0, 0, 1, 0], [0, 0, 5, 6], [0, 5, 0, 1]],
            chord: OPEN,
            bars_per_chord: 2,
            register: 52.0,
            major_share: 0.4,
        },
        texture: Texture {
            chord_style: ChordStyle::Sustained,
            bass_line: BassLine::Held,
            chords: patch(0.35, 0.3, 0.20, 1.50),
            bass: trembling(patch(0.95, 0.5, 0.01, 4.00), 0.9, 2.0),
            lead: patch(0.50, 0.8, 0.01, 0.25),
            chords_db: -8.0,
            bass_db: 3.0,
            lead_db: -9.0,
            body: [(130.0, 6.0), (500.0, -7.0)],
            lead_density: 0.20,
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        for genre in &GENRES {
            let Rhythm { bpm, beats_per_bar, kick, snare, hat, .. } = &genre.rhythm;
            assert!(bpm.0 < bpm.1, "{}", genre.name);
            for pattern in [kick, snare, hat] {
                assert_eq!(pattern.len(), beats_per_bar * 4, "{}: {pattern}", genre.name);
                assert!(pattern.bytes().all(|step| b"xo.".contains(&step)), "{}: {pattern}", genre.name);
            }
            for scale in [genre.harmony.major, genre.harmony.minor] {
                assert!(scale.is_sorted() && scale[0] == 0 && scale[6] < 12, "{}", genre.name);
            }
        }
        assert!(GENRES.windows(2).all(|pair| pair[0].name < pair[1].name), "alphabetical, no name twice");
    }
}
