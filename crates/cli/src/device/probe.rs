//! Whether a GPU can be used, asked before Burn is: it would panic in a worker thread.

/// Why a device cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// The build has no CUDA.
    NotBuilt,
    /// A library of the driver or the toolkit is not there.
    Library {
        /// Its file name.
        name: String,
    },
    /// The driver does not start.
    Driver {
        /// What `cuInit` gave.
        status: i32,
    },
    /// There are fewer GPUs.
    NoSuchGpu {
        /// The one asked for.
        index: usize,
        /// How many there are.
        found: i32,
    },
}

impl std::fmt::Display for DeviceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotBuilt => {
                write!(f, "this segno was built without CUDA: build it with `cargo build --release --features cuda`, or take --device cpu")
            }
            Self::Library { name } => {
                write!(f, "CUDA: {name} cannot be loaded: install the NVIDIA driver and CUDA's runtime compiler, or take --device cpu")
            }
            Self::Driver { status } => {
                write!(f, "CUDA: the driver does not start (cuInit gave {status}): see nvidia-smi, or take --device cpu")
            }
            Self::NoSuchGpu { index, found } => {
                write!(f, "CUDA: GPU {index} was asked for, found {found} of them: name one from 0 on, or take --device cpu")
            }
        }
    }
}

impl std::error::Error for DeviceError {}

#[cfg(not(feature = "cuda"))]
pub fn cuda(_index: usize) -> Result<(), DeviceError> {
    Err(DeviceError::NotBuilt)
}

/// Loads the driver and the runtime compiler, and counts the GPUs.
#[cfg(feature = "cuda")]
pub fn cuda(index: usize) -> Result<(), DeviceError> {
    let driver = open("libcuda.so.1", "nvcuda.dll")?;
    open("libnvrtc.so", "nvrtc.dll")
        .or_else(|_| open("libnvrtc.so.12", "nvrtc64_120_0.dll"))
        .or_else(|_| open("libnvrtc.so.13", "nvrtc64_130_0.dll"))?;
    let missing = |name: &str| DeviceError::Library { name: format!("{name} of libcuda") };
    let mut found = 0;
    // SAFETY: the two functions have had these signatures in every CUDA driver; `cuInit` takes flags that must be 0,
    // `cuDeviceGetCount` writes one int behind a valid pointer.
    #[allow(unsafe_code)]
    let status = unsafe {
        let init = driver.get::<unsafe extern "C" fn(u32) -> i32>(b"cuInit").map_err(|_| missing("cuInit"))?;
        let count = driver.get::<unsafe extern "C" fn(*mut i32) -> i32>(b"cuDeviceGetCount").map_err(|_| missing("cuDeviceGetCount"))?;
        match init(0) {
            0 => count(&raw mut found),
            status => status,
        }
    };
    match (status, usize::try_from(found)) {
        (0, Ok(count)) if index < count => Ok(()),
        (0, _) => Err(DeviceError::NoSuchGpu { index, found }),
        (status, _) => Err(DeviceError::Driver { status }),
    }
}

#[cfg(feature = "cuda")]
fn open(linux: &str, windows: &str) -> Result<libloading::Library, DeviceError> {
    let name = if cfg!(windows) { windows } else { linux };
    // SAFETY: NVIDIA's libraries run no initialisers that a program could be in the wrong state for.
    #[allow(unsafe_code)]
    let library = unsafe { libloading::Library::new(name) };
    library.map_err(|_| DeviceError::Library { name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_that_is_not_there_is_a_clear_error_and_no_panic() {
        // Number 4096 is on no machine, whatever was built.
        let error = cuda(4096).unwrap_err();
        assert!(error.to_string().contains("--device cpu"), "{error}");
    }
}
