//! The ten genres: what each has as its habit in rhythm, harmony and texture.
//!
//! The names are forms and gestures, not GTZAN's labels, so that no table of synthetic results reads like a real one.
//! A track takes each of the three habits from its own genre or, now and then, from another ([`BORROW_CHANCE`]).

mod table;

pub(crate) use table::GENRES;

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
