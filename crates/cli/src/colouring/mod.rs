//! What the tracks of a map are coloured by: a table that `segno predict` wrote, a head that answers from the embeddings, labels of a corpus.

mod head;
mod labels;
mod sheet;
mod table;

pub use head::of_head;
pub use labels::{files, of_labels};
pub use table::Table;
