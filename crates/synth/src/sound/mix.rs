//! The mix: parts, equalisers, reverberation, noise, level.

use super::drums::Kit;
use super::filter::{Biquad, reverberate};
use super::score::{Part, compose};
use super::voice::Voice;
use crate::artist::Peak;
use crate::dice::Dice;
use crate::format::Sound;
use crate::genre::Patch;
use crate::math::{cos_turns, gain_of_db, sin_turns};
use crate::recording::Recording;

/// How much of the artist's own instrument is in every part.
const ARTIST_SHARE: f64 = 0.4;
/// Width of the instruments' resonances.
const BODY_Q: f64 = 1.0;

/// Stereo: the chords once more, this late, left against right.
const SIDE_DELAY_S: f64 = 0.011;
const SIDE_GAIN: f64 = 0.35;
/// The highest sample of a file.
const CEILING: f64 = 0.98;

/// Renders `recording` to `n_samples` samples a channel; down-mixed to mono, both channels give the same as one.
pub(crate) fn render(recording: &Recording, seed: u64, sample_rate_hz: u32, n_samples: usize) -> Sound {
    let rate = f64::from(sample_rate_hz);
    let mut dice = Dice::new(seed, &format!("{} sound", recording.name));
    let score = compose(recording, &mut dice, n_samples as f64 / rate);
    let kit = Kit::new(recording, &mut dice, rate);

    let texture = recording.texture;
    let [drums_db, bass_db, chords_db, lead_db] = recording.part_db;
    let voice = |patch: &Patch| Voice::new(blend(patch, recording), rate, recording.bpm / 60.0);
    let (bass, chords, lead) = (voice(&texture.bass), voice(&texture.chords), voice(&texture.lead));
    let bass_gain = gain_of_db(texture.bass_db + bass_db);
    let chords_gain = gain_of_db(texture.chords_db + chords_db);
    let lead_gain = gain_of_db(texture.lead_db + lead_db);
    let drums_gain = gain_of_db(recording.rhythm.drums_db + drums_db);

    let mut mix = vec![0.0; n_samples];
    let mut chord_bus = vec![0.0; n_samples];
    for note in &score.notes {
        match note.part {
            Part::Bass => bass.play(note, bass_gain, &mut mix),
            Part::Chords => chords.play(note, chords_gain, &mut chord_bus),
            Part::Lead => lead.play(note, lead_gain, &mut mix),
        }
    }
    mix.iter_mut().zip(&chord_bus).for_each(|(mix, chord)| *mix += chord);
    for hit in &score.hits {
        kit.play(hit, drums_gain, rate, &mut mix);
    }

    let artist = &recording.artist;
    for peak in &artist.equaliser {
        Biquad::peak(peak, rate).run(&mut mix);
    }
    reverberate(&mut mix, artist.reverb_share, artist.reverb_half_life_s, rate);
    scale_to_rms(&mut mix, 1.0);
    add_noise(&mut mix, recording, &mut dice, rate);
    for (frequency_hz, gain_db) in texture.body {
        Biquad::peak(&Peak { frequency_hz, q: BODY_Q, gain_db }, rate).run(&mut mix);
    }
    // After the noise, so that a recording is known by its equaliser in the quiet moments too.
    for peak in &recording.equaliser {
        Biquad::peak(peak, rate).run(&mut mix);
    }
    scale_to_rms(&mut mix, gain_of_db(recording.level_db));

    let mut channels = vec![mix];
    if recording.n_channels == 2 {
        scale_to_rms(&mut chord_bus, SIDE_GAIN * gain_of_db(recording.level_db));
        let delay = (SIDE_DELAY_S * rate) as usize;
        let side = |n: usize| if n < delay { 0.0 } else { chord_bus[n - delay] };
        let right = channels[0].iter().enumerate().map(|(n, mid)| mid - side(n)).collect();
        channels[0].iter_mut().enumerate().for_each(|(n, mid)| *mid += side(n));
        channels.push(right);
    }
    let peak = channels.iter().flatten().fold(0.0f64, |peak, s| peak.max(s.abs()));
    if peak > CEILING {
        channels.iter_mut().flatten().for_each(|s| *s *= CEILING / peak);
    }
    Sound { channels, sample_rate_hz }
}

/// The genre's instrument, coloured by the artist's and by the recording's mood.
fn blend(genre: &Patch, recording: &Recording) -> Patch {
    let own = &recording.artist.instrument;
    let mix = |genre: f64, own: f64| (1.0 - ARTIST_SHARE) * genre + ARTIST_SHARE * own;
    let lift = if recording.is_lively { 0.08 } else { -0.08 };
    Patch {
        brightness: (mix(genre.brightness, own.brightness) + lift).clamp(0.0, 1.0),
        hollow: mix(genre.hollow, own.hollow),
        attack_s: mix(genre.attack_s, own.attack_s),
        half_life_s: mix(genre.half_life_s, own.half_life_s.min(4.0 * genre.half_life_s)),
        tremolo: genre.tremolo.max(own.tremolo),
        tremolo_per_beat: if genre.tremolo > 0.0 { genre.tremolo_per_beat } else { own.tremolo_per_beat },
    }
}

fn scale_to_rms(samples: &mut [f64], rms: f64) {
    let power = samples.iter().map(|s| s * s).sum::<f64>() / samples.len() as f64;
    if power > 0.0 {
        let factor = rms / power.sqrt();
        samples.iter_mut().for_each(|s| *s *= factor);
    }
}

/// Adds the recording's noise floor and tones to music of root mean square one.
fn add_noise(samples: &mut [f64], recording: &Recording, dice: &mut Dice, rate: f64) {
    let dark = recording.noise_darkness;
    // Uniform noise has power 1/3, and the one-pole below multiplies it by 1 / (1 - dark²).
    let gain = gain_of_db(recording.noise_db) * (3.0 * (1.0 - dark * dark)).sqrt();
    let mut held = 0.0;
    for sample in samples.iter_mut() {
        held = dark * held + dice.noise();
        *sample += gain * held;
    }
    for tone in &recording.tones {
        // A rotating pointer costs four products a sample where a sine costs twenty.
        let turns = tone.frequency_hz / rate;
        let (cos, sin) = (cos_turns(turns), sin_turns(turns));
        let (mut x, mut y) = (gain_of_db(tone.level_db), 0.0);
        for sample in samples.iter_mut() {
            *sample += y;
            (x, y) = (x * cos - y * sin, x * sin + y * cos);
        }
    }
}
