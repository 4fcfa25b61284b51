//! Many channels become one: their mean, as `librosa.to_mono` takes it.

use symphonia::core::audio::GenericAudioBufferRef;

/// Appends the mean of the channels of `buffer` to `mono`.
///
/// Integer samples become `sample / 2^(bits - 1)`, as libsndfile reads them. `planes` is scratch space.
pub(crate) fn append_mean(buffer: &GenericAudioBufferRef<'_>, planes: &mut Vec<Vec<f32>>, mono: &mut Vec<f32>) {
    let start = mono.len();
    if buffer.num_planes() == 1 {
        mono.resize(start + buffer.frames(), 0.0);
        buffer.copy_to_slice_interleaved(&mut mono[start..]);
        return;
    }
    buffer.copy_to_vecs_planar(planes);
    let Some((first, rest)) = planes.split_first() else { return };
    mono.extend_from_slice(first);
    let mean = &mut mono[start..];
    for plane in rest {
        for (sum, sample) in mean.iter_mut().zip(plane) {
            *sum += sample;
        }
    }
    let channels = planes.len() as f32;
    for sum in mean {
        *sum /= channels;
    }
}
