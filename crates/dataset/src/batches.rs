//! Batch by batch through some clips, reading ahead where they are not in memory.

use std::{
    slice::Chunks,
    sync::{
        Arc,
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use crate::{DatasetError, Examples, Features, ShardSet};

/// Threads that read. Each has up to two batches at hand, so that at most five are in memory, with the caller's.
const READERS: usize = 2;

type Read = Result<Vec<f32>, DatasetError>;

/// The batches of [`Examples::batches`]: each the indices of its clips, and their features as
/// `[indices.len(), frames, bins]`.
///
/// Which clips come when is the order's to say; that they are read ahead, and by how many threads, changes nothing.
/// Threads that still read when this is dropped end with the batch they are at.
pub struct Batches<'a> {
    chunks: Chunks<'a, usize>,
    source: Source<'a>,
}

enum Source<'a> {
    Held { values: &'a [f32], n_values: usize },
    Ahead { readers: Vec<Receiver<Read>>, next: usize },
}

impl<'a> Batches<'a> {
    pub(crate) fn new(examples: &'a Examples, order: &'a [usize], batch_size: usize) -> Self {
        let chunks = order.chunks(batch_size);
        let source = match &examples.features {
            Features::Held(values) => Source::Held { values, n_values: examples.shape[0] * examples.shape[1] },
            Features::Streamed { shards, rows } => {
                let readers = (0..READERS).map(|reader| {
                    let batches = chunks.clone().skip(reader).step_by(READERS);
                    let batches = batches.map(|indices| indices.iter().map(|index| rows[*index]).collect()).collect();
                    read_ahead(shards, batches)
                });
                Source::Ahead { readers: readers.collect(), next: 0 }
            }
        };
        Self { chunks, source }
    }
}

/// Reads batches one after another, one of them ahead of the receiver.
fn read_ahead(shards: &Arc<ShardSet>, batches: Vec<Vec<usize>>) -> Receiver<Read> {
    let shards = shards.clone();
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        for rows in batches {
            // An error here is a receiver that was dropped: nobody waits for more.
            if sender.send(shards.read_rows(&rows)).is_err() {
                return;
            }
        }
    });
    receiver
}

impl<'a> Iterator for Batches<'a> {
    type Item = Result<(&'a [usize], Vec<f32>), DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let indices = self.chunks.next()?;
        let features = match &mut self.source {
            Source::Held { values, n_values } => {
                let mut features = Vec::with_capacity(indices.len() * *n_values);
                for index in indices {
                    features.extend_from_slice(&values[index * *n_values..][..*n_values]);
                }
                Ok(features)
            }
            Source::Ahead { readers, next } => {
                let reader = &readers[*next % READERS];
                *next += 1;
                reader.recv().expect("a reader sends a result for each of its batches")
            }
        };
        Some(features.map(|features| (indices, features)))
    }
}
