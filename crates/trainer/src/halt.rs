//! What ends an epoch before its end.

use segno_dataset::DatasetError;

/// Why a pass over some clips went no further.
#[derive(Debug)]
pub enum Halt {
    /// The features cannot be read.
    Data(DatasetError),
    /// The loss is no number.
    NoNumber {
        /// What it is: NaN or infinite.
        loss: f32,
        /// The clips of the batch that made it so, by name.
        clips: Vec<String>,
    },
}

impl From<DatasetError> for Halt {
    fn from(error: DatasetError) -> Self {
        Self::Data(error)
    }
}
