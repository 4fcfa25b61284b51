//! What a drawn corpus had to draw from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many tracks each class had to draw from, and how many were drawn.
///
/// Its text is a table for the terminal, a class a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// Tracks asked for a class.
    pub per_class: usize,
    /// The seed of the draw.
    pub seed: u64,
    /// One entry a class, in the order of the corpus file.
    pub classes: Vec<SelectedClass>,
}

/// One class of a [`Selection`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedClass {
    /// The label.
    pub label: String,
    /// Tracks of the whole data set that carry the class, those that carry others too included.
    pub carried: usize,
    /// Of those, the tracks with a value (FMA: valence) that labels are derived from.
    pub with_value: usize,
    /// Of those with a value, the tracks that carry several of the classes, none below the other: never drawn.
    pub ambiguous: usize,
    /// Tracks with a value that are of this class alone, and in the subset.
    pub eligible: usize,
    /// Tracks drawn.
    pub drawn: usize,
}

impl Selection {
    /// The classes that had fewer tracks than asked for.
    pub fn short(&self) -> impl Iterator<Item = &SelectedClass> {
        self.classes.iter().filter(|class| class.drawn < self.per_class)
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.classes.iter().map(|class| class.label.chars().count()).max().unwrap_or(0);
        for class in &self.classes {
            let SelectedClass { label, carried, with_value, ambiguous, eligible, drawn } = class;
            write!(f, "{label:width$}  {carried:>6} tracks, {with_value:>5} with a value, {ambiguous:>5} of several classes, ")?;
            write!(f, "{eligible:>5} to draw from, {drawn:>4} drawn")?;
            let fewer = *drawn < self.per_class;
            writeln!(f, "{}", if fewer { format!(": fewer than the {} asked for", self.per_class) } else { String::new() })?;
        }
        Ok(())
    }
}
