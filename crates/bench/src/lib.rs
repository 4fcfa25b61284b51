//! What a measured program says of itself: one line of JSON that `cargo xtask bench` reads.
//!
//! - [`Line`]: the line, written by the benches and examples of this workspace (and by `xtask/peers/line.py`), read by xtask.
//! - [`cpu_ms_each`], [`rate`]: how long something takes, on the processor and by the clock.
//! - [`peak_mib`]: the memory that the process had at most.
//!
//! ```
//! let ms = segno_bench::cpu_ms_each(100, 0.01, || {
//!     std::hint::black_box((0..100_000u32).map(f64::from).sum::<f64>());
//! });
//! # if cfg!(target_os = "linux") {
//! segno_bench::Line::new("a sum", ms?, "CPU ms/term").work("100000 terms").print();
//! # }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! It knows nothing of what is measured, and no program that is shipped depends on it.

mod clock;
mod line;
mod process;

pub use clock::{cpu_ms_each, median, rate};
pub use line::Line;
pub use process::{cpu_seconds, peak_mib};
