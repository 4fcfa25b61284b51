//! The shards of an experiment's rows, opened once a feature set.

use std::{cell::RefCell, collections::BTreeMap, path::PathBuf, rc::Rc};

use anyhow::Result;
use segno_dataset::{Manifest, ShardSet};

use super::shards;
use crate::experiment::{Experiment, Row};
use crate::layout::Layout;

/// Opens shards when they are first asked for.
pub struct Features<'a> {
    layout: &'a Layout,
    experiment: &'a Experiment,
    manifest: &'a Manifest,
    opened: RefCell<BTreeMap<PathBuf, Option<Opened>>>,
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

    /// The features of a row; `None` where they do not lie in the work folder or are of another corpus or specification.
    pub fn of(&self, row: &Row) -> Result<Option<Opened>> {
        let folder = self.layout.features(self.experiment.feature_set(row)?)?;
        if let Some(known) = self.opened.borrow().get(&folder) {
            return Ok(known.clone());
        }
        let found = shards(self.layout, self.experiment, row, self.manifest).ok();
        let found = found.map(|shards| Opened { digest: shards.digest(), shards: Rc::new(shards) });
        self.opened.borrow_mut().insert(folder, found.clone());
        Ok(found)
    }
}
