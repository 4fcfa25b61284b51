//! The shards of an experiment's rows, opened once a feature set.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use anyhow::Result;
use segno_dataset::{Manifest, ShardSet};

use super::{shards, store_refuses};
use crate::experiment::{Experiment, Row};
use crate::layout::Layout;

/// Opens shards when they are first asked for.
pub struct Features<'a> {
    layout: &'a Layout,
    experiment: &'a Experiment,
    manifest: &'a Manifest,
    opened: RefCell<BTreeMap<String, Option<Opened>>>,
}

/// A feature set, and its digest, which is of every clip's name.
#[derive(Clone)]
pub struct Opened {
    pub shards: Rc<ShardSet>,
    pub digest: String,
}

impl<'a> Features<'a> {
    pub fn new(layout: &'a Layout, experiment: &'a Experiment, manifest: &'a Manifest) -> Self {
        Self { layout, experiment, manifest, opened: RefCell::default() }
    }

    /// The features of a row; `None` where they are not there or are of another corpus or specification.
    ///
    /// # Errors
    /// The store does not let them be read.
    pub fn of(&self, row: &Row) -> Result<Option<Opened>> {
        let folder = self.layout.features(self.experiment.feature_set(row)?)?.to_string();
        if let Some(known) = self.opened.borrow().get(&folder) {
            return Ok(known.clone());
        }
        let found = match shards(self.layout, self.experiment, row, self.manifest) {
            Ok(shards) => Some(Opened { digest: shards.digest(), shards: Rc::new(shards) }),
            Err(error) if store_refuses(&error) => return Err(error),
            Err(_) => None,
        };
        self.opened.borrow_mut().insert(folder, found.clone());
        Ok(found)
    }
}
