//! The program on a bad day: killed, out of disk, pointed at broken files; and the same bytes whatever the day.
//!
//! Every test starts the program itself, as a person would. docs/reliability.md says what each of them promises.
#![cfg(unix)]

mod breakage;
mod broken;
mod dice;
mod disk;
mod fetching;
mod files;
mod killed;
mod network;
mod threads;
mod world;
