//! The program `segno`.

use std::process::ExitCode;

use clap::Parser;
use segno_cli::{Cli, exit_code, printable, run, stop, told};

/// Networks allocate and free large tensors at every step; the system's allocator gives them back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match stop::listen().and_then(|()| run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("segno: {}", printable(&told(&error)));
            exit_code(&error)
        }
    }
}
