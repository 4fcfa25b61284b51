//! FLAC through `flacenc`, held to its integer-only paths.

use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::config::{Encoder, OrderSel};
use flacenc::error::Verify;
use flacenc::source::MemSource;

use super::{Sound, quantise};

pub(super) fn encode(sound: &Sound) -> Result<Vec<u8>, String> {
    let mut config = Encoder::default();
    // Linear prediction and entropy estimates go through floating-point cosines and logarithms; fixed predictors
    // chosen by counted bits do not, and are quicker. The files are somewhat larger, and the same everywhere.
    config.multithread = false;
    config.subframe_coding.use_lpc = false;
    config.subframe_coding.fixed.order_sel = OrderSel::BitCount;
    let config = config.into_verified().map_err(|(_, error)| error.to_string())?;

    let samples: Vec<i32> = sound.interleaved().map(|sample| quantise(sample, 16)).collect();
    let source = MemSource::from_samples(&samples, sound.channels.len(), 16, sound.sample_rate_hz as usize);
    let mut stream = flacenc::encode_with_fixed_block_size(&config, source, config.block_size).map_err(|error| error.to_string())?;
    // flacenc counts the last, shorter block as the smallest; RFC 9639, section 8.2, leaves it out, and a reader that finds
    // smallest and largest apart takes the stream for one of variable blocks.
    stream.stream_info_mut().set_block_sizes(config.block_size, config.block_size).map_err(|error| error.to_string())?;
    let mut sink = ByteSink::new();
    stream.write(&mut sink).map_err(|error| error.to_string())?;
    Ok(sink.as_slice().to_vec())
}

#[cfg(test)]
mod tests {
    use super::super::ramp;
    use super::*;

    #[test]
    fn stream_info_names_rate_channels_and_length() {
        let file = encode(&ramp(2)).unwrap();
        assert_eq!(&file[..4], b"fLaC");
        // STREAMINFO: 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
        let packed = u64::from_be_bytes(file[18..26].try_into().unwrap());
        assert_eq!(packed >> 44, 22_050);
        assert_eq!(packed >> 41 & 7, 1);
        assert_eq!(packed >> 36 & 31, 15);
        assert_eq!(packed & 0xf_ffff_ffff, 5);
        assert_eq!(file[8..10], file[10..12], "blocks of one size");
    }
}
