//! Ctrl-C, and the system's request to end: a stage that can finish what it is at does.

use std::ops::ControlFlow;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

/// The exit status of a run that was asked to stop: 128 and the number of SIGINT, as shells have it.
pub const STOPPED: u8 = 130;

/// Whether the stage at work asks [`asked`] from time to time.
static FINISHES: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicBool = AtomicBool::new(false);

/// Takes Ctrl-C and the request to end (SIGTERM, as of batch systems) from now on.
///
/// A stage that finishes what it is at goes on until that is saved; at the second request, or in a stage that does not, the
/// program ends at once. Either way the same command goes on from there: nothing is written but whole.
///
/// # Errors
/// The system lets no handler be set.
pub fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        let again = ASKED.swap(true, Ordering::Relaxed);
        if again || !FINISHES.load(Ordering::Relaxed) {
            eprintln!("\nsegno: ended; what is written stays, and the same command goes on from there");
            exit(i32::from(STOPPED));
        }
        eprintln!("\nsegno: finishing what is at hand, then ending; once more ends at once");
    })
    .context("cannot listen for ctrl-c")
}

/// Says that the stage at work asks whether to stop, as long as the value lives.
pub struct Finishing(());

impl Finishing {
    /// From now on.
    pub fn begin() -> Self {
        FINISHES.store(true, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Finishing {
    fn drop(&mut self) {
        FINISHES.store(false, Ordering::Relaxed);
    }
}

/// Whether the program is to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// The same, as stages that work in pieces ask it after each.
pub fn flow() -> ControlFlow<()> {
    if asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}
