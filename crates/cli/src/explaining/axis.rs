//! Marks on the frequency axis of what was heard.

use segno_eval::explain::Tick;
use segno_features::Representation;

/// Frequencies that are marked, in Hz, where they lie on the axis.
const MARKS_HZ: [f64; 7] = [100.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0];
/// Two marks nearer than this share of the axis would run into each other.
const NEAREST: f64 = 0.1;

/// Marks of a representation at a sample rate; none where its values are no frequencies.
pub fn marks(representation: &Representation, sample_rate_hz: u32) -> Vec<Tick> {
    let half = f64::from(sample_rate_hz) / 2.0;
    match representation {
        Representation::Spectrogram(_) => ticks(|hz| hz / half),
        Representation::Mel(mel) => {
            let config = &mel.mel;
            let [low, high] = [config.fmin_hz, config.fmax_hz(sample_rate_hz)].map(|hz| config.mel_scale.hz_to_mel(hz));
            ticks(|hz| (config.mel_scale.hz_to_mel(hz) - low) / (high - low))
        }
        _ => vec![],
    }
}

fn ticks(share: impl Fn(f64) -> f64) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = vec![];
    for hz in MARKS_HZ.into_iter().rev() {
        let share = share(hz);
        let is_free = ticks.last().is_none_or(|above| above.share - share > NEAREST);
        if (0.0..=1.0).contains(&share) && is_free {
            ticks.push(Tick { share, label: if hz < 1000.0 { format!("{hz} Hz") } else { format!("{} kHz", hz / 1000.0) } });
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use segno_features::{FeatureSpec, MelScale};

    fn of(spec: &FeatureSpec) -> Vec<Tick> {
        marks(&spec.representation, spec.sample_rate_hz)
    }

    #[test]
    fn marks_lie_where_their_frequencies_are_and_keep_their_distance() {
        // Bins are even in Hz, up to 2000: 1 kHz in the middle, and of the low ones those that have room.
        let told: Vec<(String, f64)> = of(&FeatureSpec::irvin()).into_iter().map(|tick| (tick.label, tick.share)).collect();
        assert_eq!(told, [("2 kHz".into(), 1.0), ("1 kHz".into(), 0.5), ("500 Hz".into(), 0.25), ("250 Hz".into(), 0.125)]);
        // Slaney's mels are even in Hz up to 1000 (15 mels), then logarithmic.
        let mel = of(&FeatureSpec::li());
        let one = mel.iter().find(|tick| tick.label == "1 kHz").unwrap();
        let top = MelScale::Slaney.hz_to_mel(11_025.0);
        assert!((one.share - 15.0 / top).abs() < 1e-12, "{one:?}");
    }
}
