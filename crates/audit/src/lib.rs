//! What of a corpus repeats itself, and what of that stands on two sides of a split.
//!
//! - [`Listener`] and [`hear`]: samples become a fingerprint, and a digest that only equal samples have.
//! - [`near_duplicates`]: pairs of fingerprints that agree over a stretch, without comparing all with all.
//! - [`audit`]: every [`Kind`] of finding, and how much of a split's test part it touches.
//! - [`Audit`]: the result; [`page`] and [`table`] show it.
//!
//! ```
//! use segno_audit::{AuditInput, Kind, Matching, audit};
//! use segno_dataset::{Manifest, Track};
//!
//! let track = |id: &str, genre: &str| Track {
//!     track_id: id.into(),
//!     checksum: Some("md5:d41d8cd98f00b204e9800998ecf8427e".into()),
//!     labels: [("genre".into(), genre.into())].into(),
//!     ..Track::default()
//! };
//! let manifest = Manifest::new("toy", vec![track("a", "rock"), track("b", "metal")])?;
//! let input = AuditInput { manifest: &manifest, heard: &[], undecodable: &[], splits: &[], matching: Matching::default() };
//! let found = audit(&input)?;
//! assert_eq!(found.count(Kind::IdenticalBytes, false), 1);
//! assert_eq!(found.count(Kind::LabelConflict, false), 1);
//! # Ok::<(), segno_audit::AuditError>(())
//! ```
//!
//! This crate knows neither how a file is decoded nor what a network is.

mod align;
mod audit;
mod error;
mod groups;
mod hear;
mod html;
mod index;
mod kind;
mod listen;
mod model;
mod names;
mod near;
mod sides;
mod terminal;

pub use audit::{AuditInput, audit};
pub use error::AuditError;
pub use hear::{HearError, hear, still_true};
pub use html::{Links, page};
pub use kind::Kind;
pub use listen::{FINGERPRINT_VERSION, Heard, ITEM_SECONDS, Listener, SAMPLE_RATE_HZ};
pub use model::{AUDIT_FORMAT, Alignment, Audit, Found, LabelConflict, Pair, Siblings, SplitAudit, Touched, TrackFacts, Undecodable};
pub use near::{Matching, NearPair, near_duplicates};
pub use sides::NamedSplit;
pub use terminal::table;
