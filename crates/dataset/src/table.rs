//! Small tables as Parquet: named columns, and file metadata under `segno.*`.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use arrow::{
    array::{Array, ArrayRef, RecordBatch, RecordBatchReader, StringArray},
    compute::concat_batches,
    datatypes::{DataType, Field, Schema},
};
use parquet::{
    arrow::{
        ArrowWriter, ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    },
    errors::ParquetError,
    file::{
        metadata::{KeyValue, ParquetMetaData},
        properties::WriterProperties,
        reader::ChunkReader,
    },
};

use segno_store::Store;

use crate::{DatasetError, footer, pages};

/// The version of every table's layout; a reader refuses another.
pub(crate) const SCHEMA_VERSION: &str = "2";

pub(crate) const TABLE: &str = "segno.table";
pub(crate) const VERSION: &str = "segno.schema_version";
pub(crate) const CORPUS: &str = "segno.corpus";
pub(crate) const CORPUS_DIGEST: &str = "segno.corpus_digest";

/// The metadata that every table opens with, followed by `more`.
pub(crate) fn key_values(table: &str, more: Vec<(&str, String)>) -> Vec<KeyValue> {
    [(TABLE, table.into()), (VERSION, SCHEMA_VERSION.into())]
        .into_iter()
        .chain(more)
        .map(|(key, value)| KeyValue::new(key.into(), value))
        .collect()
}

/// Writes one table whole, and clears from its folder what writers that were killed left there a day ago.
pub(crate) fn write(
    path: &Path,
    table: &str,
    metadata: Vec<(&str, String)>,
    columns: Vec<(&str, ArrayRef, bool)>,
) -> Result<(), DatasetError> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array, nullable)| Field::new(*name, array.data_type().clone(), *nullable)).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|(_, array, _)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(DatasetError::write(path))?;
    let properties = WriterProperties::builder().set_key_value_metadata(Some(key_values(table, metadata))).build();
    let name = path.file_name().and_then(OsStr::to_str).ok_or_else(|| DatasetError::NotUnicode { path: path.to_owned() })?;
    let store = Store::folder(path.parent().unwrap_or(Path::new("")));
    // What a writer that was killed left is of no harm: nor is it that it stays, where the folder does not let it go.
    let _ = store.clear_leftovers();
    let file = store.create(name)?;
    let fail = || DatasetError::write::<ParquetError>(path);
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(fail())?;
    writer.write(&batch).map_err(fail())?;
    Ok(writer.into_inner().map_err(fail())?.commit()?)
}

/// The `segno.*` metadata of a file that says it is `table`.
pub(crate) struct Metadata {
    path: PathBuf,
    values: BTreeMap<String, String>,
}

impl Metadata {
    pub(crate) fn of(path: &Path, table: &str, metadata: &ParquetMetaData) -> Result<Self, DatasetError> {
        let values: BTreeMap<String, String> = metadata
            .file_metadata()
            .key_value_metadata()
            .into_iter()
            .flatten()
            .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
            .collect();
        let this = Self { path: path.to_owned(), values };
        match this.values.get(TABLE) {
            Some(found) if found == table => {}
            found => {
                return Err(DatasetError::WrongTable {
                    path: path.to_owned(),
                    found: found.map_or("a parquet file of another program".into(), |name| format!("the segno table '{name}'")),
                    expected: table.into(),
                });
            }
        }
        match this.text(VERSION)? {
            SCHEMA_VERSION => Ok(this),
            found => Err(this.bad(VERSION, found, SCHEMA_VERSION)),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    pub(crate) fn text(&self, key: &str) -> Result<&str, DatasetError> {
        match self.values.get(key) {
            Some(value) => Ok(value),
            None => Err(self.bad(key, "nothing", "a value")),
        }
    }

    /// The value under `key`, parsed.
    pub(crate) fn parsed<T: FromStr>(&self, key: &str, expected: &str) -> Result<T, DatasetError> {
        let text = self.text(key)?;
        text.parse().map_err(|_| self.bad(key, text, expected))
    }

    /// The value under `key`, read as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, key: &str, expected: &str) -> Result<T, DatasetError> {
        let text = self.text(key)?;
        serde_json::from_str(text).map_err(|_| self.bad(key, text, expected))
    }

    pub(crate) fn bad(&self, key: &str, found: &str, expected: &str) -> DatasetError {
        DatasetError::BadMetadata { path: self.path.clone(), key: key.into(), found: found.into(), expected: expected.into() }
    }
}

/// A table read whole.
pub(crate) struct Table {
    pub(crate) path: PathBuf,
    pub(crate) metadata: Metadata,
    pub(crate) batch: RecordBatch,
}

/// Opens a Parquet file and reads its footer.
pub(crate) fn open(path: &Path) -> Result<(File, ArrowReaderMetadata), DatasetError> {
    let file = File::open(path).map_err(DatasetError::io(path))?;
    let footer = footer::load(&file, false).map_err(DatasetError::read(path))?;
    Ok((file, footer))
}

/// Rows read at once: what a file of few bytes can make of one batch is to stay small.
const BATCH_ROWS: usize = 64;
/// Bytes that a table's cells may take in memory for each of its file's: a run of equal cells takes a few, however long it is.
const MOST_GROWTH: usize = 32;
/// Up to here, cells are not held against the file's length.
const FREE_BYTES: usize = 16 << 20;

/// Reads the columns of `mask` whole.
///
/// The parquet crate panics on some damaged pages (60.1: a page header that asks for a dictionary there is not); a damaged
/// file is an error like any other, so the panic ends here. What it would reserve too much for is refused before ([`pages`]).
pub(crate) fn read_batch<R: ChunkReader>(
    path: &Path,
    reader: R,
    footer: ArrowReaderMetadata,
    mask: ProjectionMask,
) -> Result<RecordBatch, DatasetError> {
    let decode = move || {
        let allowed = usize::try_from(reader.len())?.saturating_mul(MOST_GROWTH).max(FREE_BYTES);
        let chunks = pages::read(&reader, footer.metadata(), &mask, allowed as u64)?;
        // With an index the pages would be read from where it says, and not where they were looked at.
        let metadata = footer.metadata().as_ref().clone().into_builder().set_page_index(None).build();
        let footer = ArrowReaderMetadata::try_new(metadata.into(), ArrowReaderOptions::new())?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(chunks, footer);
        let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build()?;
        let schema = reader.schema();
        if let Some(field) = schema.fields().iter().find(|field| !is_of_a_table(field.data_type())) {
            return Err(ParquetError::General(format!("column '{}' is {}, which no table has", field.name(), field.data_type())));
        }
        let (mut batches, mut bytes) = (Vec::new(), 0);
        for batch in reader {
            let batch = batch?;
            bytes += batch.get_array_memory_size();
            if bytes > allowed {
                return Err(ParquetError::General(format!("its cells take more than {allowed} bytes of memory")));
            }
            batches.push(batch);
        }
        Ok::<_, ParquetError>(concat_batches(&schema, &batches)?)
    };
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(ParquetError::General("damaged page".into())))
        .map_err(DatasetError::read(path))
}

