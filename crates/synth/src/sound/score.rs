//! The score: which notes and drum hits a recording consists of.

use crate::dice::Dice;
use crate::genre::{BassLine, ChordStyle};
use crate::recording::Recording;

/// The parts that play pitches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Bass,
    Chords,
    Lead,
}

/// One note of one part.
pub(crate) struct Note {
    pub(crate) part: Part,
    pub(crate) start_s: f64,
    pub(crate) length_s: f64,
    pub(crate) midi: f64,
    pub(crate) gain: f64,
}

/// The three drums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drum {
    Kick,
    Snare,
    Hat,
}

/// One stroke of one drum.
pub(crate) struct Hit {
    pub(crate) drum: Drum,
    pub(crate) start_s: f64,
    pub(crate) gain: f64,
}

/// All that is played, from before time 0 (an excerpt starts anywhere) to past the end.
pub(crate) struct Score {
    pub(crate) notes: Vec<Note>,
    pub(crate) hits: Vec<Hit>,
}

/// The eighths of the lead's motif, which returns every two bars.
const MOTIF_BARS: usize = 2;
/// Bars after which parts may fall silent or come back.
const SECTION_BARS: usize = 4;

/// Writes the score of `recording`.
pub(crate) fn compose(recording: &Recording, dice: &mut Dice, seconds: f64) -> Score {
    let mut composer = Composer::new(recording, dice);
    let bar_s = composer.step_s * composer.steps_per_bar as f64;
    let n_bars = ((seconds + composer.lead_in_s) / bar_s) as usize + 1;
    for bar in 0..n_bars {
        composer.bar(bar, bar as f64 * bar_s - composer.lead_in_s);
    }
    Score { notes: composer.notes, hits: composer.hits }
}

struct Composer<'a> {
    recording: &'a Recording,
    dice: &'a mut Dice,
    notes: Vec<Note>,
    hits: Vec<Hit>,
    /// Length of a sixteenth.
    step_s: f64,
    steps_per_bar: usize,
    /// How much of the music lies before the excerpt.
    lead_in_s: f64,
    motif: Vec<Option<i32>>,
    plays_drums: bool,
    plays_lead: bool,
}

impl<'a> Composer<'a> {
    fn new(recording: &'a Recording, dice: &'a mut Dice) -> Self {
        let step_s = 15.0 / recording.bpm;
        let steps_per_bar = recording.rhythm.beats_per_bar * 4;
        let lead_in_s = dice.range(0.0, 4.0) * step_s * steps_per_bar as f64;
        let density = recording.texture.lead_density * if recording.is_lively { 1.3 } else { 0.8 };
        let mut step = dice.below(5) as i32;
        let motif = (0..MOTIF_BARS * steps_per_bar / 2)
            .map(|_| {
                step = (step + dice.below(5) as i32 - 2).clamp(-3, 9);
                dice.chance(density).then_some(step)
            })
            .collect();
        Self {
            recording,
            dice,
            notes: Vec::new(),
            hits: Vec::new(),
            step_s,
            steps_per_bar,
            lead_in_s,
            motif,
            plays_drums: true,
            plays_lead: true,
        }
    }

    fn bar(&mut self, bar: usize, start_s: f64) {
        if bar.is_multiple_of(SECTION_BARS) {
            self.plays_drums = self.dice.chance(0.93);
            self.plays_lead = self.dice.chance(0.85);
        }
        let harmony = self.recording.harmony;
        let root = self.recording.progression[(bar / harmony.bars_per_chord) % 4];
        // Roots above the fourth step are taken below the tonic, so that chords stay in their register.
        let root = if root > 3 { root - 7 } else { root };
        let starts_chord = bar.is_multiple_of(harmony.bars_per_chord);
        if self.plays_drums {
            self.drums(start_s);
        }
        self.bass(start_s, root, starts_chord);
        self.chords(start_s, root, starts_chord);
        if self.plays_lead {
            self.lead(bar, start_s);
        }
    }

    /// The time of sixteenth `step`: odd eighths come late by the swing.
    fn time_of(&self, bar_start_s: f64, step: usize) -> f64 {
        let late = if (step / 2) % 2 == 1 { self.recording.rhythm.swing * 2.0 } else { 0.0 };
        bar_start_s + (step as f64 + late) * self.step_s
    }

