//! The resampler against Rubato's, the plain path that it replaced: slower by half, and written by others.

mod common;

use common::*;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};
use segno_audio_io::{LoadOptions, load};

/// Noise below 0.9 of the lower Nyquist frequency, by a hundred tones of no common period.
fn band_limited(rate_hz: u32, lower_hz: u32) -> Vec<f32> {
    let tones = 100;
    let mut signal = vec![0.0; rate_hz as usize];
    for tone in 1..=tones {
        let share = 0.9 * f64::from(tone) / f64::from(tones);
        let step = std::f64::consts::PI * share * f64::from(lower_hz) / f64::from(rate_hz);
        let phase = f64::from(tone * tone) * 0.73;
        for (frame, value) in signal.iter_mut().enumerate() {
            *value += (0.008 * (step * frame as f64 + phase).sin()) as f32;
        }
    }
    signal
}

/// Rubato's FFT resampler over a whole signal, its delay of half a block taken away.
fn rubato(signal: &[f32], from_hz: u32, to_hz: u32) -> Vec<f32> {
    let divisor = (1..=to_hz).rev().find(|n| from_hz.is_multiple_of(*n) && to_hz.is_multiple_of(*n)).unwrap();
    // Blocks of even length on both sides, so that the delay of half a block is a whole number of frames.
    let (mut units, unit) = (2, (from_hz.min(to_hz) / divisor) as usize);
    while units * unit < 1024 {
        units *= 2;
    }
    let chunk = units * (from_hz / divisor) as usize;
    let mut fft =
        Fft::<f32>::new_custom(from_hz as usize, to_hz as usize, chunk, 1, 1, WindowFunction::BlackmanHarris2, FixedSync::Both).unwrap();
    let (block_in, block_out, delay) = (fft.input_frames_next(), fft.output_frames_next(), fft.output_delay());
    let (mut out, mut block) = (vec![], vec![0.0; block_out]);
    for input in signal.chunks_exact(block_in) {
        let input = InterleavedSlice::new(input, 1, block_in).unwrap();
        fft.process_into_buffer(&input, &mut InterleavedSlice::new_mut(&mut block, 1, block_out).unwrap(), None).unwrap();
        out.extend_from_slice(&block);
    }
    out.split_off(delay)
}

#[test]
fn rubato_gives_the_same_signal() {
    for (from_hz, to_hz) in [(22050, 4000), (44100, 22050), (44100, 16000), (48000, 22050), (16000, 22050)] {
        let signal = band_limited(from_hz, from_hz.min(to_hz));
        let folder = Folder::new();
        let path = folder.file("signal.wav", &wav_f32(from_hz, &signal));
        let ours = load(&path, &LoadOptions { sample_rate_hz: Some(to_hz), ..Default::default() }).unwrap().samples;
        let theirs = rubato(&signal, from_hz, to_hz);
        // The ends apart, where silence begins and where Rubato's last block is not full.
        let middle = ours.len() / 4..ours.len() / 2;
        let db = -snr_db(&ours[middle.clone()], &theirs[middle]);
        println!("{from_hz} to {to_hz}: {db:.1} dB");
        assert!(db < -90.0, "{from_hz} to {to_hz} Hz: {db:.1} dB apart");
    }
}