/// Whether tables have columns of this type: of none is an empty cell as large as the footer says.
fn is_of_a_table(data_type: &DataType) -> bool {
    let is_plain = |kind: &DataType| kind.is_integer() || kind.is_floating() || matches!(kind, DataType::Boolean | DataType::Utf8);
    match data_type {
        DataType::List(item) => is_plain(item.data_type()),
        other => is_plain(other),
    }
}

/// Reads a table whole.
pub(crate) fn read(path: &Path, table: &str) -> Result<Table, DatasetError> {
    let (file, footer) = open(path)?;
    let metadata = Metadata::of(path, table, footer.metadata())?;
    let batch = read_batch(path, file, footer, ProjectionMask::all())?;
    Ok(Table { path: path.to_owned(), metadata, batch })
}

impl Table {
    /// A column as the array type `A`.
    pub(crate) fn column<A: Array + 'static>(&self, name: &str, expected: &DataType, nullable: bool) -> Result<&A, DatasetError> {
        column(&self.path, &self.batch, name, expected, nullable)
    }

    /// A column of text without gaps.
    pub(crate) fn strings(&self, name: &str) -> Result<&StringArray, DatasetError> {
        self.column(name, &DataType::Utf8, false)
    }

    /// A column of text with gaps.
    pub(crate) fn optional_strings(&self, name: &str) -> Result<Vec<Option<String>>, DatasetError> {
        let array: &StringArray = self.column(name, &DataType::Utf8, true)?;
        Ok(array.iter().map(|value| value.map(str::to_owned)).collect())
    }

    pub(crate) fn bad_row(&self, row: usize, found: impl Into<String>, expected: impl Into<String>) -> DatasetError {
        DatasetError::row(&self.path, row, found, expected)
    }
}

/// A column of `batch` as the array type `A`, which holds `expected`.
pub(crate) fn column<'a, A: Array + 'static>(
    path: &Path,
    batch: &'a RecordBatch,
    name: &str,
    expected: &DataType,
    nullable: bool,
) -> Result<&'a A, DatasetError> {
    let wrong =
        |found: String| DatasetError::WrongColumn { path: path.to_owned(), column: name.into(), found, expected: format!("{expected}") };
    let array = batch.column_by_name(name).ok_or_else(|| wrong("no such column".into()))?;
    if !nullable && array.null_count() > 0 {
        return Err(wrong(format!("{} empty cells", array.null_count())));
    }
    array.as_any().downcast_ref().filter(|_| array.data_type() == expected).ok_or_else(|| wrong(format!("{}", array.data_type())))
}

/// Text as a column.
pub(crate) fn text_column<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// Text with gaps as a column.
pub(crate) fn optional_text_column<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}