    fn drums(&mut self, bar_start_s: f64) {
        let rhythm = self.recording.rhythm;
        for (drum, pattern) in [(Drum::Kick, rhythm.kick), (Drum::Snare, rhythm.snare), (Drum::Hat, rhythm.hat)] {
            for (step, mark) in pattern.bytes().enumerate() {
                let strength = match mark {
                    b'x' => 1.0,
                    b'o' => 0.45,
                    _ => continue,
                };
                let start_s = self.time_of(bar_start_s, step);
                let gain = strength * self.dice.range(0.8, 1.1);
                self.hits.push(Hit { drum, start_s, gain });
            }
        }
    }

    fn note(&mut self, part: Part, start_s: f64, steps: f64, midi: f64, gain: f64) {
        let gain = gain * self.dice.range(0.85, 1.1);
        self.notes.push(Note { part, start_s, length_s: steps * self.step_s, midi, gain });
    }

    fn bass(&mut self, bar_start_s: f64, root: i32, starts_chord: bool) {
        let bars = self.recording.harmony.bars_per_chord;
        let chord_steps = (self.steps_per_bar * bars) as f64;
        let fourths: &[i32] = &[0, 2, 4, 5];
        let plan: Vec<(usize, f64, i32)> = match self.recording.texture.bass_line {
            BassLine::Held if starts_chord => vec![(0, chord_steps, 0)],
            BassLine::Held => vec![],
            BassLine::OnOne => vec![(0, 4.0, 0)],
            BassLine::RootAndFifth => vec![(0, 3.0, 0), (self.steps_per_bar / 2, 3.0, -3)],
            BassLine::Walking => (0..self.steps_per_bar / 4).map(|beat| (beat * 4, 3.6, fourths[beat % 4])).collect(),
            BassLine::Eighths => (0..self.steps_per_bar / 2).map(|eighth| (eighth * 2, 1.6, 0)).collect(),
        };
        for (step, steps, interval) in plan {
            let midi = self.recording.midi_of_step(36.0, root + interval);
            let start_s = self.time_of(bar_start_s, step);
            self.note(Part::Bass, start_s, steps, midi, 1.0);
        }
    }

    fn chords(&mut self, bar_start_s: f64, root: i32, starts_chord: bool) {
        let Self { recording, steps_per_bar, .. } = *self;
        let beats = steps_per_bar / 4;
        let chord_steps = (steps_per_bar * recording.harmony.bars_per_chord) as f64;
        let tones = recording.harmony.chord;
        if recording.texture.chord_style == ChordStyle::Arpeggio {
            for step in 0..steps_per_bar {
                let tone = tones[step % tones.len()] + 7 * ((step / tones.len()) % 2) as i32;
                let midi = recording.midi_of_step(recording.harmony.register, root + tone);
                let start_s = self.time_of(bar_start_s, step);
                self.note(Part::Chords, start_s, 1.2, midi, 1.0);
            }
            return;
        }
        let plan: Vec<(usize, f64)> = match recording.texture.chord_style {
            ChordStyle::Sustained if starts_chord => vec![(0, chord_steps)],
            ChordStyle::Sustained | ChordStyle::Arpeggio => vec![],
            ChordStyle::OnBeats => (0..beats).map(|beat| (beat * 4, 3.2)).collect(),
            // In three, the off-beats are the second and third beats; in four, the eighths between the beats.
            ChordStyle::OffBeats if beats == 3 => vec![(4, 2.4), (8, 2.4)],
            ChordStyle::OffBeats => (0..beats).map(|beat| (beat * 4 + 2, 1.6)).collect(),
            ChordStyle::Gallop => (0..beats).flat_map(|beat| [(beat * 4, 1.6), (beat * 4 + 2, 0.8), (beat * 4 + 3, 0.8)]).collect(),
        };
        for (step, steps) in plan {
            let start_s = self.time_of(bar_start_s, step);
            for &tone in tones {
                let midi = recording.midi_of_step(recording.harmony.register, root + tone);
                self.note(Part::Chords, start_s, steps, midi, 0.6);
            }
        }
    }

    fn lead(&mut self, bar: usize, bar_start_s: f64) {
        let eighths = self.steps_per_bar / 2;
        for eighth in 0..eighths {
            let mut step = self.motif[(bar % MOTIF_BARS) * eighths + eighth];
            // The motif returns with a note changed here and there.
            if self.dice.chance(0.15) {
                step = step.map(|step| step + *self.dice.pick(&[-2, -1, 1, 2]));
            }
            if let Some(step) = step {
                let midi = self.recording.midi_of_step(self.recording.harmony.register + 12.0, step);
                let start_s = self.time_of(bar_start_s, eighth * 2);
                self.note(Part::Lead, start_s, 3.0, midi, 1.0);
            }
        }
    }
}
