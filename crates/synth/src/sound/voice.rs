//! Pitched instruments: single-cycle wavetables with an envelope and a tremolo.

use super::score::Note;
use crate::genre::Patch;
use crate::math::{decay_per_sample, exp2, hz_of_midi, sin_turns};

/// Samples of a cycle.
const TABLE_LEN: usize = 1024;
/// The lowest octave's lower end, A0, and how many octaves there are.
const LOWEST_HZ: f64 = 27.5;
const N_OCTAVES: usize = 8;
const MOST_HARMONICS: usize = 40;
/// The gain of a tremolo is constant over so many samples.
const BLOCK: usize = 32;
const RELEASE_S: f64 = 0.03;

/// One instrument, ready to play.
pub(super) struct Voice {
    patch: Patch,
    sample_rate_hz: f64,
    beats_per_s: f64,
    /// One cycle an octave, each with the harmonics that fit below half the sample rate; the first sample again at the
    /// end, for interpolation.
    tables: Vec<Vec<f64>>,
}

impl Voice {
    pub(super) fn new(patch: Patch, sample_rate_hz: f64, beats_per_s: f64) -> Self {
        let tables = (0..N_OCTAVES)
            .map(|octave| {
                let highest_hz = LOWEST_HZ * exp2(octave as f64 + 1.0);
                let n_harmonics = ((0.45 * sample_rate_hz / highest_hz) as usize).clamp(1, MOST_HARMONICS);
                cycle(&patch, n_harmonics)
            })
            .collect();
        Self { patch, sample_rate_hz, beats_per_s, tables }
    }

    /// Adds `note` to `out`, whose first sample is at time 0.
    pub(super) fn play(&self, note: &Note, gain: f64, out: &mut [f64]) {
        // A note that begins before the excerpt is left out: the next one is never far.
        if note.start_s < 0.0 {
            return;
        }
        let rate = self.sample_rate_hz;
        let start = (note.start_s * rate) as usize;
        let held = (note.length_s * rate) as usize;
        let release = (RELEASE_S * rate) as usize;
        let Some(out) = out.get_mut(start..) else { return };

        let hz = hz_of_midi(note.midi);
        if hz > 0.45 * rate {
            return;
        }
        let octave = (0..N_OCTAVES).rfind(|&octave| hz >= LOWEST_HZ * exp2(octave as f64)).unwrap_or(0);
        let table = &self.tables[octave];
        let step = hz / rate * TABLE_LEN as f64;
        let decay = decay_per_sample(self.patch.half_life_s, rate);
        let attack = (self.patch.attack_s * rate).max(1.0);

        let (mut phase, mut level) = (0.0f64, gain * note.gain);
        let n = (held + release).min(out.len());
        for (block, chunk) in out[..n].chunks_mut(BLOCK).enumerate() {
            let tremolo = self.tremolo_at(note.start_s + (block * BLOCK) as f64 / rate);
            for (i, sample) in chunk.iter_mut().enumerate() {
                let position = block * BLOCK + i;
                let index = phase as usize;
                let between = phase - index as f64;
                let wave = table[index] + between * (table[index + 1] - table[index]);
                let rise = (position as f64 / attack).min(1.0);
                let fall = if position < held { 1.0 } else { 1.0 - (position - held) as f64 / release as f64 };
                *sample += wave * level * tremolo * rise * fall;
                level *= decay;
                phase += step;
                if phase >= TABLE_LEN as f64 {
                    phase -= TABLE_LEN as f64;
                }
            }
        }
    }

    /// The tremolo's gain; it runs with the music's clock, not each note's own.
    fn tremolo_at(&self, time_s: f64) -> f64 {
        if self.patch.tremolo == 0.0 {
            return 1.0;
        }
        let turns = time_s * self.beats_per_s * self.patch.tremolo_per_beat;
        1.0 - self.patch.tremolo * (0.5 + 0.5 * sin_turns(turns))
    }
}

/// One cycle of root mean square 1/√2, as a sine of amplitude one has.
fn cycle(patch: &Patch, n_harmonics: usize) -> Vec<f64> {
    let mut table = vec![0.0; TABLE_LEN + 1];
    for harmonic in 1..=n_harmonics {
        let h = harmonic as f64;
        let fall = (1.0 - patch.brightness) / (h * h) + patch.brightness / h;
        let amplitude = if harmonic % 2 == 0 { fall * (1.0 - patch.hollow) } else { fall };
        for (i, sample) in table.iter_mut().enumerate() {
            // The product is reduced first: whole turns drop out exactly.
            *sample += amplitude * sin_turns(((i * harmonic) % TABLE_LEN) as f64 / TABLE_LEN as f64);
        }
    }
    let power: f64 = table[..TABLE_LEN].iter().map(|s| s * s).sum::<f64>() / TABLE_LEN as f64;
    let scale = 1.0 / (2.0 * power).sqrt();
    table.iter_mut().for_each(|s| *s *= scale);
    table
}

#[cfg(test)]
mod tests {
    use super::super::score::Part;
    use super::*;

    const PLAIN: Patch = Patch { brightness: 0.0, hollow: 0.0, attack_s: 0.001, half_life_s: 1e3, tremolo: 0.0, tremolo_per_beat: 1.0 };

    #[test]
    fn a_note_has_its_pitch_and_its_length() {
        let mut out = vec![0.0; 22_050];
        let note = Note { part: Part::Lead, start_s: 0.1, length_s: 0.5, midi: 69.0, gain: 1.0 };
        Voice::new(PLAIN, 22_050.0, 2.0).play(&note, 1.0, &mut out);
        let rises = |part: &[f64]| part.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        assert_eq!(rises(&out[2205..2205 + 11_025]), 219, "440 Hz for half a second, but for the very first rise");
        assert!(out[..2205].iter().chain(&out[14_000..]).all(|&s| s == 0.0));
    }

    #[test]
    fn harmonics_stay_below_half_the_rate() {
        let voice = Voice::new(Patch { brightness: 1.0, ..PLAIN }, 8000.0, 2.0);
        // At the top of its range, the highest harmonic of octave o has amplitude in bin n only below 0.45 · rate.
        for (octave, table) in voice.tables.iter().enumerate() {
            let highest_hz = LOWEST_HZ * exp2(octave as f64 + 1.0);
            let allowed = ((0.45 * 8000.0 / highest_hz) as usize).clamp(1, MOST_HARMONICS);
            let above = allowed + 1;
            let amplitude: f64 = (0..TABLE_LEN).map(|i| table[i] * sin_turns((i * above % TABLE_LEN) as f64 / TABLE_LEN as f64)).sum();
            assert!(amplitude.abs() < 1e-9, "octave {octave}");
        }
    }
}
