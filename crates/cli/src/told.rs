//! An error and its causes in one line.

use anyhow::Error;

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

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::anyhow;
    use segno_dataset::DatasetError;

    use super::*;

    #[test]
    fn a_reason_is_told_once_and_none_is_lost() {
        let source = io::Error::other("the disk is gone");
        let error = Error::from(DatasetError::Io { path: "a.csv".into(), source }).context("features of row lstm");
        assert_eq!(told(&error), "features of row lstm: a.csv: the disk is gone");
        assert_eq!(told(&anyhow!("inner").context("outer")), "outer: inner");
    }
}
