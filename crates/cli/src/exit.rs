//! What the exit status says.

use std::process::ExitCode;

use segno_dataset::DatasetError;
use segno_trainer::TrainError;

use crate::commands::{audit::KindsFound, auralise::NotHeard};
use crate::device::DeviceError;
use crate::stop::STOPPED;

/// | status | meaning |
/// |---|---|
/// | 0 | done, or nothing to do |
/// | 1 | an error; the message names the file and what to do |
/// | 2 | the command line is wrong |
/// | 3 | the device asked for is not there |
/// | 4 | an audit found a kind that `--fail-on` names |
/// | 5 | a sound was written that the model does not take for the class it was made for |
/// | 130 | stopped by Ctrl-C or the system's request; the same command goes on from there |
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    ExitCode::from(match error {
        error if error.is::<DeviceError>() => 3,
        error if error.is::<KindsFound>() => 4,
        error if error.is::<NotHeard>() => 5,
        error if matches!(error.downcast_ref(), Some(DatasetError::Stopped { .. })) => STOPPED,
        error if matches!(error.downcast_ref(), Some(TrainError::Stopped { .. })) => STOPPED,
        _ => 1,
    })
}
