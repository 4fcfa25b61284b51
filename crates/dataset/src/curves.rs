//! Learning curves: one row an epoch.

use std::{path::Path, sync::Arc};

use arrow::{
    array::{Float32Array, UInt32Array},
    datatypes::DataType,
};

use crate::{DatasetError, table};

const CURVES: &str = "curves";
const BEST_EPOCH: &str = "segno.best_epoch";

/// Losses and accuracies after one epoch; accuracies are fractions in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochRow {
    /// Counted from 1.
    pub epoch: u32,
    /// Mean loss over the epoch's training batches, with dropout.
    pub train_loss: f32,
    /// Accuracy over the epoch's training batches, with dropout.
    pub train_accuracy: f32,
    /// Mean loss on the validation part.
    pub valid_loss: f32,
    /// Accuracy on the validation part.
    pub valid_accuracy: f32,
}

/// The learning curves of one training run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The epoch whose parameters the model file holds (0: no epochs, e.g. a convex fit).
    pub best_epoch: u32,
    /// One row an epoch, in order.
    pub epochs: Vec<EpochRow>,
}

impl Curves {
    /// Writes `curves.parquet`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        let epochs = UInt32Array::from_iter_values(self.epochs.iter().map(|row| row.epoch));
        let floats = |get: fn(&EpochRow) -> f32| Arc::new(Float32Array::from_iter_values(self.epochs.iter().map(get))) as _;
        let columns = vec![
            ("epoch", Arc::new(epochs) as _, false),
            ("train_loss", floats(|row| row.train_loss), false),
            ("train_accuracy", floats(|row| row.train_accuracy), false),
            ("valid_loss", floats(|row| row.valid_loss), false),
            ("valid_accuracy", floats(|row| row.valid_accuracy), false),
        ];
        let metadata = vec![(BEST_EPOCH, self.best_epoch.to_string())];
        table::write(path, CURVES, metadata, columns)
    }

    /// Reads `curves.parquet`.
    ///
    /// # Errors
    /// The file is not there, not whole, or not a table of curves; the epochs are out of order, or the best is none of them.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, CURVES)?;
        let epochs: &UInt32Array = table.column("epoch", &DataType::UInt32, false)?;
        let floats = |name| table.column::<Float32Array>(name, &DataType::Float32, false);
        let (train_loss, train_accuracy) = (floats("train_loss")?, floats("train_accuracy")?);
        let (valid_loss, valid_accuracy) = (floats("valid_loss")?, floats("valid_accuracy")?);
        let epochs: Vec<EpochRow> = (0..table.batch.num_rows())
            .map(|row| EpochRow {
                epoch: epochs.value(row),
                train_loss: train_loss.value(row),
                train_accuracy: train_accuracy.value(row),
                valid_loss: valid_loss.value(row),
                valid_accuracy: valid_accuracy.value(row),
            })
            .collect();
        if let Some(row) = (1..epochs.len()).find(|&i| epochs[i].epoch <= epochs[i - 1].epoch) {
            let found = format!("epoch {}", epochs[row].epoch);
            return Err(table.bad_row(row, found, "epochs in rising order"));
        }
        let best_epoch: u32 = table.metadata.parsed(BEST_EPOCH, "an epoch's number")?;
        if best_epoch != 0 && !epochs.iter().any(|row| row.epoch == best_epoch) {
            let found = best_epoch.to_string();
            return Err(table.metadata.bad(BEST_EPOCH, &found, "0 or one of the epochs"));
        }
        Ok(Self { best_epoch, epochs })
    }
}
