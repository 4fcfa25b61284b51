//! What the tracks of a map are coloured by: a table that `segno predict` wrote, or a head that answers from the embeddings.

mod head;
mod sheet;
mod table;

pub use head::of_head;
pub use table::Table;
