//! What one recording is: the habits it took from its genre, and all that is its own.

use crate::artist::{Artist, Peak};
use crate::dice::Dice;
use crate::genre::{BORROW_CHANCE, GENRES, Harmony, Rhythm, Texture};
use crate::math::exp2;

/// A recording's own equaliser and steady tones: the knobs of how well its clips are known again.
const N_PEAKS: usize = 8;
const PEAK_SD_DB: f64 = 5.0;
const N_TONES: usize = 14;
/// Standard deviation of each part's level around its genre's habit.
const PART_SD_DB: f64 = 2.0;

/// The mood a track is labelled with: it follows from mode and motion, in any genre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mood {
    /// Major and lively.
    Happy,
    /// Major and slow.
    Calm,
    /// Minor and lively.
    Energetic,
    /// Minor and slow.
    Sad,
}

impl Mood {
    /// The label in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Happy => "happy",
            Self::Calm => "calm",
            Self::Energetic => "energetic",
            Self::Sad => "sad",
        }
    }
}

/// A steady tone under the music: hum, whistles, whatever the recording chain had.
pub(crate) struct Tone {
    pub(crate) frequency_hz: f64,
    /// Amplitude against music of root mean square one.
    pub(crate) level_db: f64,
}

impl Tone {
    fn draw(dice: &mut Dice) -> Self {
        Self { frequency_hz: 60.0 * exp2(dice.range(0.0, 5.0)), level_db: dice.range(-32.0, -20.0) }
    }
}

/// Everything that the sound of one recording follows from.
pub(crate) struct Recording {
    /// Names the streams of draws that are the recording's own.
    pub(crate) name: String,
    pub(crate) artist: Artist,
    pub(crate) rhythm: &'static Rhythm,
    pub(crate) harmony: &'static Harmony,
    pub(crate) texture: &'static Texture,
    pub(crate) is_major: bool,
    pub(crate) is_lively: bool,
    pub(crate) bpm: f64,
    /// Semitones from C, −6 to 5.
    pub(crate) key: i32,
    pub(crate) tuning_cents: f64,
    pub(crate) progression: [i32; 4],
    /// The recording's deviation from the genre's level: drums, bass, chords, lead.
    pub(crate) part_db: [f64; 4],
    pub(crate) equaliser: Vec<Peak>,
    /// Root mean square of the whole, against full scale.
    pub(crate) level_db: f64,
    /// Noise floor against the music, and how dark it is (0 white to 0.95).
    pub(crate) noise_db: f64,
    pub(crate) noise_darkness: f64,
    pub(crate) tones: Vec<Tone>,
    pub(crate) n_channels: usize,
}

impl Recording {
    /// Recording `index` of genre `genre`, by that genre's artist `artist`.
    pub(crate) fn draw(seed: u64, genre: usize, artist: usize, index: usize) -> Self {
        let name = format!("recording {} {index}", GENRES[genre].name);
        let mut dice = Dice::new(seed, &name);
        let mut habit = || if dice.chance(BORROW_CHANCE) { dice.below(GENRES.len()) } else { genre };
        let (rhythm, harmony, texture) = (&GENRES[habit()].rhythm, &GENRES[habit()].harmony, &GENRES[habit()].texture);
        let is_major = dice.chance(harmony.major_share);
        let is_lively = dice.chance(0.5);
        // The lively and the slow overlap in the middle of the genre's range.
        let place = if is_lively { dice.range(0.45, 1.0) } else { dice.range(0.0, 0.55) };
        Self {
            artist: Artist::draw(seed, genre, artist),
            rhythm,
            harmony,
            texture,
            is_major,
            is_lively,
            bpm: rhythm.bpm.0 + place * (rhythm.bpm.1 - rhythm.bpm.0),
            key: dice.below(12) as i32 - 6,
            tuning_cents: dice.bell(14.0),
            progression: *dice.pick(&harmony.progressions),
            part_db: std::array::from_fn(|_| dice.bell(PART_SD_DB)),
            equaliser: (0..N_PEAKS).map(|_| Peak::draw(&mut dice, 2.5, PEAK_SD_DB)).collect(),
            level_db: dice.range(-26.0, -14.0),
            noise_db: dice.range(-40.0, -20.0),
            noise_darkness: dice.range(0.0, 0.95),
            tones: (0..N_TONES).map(|_| Tone::draw(&mut dice)).collect(),
            n_channels: if dice.chance(0.3) { 2 } else { 1 },
            name,
        }
    }

    pub(crate) fn mood(&self) -> Mood {
        match (self.is_major, self.is_lively) {
            (true, true) => Mood::Happy,
            (true, false) => Mood::Calm,
            (false, true) => Mood::Energetic,
            (false, false) => Mood::Sad,
        }
    }

    /// The MIDI note of scale step `step`, seven steps an octave, above the tonic at MIDI note `tonic`.
    pub(crate) fn midi_of_step(&self, tonic: f64, step: i32) -> f64 {
        let scale = if self.is_major { &self.harmony.major } else { &self.harmony.minor };
        let semitones = scale[step.rem_euclid(7) as usize] + 12 * step.div_euclid(7);
        let cents = self.tuning_cents + self.artist.tuning_cents;
        tonic + f64::from(self.key + semitones) + cents / 100.0
    }
}
