//! Which class was taken for which.

use serde::Serialize;

/// One class of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Whether the model could answer with it. A class that the test part holds and the model does not know keeps its
    /// row, and every clip of it counts as wrong.
    pub known: bool,
}

/// A confusion matrix of counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The model's classes in its order, then those that it does not know, by name.
    pub classes: Vec<Class>,
    /// `counts[true][predicted]`, both in the order of `classes`.
    pub counts: Vec<Vec<u64>>,
}

impl Confusion {
    /// Counts pairs of the true label and the index, among `known`, of the label answered.
    ///
    /// # Panics
    /// If an index is not one of `known`.
    pub fn count<'a>(known: &[String], pairs: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let mut matrix = Self::default();
        for name in known {
            matrix.index_of(name, true);
        }
        for (truth, answer) in pairs {
            let row = matrix.index_of(truth, false);
            matrix.counts[row][answer] += 1;
        }
        matrix.in_order()
    }

    /// This matrix with another's counts added, class by class of the same name.
    pub fn merged(self, other: &Self) -> Self {
        let mut sum = self;
        let places: Vec<usize> = other
            .classes
            .iter()
            .map(|class| {
                let place = sum.index_of(&class.name, class.known);
                sum.classes[place].known |= class.known;
                place
            })
            .collect();
        for (row, counts) in other.counts.iter().enumerate() {
            for (column, count) in counts.iter().enumerate() {
                sum.counts[places[row]][places[column]] += count;
            }
        }
        sum.in_order()
    }

    /// How many were truly of class `index`.
    pub fn support(&self, index: usize) -> u64 {
        self.counts[index].iter().sum()
    }

    /// How often class `index` was answered.
    pub fn predicted(&self, index: usize) -> u64 {
        self.counts.iter().map(|row| row[index]).sum()
    }

    /// How many were counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// How many were answered rightly.
    pub fn correct(&self) -> u64 {
        (0..self.classes.len()).map(|index| self.counts[index][index]).sum()
    }

    /// The share of class `truth` that was taken for class `answer`; `None` for a class without support.
    pub fn share(&self, truth: usize, answer: usize) -> Option<f64> {
        let support = self.support(truth);
        (support > 0).then(|| self.counts[truth][answer] as f64 / support as f64)
    }

    /// The place of `name`, which is appended where it is new.
    fn index_of(&mut self, name: &str, known: bool) -> usize {
        if let Some(index) = self.classes.iter().position(|class| class.name == name) {
            return index;
        }
        self.classes.push(Class { name: name.to_owned(), known });
        for row in &mut self.counts {
            row.push(0);
        }
        self.counts.push(vec![0; self.classes.len()]);
        self.classes.len() - 1
    }

    /// The same matrix with the unknown classes last and by name, so that the order of the clips leaves no trace.
    fn in_order(self) -> Self {
        let mut order: Vec<usize> = (0..self.classes.len()).collect();
        order.sort_by_key(|&index| {
            let class = &self.classes[index];
            (!class.known, (!class.known).then(|| class.name.clone()), index)
        });
        Self {
            classes: order.iter().map(|&index| self.classes[index].clone()).collect(),
            counts: order.iter().map(|&row| order.iter().map(|&column| self.counts[row][column]).collect()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn an_unknown_class_keeps_its_row_and_comes_last() {
        let matrix = Confusion::count(&names(&["rock", "jazz"]), [("ska", 0), ("rock", 0), ("dub", 1), ("jazz", 0)]);
        let order: Vec<_> = matrix.classes.iter().map(|class| (class.name.as_str(), class.known)).collect();
        assert_eq!(order, [("rock", true), ("jazz", true), ("dub", false), ("ska", false)]);
        assert_eq!(matrix.counts, [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]);
        assert_eq!((matrix.total(), matrix.correct()), (4, 1));
    }

    #[test]
    fn adding_goes_by_name() {
        let first = Confusion::count(&names(&["rock", "jazz"]), [("rock", 0), ("ska", 1)]);
        let second = Confusion::count(&names(&["jazz", "ska"]), [("jazz", 0), ("ska", 1), ("rock", 0)]);
        let sum = first.merged(&second);
        let order: Vec<_> = sum.classes.iter().map(|class| (class.name.as_str(), class.known)).collect();
        assert_eq!(order, [("rock", true), ("jazz", true), ("ska", true)], "what one model knows is known");
        assert_eq!(sum.counts, [[1, 1, 0], [0, 1, 0], [0, 1, 1]]);
    }

    #[test]
    fn the_share_of_a_class_without_support_is_undefined() {
        let matrix = Confusion::count(&names(&["rock", "jazz"]), [("rock", 1)]);
        assert_eq!(matrix.share(0, 1), Some(1.0));
        assert_eq!(matrix.share(1, 1), None);
    }
}
