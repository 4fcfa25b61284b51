//! Learning curves: one row an epoch.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, Float32Array, UInt32Array},
    datatypes::DataType,
};

use crate::{
    DatasetError,
    table::{self, Table},
};

const CURVES: &str = "curves";
const BEST_EPOCH: &str = "segno.best_epoch";
const TASKS: &str = "segno.tasks";

/// Losses and accuracies after one epoch; accuracies are fractions in [0, 1], one a task, in the order of [`Curves::tasks`].
#[derive(Clone, Debug, PartialEq)]
pub struct EpochRow {
    /// Counted from 1.
    pub epoch: u32,
    /// Mean loss over the epoch's training batches, with dropout.
    pub train_loss: f32,
    /// Mean loss on the validation part.
    pub valid_loss: f32,
    /// Accuracies over the epoch's training batches, with dropout.
    pub train_accuracy: Vec<f32>,
    /// Accuracies on the validation part.
    pub valid_accuracy: Vec<f32>,
}

/// The learning curves of one training run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The tasks that accuracies are of, in the order of the network's heads.
    pub tasks: Vec<String>,
    /// The epoch whose parameters the model file holds (0: no epochs, e.g. a convex fit).
    pub best_epoch: u32,
    /// One row an epoch, in order.
    pub epochs: Vec<EpochRow>,
}

impl Curves {
    /// Writes `curves.parquet`: epoch, losses, and `train_accuracy:<task>` and `valid_accuracy:<task>` a task.
    ///
    /// # Errors
    /// A row has not one accuracy a task, a task is named twice, or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        self.check(path)?;
        let epochs = UInt32Array::from_iter_values(self.epochs.iter().map(|row| row.epoch));
        let floats = |get: &dyn Fn(&EpochRow) -> f32| -> ArrayRef { Arc::new(Float32Array::from_iter_values(self.epochs.iter().map(get))) };
        let names: Vec<[String; 2]> = self.tasks.iter().map(|task| accuracy_columns(task)).collect();
        let mut columns = vec![
            ("epoch", Arc::new(epochs) as _, false),
            ("train_loss", floats(&|row| row.train_loss), false),
            ("valid_loss", floats(&|row| row.valid_loss), false),
        ];
        for (task, [train, valid]) in names.iter().enumerate() {
            columns.push((train, floats(&|row| row.train_accuracy[task]), false));
            columns.push((valid, floats(&|row| row.valid_accuracy[task]), false));
        }
        let tasks = serde_json::to_string(&self.tasks).expect("tasks are nothing but text");
        table::write(path, CURVES, vec![(BEST_EPOCH, self.best_epoch.to_string()), (TASKS, tasks)], columns)
    }

    /// Reads `curves.parquet`.
    ///
    /// # Errors
    /// The file is not there, not whole, or not a table of curves; the epochs are out of order, or the best is none of them.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, CURVES)?;
        let tasks: Vec<String> = table.metadata.json(TASKS, "a json list of tasks")?;
        let epochs: &UInt32Array = table.column("epoch", &DataType::UInt32, false)?;
        let (train_loss, valid_loss) = (floats(&table, "train_loss")?, floats(&table, "valid_loss")?);
        let accuracies = tasks
            .iter()
            .map(|task| {
                let [train, valid] = accuracy_columns(task);
                Ok((floats(&table, &train)?, floats(&table, &valid)?))
            })
            .collect::<Result<Vec<_>, DatasetError>>()?;
        let epochs: Vec<EpochRow> = (0..table.batch.num_rows())
            .map(|row| EpochRow {
                epoch: epochs.value(row),
                train_loss: train_loss.value(row),
                valid_loss: valid_loss.value(row),
                train_accuracy: accuracies.iter().map(|(train, _)| train.value(row)).collect(),
                valid_accuracy: accuracies.iter().map(|(_, valid)| valid.value(row)).collect(),
            })
            .collect();
        let best_epoch: u32 = table.metadata.parsed(BEST_EPOCH, "an epoch's number")?;
        if best_epoch != 0 && !epochs.iter().any(|row| row.epoch == best_epoch) {
            let found = best_epoch.to_string();
            return Err(table.metadata.bad(BEST_EPOCH, &found, "0 or one of the epochs"));
        }
        let this = Self { tasks, best_epoch, epochs };
        this.check(path)?;
        Ok(this)
    }

    fn check(&self, path: &Path) -> Result<(), DatasetError> {
        let wrong = |row: usize, found: String, expected: &str| Err(DatasetError::row(path, row, found, expected));
        if self.tasks.iter().collect::<BTreeSet<_>>().len() < self.tasks.len() {
            return wrong(0, format!("the tasks {}", self.tasks.join(", ")), "each task once");
        }
        for (row, epoch) in self.epochs.iter().enumerate() {
            if [&epoch.train_accuracy, &epoch.valid_accuracy].iter().any(|all| all.len() != self.tasks.len()) {
                let found = format!("{} and {} accuracies", epoch.train_accuracy.len(), epoch.valid_accuracy.len());
                return wrong(row, found, &format!("{}, one a task", self.tasks.len()));
            }
            if row > 0 && epoch.epoch <= self.epochs[row - 1].epoch {
                return wrong(row, format!("epoch {}", epoch.epoch), "epochs in rising order");
            }
        }
        Ok(())
    }
}

fn accuracy_columns(task: &str) -> [String; 2] {
    ["train", "valid"].map(|part| format!("{part}_accuracy:{task}"))
}

fn floats<'a>(table: &'a Table, name: &str) -> Result<&'a Float32Array, DatasetError> {
    table.column(name, &DataType::Float32, false)
}
