//! Mel bands: the scale, the filters, and what is made of them.

mod bank;
mod config;
mod mfcc;
mod output;
mod scale;
mod spec;
mod stage;

pub use bank::MelBank;
pub use config::{MelConfig, MelNorm};
pub(crate) use mfcc::Dct;
pub use mfcc::MfccSpec;
pub use output::{MelOutput, PowerToDb, Reference};
pub use scale::MelScale;
pub use spec::MelSpec;
pub(crate) use stage::MelStage;
