//! A tag: its dialect and its items, in their order.

use crate::{Field, Item, dialect::Dialect};

#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub dialect: Dialect,
    pub items: Vec<Item>,
}

impl Tag {
    /// The items of a field.
    pub fn of(&self, field: &Field) -> Vec<Item> {
        self.items.iter().filter(|item| self.dialect.is(item, field)).cloned().collect()
    }

    /// All items but those of some fields.
    pub fn rest<'a>(&'a self, fields: &[&'a Field]) -> Vec<&'a Item> {
        self.items.iter().filter(|item| !fields.iter().any(|field| self.dialect.is(item, field))).collect()
    }

    /// Puts items in the place of a field's, or at the end where it has none.
    pub fn replace(&mut self, field: &Field, new: Vec<Item>) {
        let first = self.items.iter().position(|item| self.dialect.is(item, field));
        let place = first.unwrap_or(self.items.len());
        let dialect = self.dialect;
        self.items.retain(|item| !dialect.is(item, field));
        self.items.splice(place..place, new);
    }

    /// What items say, as text.
    pub fn values(&self, items: &[Item]) -> Vec<String> {
        items.iter().flat_map(|item| self.dialect.values(item)).filter(|value| !value.is_empty()).collect()
    }
}
