//! Artists and titles as they are compared.

/// A name in lower case with nothing but letters and digits, words one space apart: `"AC/DC "` and `"ac dc"` are one.
/// `None` where nothing is left.
pub(crate) fn plain(name: &str) -> Option<String> {
    let spelled: String = name.chars().flat_map(char::to_lowercase).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = spelled.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A title without what stands in brackets (`(Live)`, `[Remastered]`), where something is left without it.
pub(crate) fn title(title: &str) -> Option<String> {
    let mut depth = 0_u32;
    let outside: String = title
        .chars()
        .filter(|c| {
            let within = depth > 0;
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            !within && depth == 0 && !matches!(c, ')' | ']')
        })
        .collect();
    plain(&outside).or_else(|| plain(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_no_difference() {
        assert_eq!(plain(" AC/DC "), plain("ac dc"));
        assert_eq!(plain("BEYONCÉ"), plain("beyoncé"));
        assert_eq!(plain(" – "), None);
    }

    #[test]
    fn remarks_are_no_part_of_a_title() {
        assert_eq!(title("Hurt (Live [2003]) again").as_deref(), Some("hurt again"));
        assert_eq!(title("(Untitled)").as_deref(), Some("untitled"));
        assert_eq!(title("Hurt) me").as_deref(), Some("hurt me"));
    }
}
