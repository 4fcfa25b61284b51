//! Errors of the libraries below become ours, with the file's name.

use std::{io, path::Path};

use parquet::errors::ParquetError;
use segno_store::StoreError;

use crate::DatasetError;

impl DatasetError {
    /// Names the file in an error of the file system.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn read(path: &Path) -> impl FnOnce(ParquetError) -> Self {
        let path = path.to_owned();
        move |source| store_fault(source).unwrap_or_else(|source| Self::Parquet { path, source })
    }

    pub(crate) fn write<E: Into<ParquetError>>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |source| store_fault(source.into()).unwrap_or_else(|source| Self::ParquetWrite { path, source })
    }

    pub(crate) fn row(path: &Path, row: usize, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::BadRow { path: path.to_owned(), row, found: found.into(), expected: expected.into() }
    }
}

/// The store's own error, if it is what stopped Parquet: the file's bytes are not at fault then.
fn store_fault(error: ParquetError) -> Result<DatasetError, ParquetError> {
    let ParquetError::External(cause) = error else { return Err(error) };
    let cause = match cause.downcast::<io::Error>() {
        Ok(error) => match error.downcast::<ParquetError>() {
            // A reader's error, wrapped for `Read` and once more by Parquet.
            Ok(error) => return store_fault(error),
            Err(error) => match error.downcast::<StoreError>() {
                Ok(error) => return Ok(error.into()),
                Err(error) => error.into(),
            },
        },
        Err(cause) => cause,
    };
    match cause.downcast::<StoreError>() {
        Ok(error) => Ok((*error).into()),
        Err(cause) => Err(ParquetError::External(cause)),
    }
}
