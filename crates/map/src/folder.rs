//! The folder that all paths have in common.

/// Bytes of the longest folder, its separator included, that every path begins with.
pub(crate) fn common<'a>(paths: impl IntoIterator<Item = &'a str>) -> usize {
    let mut paths = paths.into_iter();
    let Some(first) = paths.next() else { return 0 };
    let mut shared = folder_of(first);
    for path in paths {
        let same = shared.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        shared = folder_of(first.get(..same).unwrap_or(&first[..first.floor_char_boundary(same)]));
    }
    shared.len()
}

fn folder_of(path: &str) -> &str {
    &path[..path.rfind(['/', '\\']).map_or(0, |at| at + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_folders_alone_are_shared() {
        assert_eq!(common([]), 0);
        assert_eq!(common(["a/b/c.mp3"]), "a/b/".len());
        assert_eq!(common(["a/bc/1.mp3", "a/bd/1.mp3", "a/bc/2.mp3"]), "a/".len());
        assert_eq!(common(["a/b.mp3", "c.mp3"]), 0);
        assert_eq!(common(["C:\\music\\a.mp3", "C:\\music\\b\\c.mp3"]), "C:\\music\\".len());
        // The first byte of ä and ö is the same, and no character.
        assert_eq!(common(["x/ä.mp3", "x/ö.mp3"]), "x/".len());
    }
}
