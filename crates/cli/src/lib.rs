//! The program segno: one stage a subcommand.
