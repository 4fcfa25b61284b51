//! What goes to the terminal: text without commands to it, and an error and its causes in one line.

use std::borrow::Cow;
use std::io::{ErrorKind, Write, stdout};
use std::process::exit;

use anyhow::Error;

/// Text as a terminal may have it: a name from a file can hold the terminal's control sequences, which are written as what they are
/// (`\u{1b}`). Ends of lines and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(is_command) {
        return text.into();
    }
    let mut shown = String::new();
    for c in text.chars() {
        if is_command(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown.into()
}

/// A line on standard error, [`printable`]. All that commands say goes through this and [`show`].
macro_rules! tell {
    ($($said:tt)*) => { eprintln!("{}", $crate::told::printable(&format!($($said)*))) };
}

/// A line on standard output, [`printable`].
macro_rules! show {
    ($($said:tt)*) => { $crate::told::write_line(&$crate::told::printable(&format!($($said)*))) };
}

pub(crate) use {show, tell};

/// A line to standard output. A reader that has seen enough, as `head`, ends the program, and that is no failure.
///
/// # Panics
/// Standard output takes nothing for another reason, as a full disk.
pub fn write_line(line: &str) {
    match writeln!(stdout(), "{line}") {
        Err(reason) if reason.kind() == ErrorKind::BrokenPipe => exit(0),
        written => written.expect("standard output cannot be written"),
    }
}

/// The messages from the outermost inwards, with a colon between; a cause that the message before it has told already is
/// not said again (our libraries' messages hold the system's reason, for those who print the message alone).
pub fn told(error: &Error) -> String {
    let mut messages: Vec<String> = vec![];
    for cause in error.chain().map(ToString::to_string) {
        if messages.last().is_none_or(|last| !last.contains(&cause)) {
            messages.push(cause);
        }
    }
    messages.join(": ")
}

/// A reason without the name that it begins with: for lines that have said it already.
pub fn after_name<'a>(name: &str, reason: &'a str) -> &'a str {
    reason.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::anyhow;
    use segno_dataset::DatasetError;

    use super::*;

    #[test]
    fn a_name_gives_the_terminal_no_commands() {
        assert_eq!(printable("Bj\u{f6}rk\ta\n"), "Bj\u{f6}rk\ta\n");
        // Clear the screen; the title of the window; the same in one character; back to the start of the line; delete.
        assert_eq!(printable("a\x1b[2J\x1b]0;b\x07"), "a\\u{1b}[2J\\u{1b}]0;b\\u{7}");
        assert_eq!(printable("\u{9b}2J\r\x7f"), "\\u{9b}2J\\u{d}\\u{7f}");
    }

    #[test]
    fn a_reason_is_told_once_and_none_is_lost() {
        let source = io::Error::other("the disk is gone");
        let error = Error::from(DatasetError::Io { path: "a.csv".into(), source }).context("features of row lstm");
        assert_eq!(told(&error), "features of row lstm: a.csv: the disk is gone");
        assert_eq!(told(&anyhow!("inner").context("outer")), "outer: inner");
    }
}
