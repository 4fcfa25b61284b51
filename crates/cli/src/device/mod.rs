//! The processor a network runs on, chosen at run time: the only place that names concrete backends.

mod probe;

use std::{fmt, str::FromStr};

pub use probe::DeviceError;

/// Where networks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Flex with the project's fused operations.
    Cpu,
    /// Burn's ndarray backend, on plain tensor operations.
    Ndarray,
    /// An NVIDIA GPU, by its number; a build feature.
    Cuda(usize),
    /// The same with products in half precision and everything else in single.
    CudaMixed(usize),
}

impl FromStr for Device {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, index) = text.split_once(':').map_or((text, None), |(name, index)| (name, Some(index)));
        let number = || index.unwrap_or("0").parse().map_err(|_| format!("'{text}' names no GPU, expected a number as in cuda:1"));
        match (name, index) {
            ("cpu", None) => Ok(Self::Cpu),
            ("ndarray", None) => Ok(Self::Ndarray),
            ("cuda", _) => number().map(Self::Cuda),
            ("cuda-mixed", _) => number().map(Self::CudaMixed),
            _ => Err(format!("'{text}' is none of cpu, ndarray, cuda, cuda:<number>, cuda-mixed, cuda-mixed:<number>")),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => write!(f, "cpu"),
            Self::Ndarray => write!(f, "ndarray"),
            Self::Cuda(index) => write!(f, "cuda:{index}"),
            Self::CudaMixed(index) => write!(f, "cuda-mixed:{index}"),
        }
    }
}

impl Device {
    /// Makes sure that the device can be used, before any work starts.
    ///
    /// # Errors
    /// [`DeviceError`] when this build has no CUDA, or the machine has no such GPU.
    pub fn check(self) -> Result<(), DeviceError> {
        match self {
            Self::Cpu | Self::Ndarray => Ok(()),
            Self::Cuda(index) | Self::CudaMixed(index) => probe::cuda(index),
        }
    }
}

/// Runs an expression with the backend of a device: `on_device!(device, B, at => f::<B>(&at))`.
macro_rules! on_device {
    ($device:expr, $backend:ident, $at:ident => $body:expr) => {
        match $device {
            $crate::Device::Cpu => {
                type $backend = burn::backend::Flex;
                let $at = Default::default();
                $body
            }
            $crate::Device::Ndarray => {
                type $backend = burn::backend::NdArray;
                let $at = Default::default();
                $body
            }
            #[cfg(feature = "cuda")]
            $crate::Device::Cuda(index) => {
                type $backend = burn::backend::Cuda;
                let $at = burn::backend::cuda::CudaDevice::new(index);
                $body
            }
            #[cfg(feature = "cuda")]
            $crate::Device::CudaMixed(index) => {
                type $backend = segno_models::ops::CudaMixed;
                let $at = burn::backend::cuda::CudaDevice::new(index);
                $body
            }
            #[cfg(not(feature = "cuda"))]
            $crate::Device::Cuda(_) | $crate::Device::CudaMixed(_) => return Err($crate::device::DeviceError::NotBuilt.into()),
        }
    };
}
pub(crate) use on_device;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_read_and_shown() {
        for device in [Device::Cpu, Device::Ndarray, Device::Cuda(3), Device::CudaMixed(1)] {
            assert_eq!(device.to_string().parse(), Ok(device));
        }
        assert_eq!("cuda".parse(), Ok(Device::Cuda(0)));
        assert_eq!("cuda-mixed".parse(), Ok(Device::CudaMixed(0)));
        assert!("cpu:1".parse::<Device>().is_err());
        assert!("gpu".parse::<Device>().unwrap_err().contains("cuda:<number>"));
        assert!("cuda:x".parse::<Device>().is_err());
    }
}
