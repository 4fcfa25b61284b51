//! How many bits a feature has on the disk.

use std::{fmt, sync::Arc};

use arrow::{
    array::{ArrayRef, Float16Array, Float32Array},
    datatypes::DataType,
};
use half::{f16, slice::HalfFloatSliceExt};
use serde::{Deserialize, Serialize};

/// What features are stored as; in memory they are single either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// 32 bits: what the extractor computed, bit for bit.
    #[default]
    Single,
    /// 16 bits (IEEE 754 binary16): half the bytes. Eleven significant bits, so that a value is off by a 2048th part of
    /// itself at most (0.03 dB at -80 dB), and no value beyond ±65 504.
    Half,
}

impl Precision {
    /// Bytes a value.
    pub fn bytes(self) -> usize {
        match self {
            Self::Single => 4,
            Self::Half => 2,
        }
    }

    pub(super) fn data_type(self) -> DataType {
        match self {
            Self::Single => DataType::Float32,
            Self::Half => DataType::Float16,
        }
    }

    /// Whether the value can be stored.
    pub(super) fn holds(self, value: f32) -> bool {
        match self {
            Self::Single => value.is_finite(),
            // What is nearer to the next power of two than to the largest value rounds to infinity.
            Self::Half => value.abs() < 65_520.0,
        }
    }

    /// The values as a column, rounded to the nearest.
    pub(super) fn column(self, values: Vec<f32>) -> ArrayRef {
        match self {
            Self::Single => Arc::new(Float32Array::from(values)),
            Self::Half => {
                let mut halves = vec![f16::ZERO; values.len()];
                halves.convert_from_f32_slice(&values);
                Arc::new(Float16Array::from(halves))
            }
        }
    }

    /// Values as they lie in a file, little-endian, to values in memory.
    pub(super) fn decode(self, bytes: &[u8], out: &mut [f32]) {
        match self {
            Self::Single => {
                for (value, bytes) in out.iter_mut().zip(bytes.as_chunks().0) {
                    *value = f32::from_le_bytes(*bytes);
                }
            }
            Self::Half => {
                // In blocks: the conversion of many at once is what the processor has an instruction for.
                let mut block = [f16::ZERO; 64];
                for (out, bytes) in out.chunks_mut(block.len()).zip(bytes.chunks(2 * block.len())) {
                    let block = &mut block[..out.len()];
                    for (value, bytes) in block.iter_mut().zip(bytes.as_chunks().0) {
                        *value = f16::from_le_bytes(*bytes);
                    }
                    block.convert_to_f32_slice(out);
                }
            }
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Single => "single",
            Self::Half => "half",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Array, AsArray};

    #[test]
    fn what_is_stored_comes_back_rounded_to_the_nearest() {
        let values: Vec<f32> = (0..200).map(|i| (i as f32 - 100.0) * 0.813).chain([65_504.0, -65_504.0, 0.0]).collect();
        let stored = Precision::Half.column(values.clone());
        assert_eq!(stored.data_type(), &Precision::Half.data_type());
        let bytes: Vec<u8> =
            stored.as_primitive::<arrow::datatypes::Float16Type>().values().iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(bytes.len(), values.len() * Precision::Half.bytes());
        let mut back = vec![f32::NAN; values.len()];
        Precision::Half.decode(&bytes, &mut back);
        for (value, back) in values.iter().zip(&back) {
            assert!((value - back).abs() <= value.abs() / 2048.0, "{value} came back as {back}");
        }
        assert!(values.iter().zip(&back).any(|(value, back)| value != back));
    }

    #[test]
    fn what_half_precision_cannot_hold_is_told() {
        for value in [65_504.0, -65_504.0, 65_519.99, 65_520.0, -65_520.0, 1e30, f32::INFINITY, f32::NAN] {
            assert_eq!(Precision::Half.holds(value), f16::from_f32(value).is_finite(), "{value}");
        }
        assert!(Precision::Half.holds(65_504.0) && !Precision::Half.holds(65_536.0));
        assert!(Precision::Single.holds(65_536.0) && !Precision::Single.holds(f32::INFINITY));
    }
}
