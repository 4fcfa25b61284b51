//! Where two documents differ, with both sides.

use std::fmt;

use serde_json::Value;

/// Longest value that is shown whole, in characters.
const SHOWN: usize = 48;

/// A place at which a document has another value than the one expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The keys that lead there, with dots between; in place of an underscore a space.
    pub name: String,
    /// What the document has; nothing is `null`.
    pub found: Value,
    /// What it should have.
    pub expected: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, found, expected } = self;
        write!(f, "{name}: found {}, expected {}", shown(found), shown(expected))
    }
}

/// A value in one line, and not a long one: digests are known by their first figures.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN / 2).chain("…".chars()).collect()
}

/// Every place at which `found` is not as `expected`, objects key by key.
pub fn differences(found: &Value, expected: &Value) -> Vec<Difference> {
    let mut all = vec![];
    collect("", found, expected, &mut all);
    all
}

fn collect(name: &str, found: &Value, expected: &Value, all: &mut Vec<Difference>) {
    if found == expected {
        return;
    }
    let (Value::Object(a), Value::Object(b)) = (found, expected) else {
        all.push(Difference { name: name.replace('_', " "), found: found.clone(), expected: expected.clone() });
        return;
    };
    let added = a.keys().filter(|key| !b.contains_key(*key));
    for key in b.keys().chain(added) {
        let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        collect(&name, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), all);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_difference_has_its_place_and_both_sides() {
        let found = json!({ "same": 1, "features": { "hop": 256, "n_fft": 512 }, "old": true });
        let expected = json!({ "same": 1, "features": { "hop": 512, "n_fft": 512, "window": "hann" } });
        let told: Vec<String> = differences(&found, &expected).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["features.hop: found 256, expected 512", "features.window: found none, expected hann", "old: found true, expected none"]
        );
        assert!(differences(&found, &found).is_empty());
        let digest = "0123456789".repeat(6);
        assert!(shown(&json!(digest)).starts_with("012345678901234567890123…"));
    }
}
