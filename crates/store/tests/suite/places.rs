//! The three kinds of places, empty.

use std::{fs, io::Write, path::Path};

use segno_store::{Store, StoreError};
use tempfile::TempDir;

use crate::server::{BUCKET, Server, borrowed};

/// A place, and what keeps it there.
pub struct Place {
    pub store: Store,
    pub folder: TempDir,
    pub server: Option<Server>,
}

impl Place {
    /// What a writer left that is no object: temporary files, parts of uploads.
    pub fn remains(&self) -> Vec<String> {
        let uploads = self.server.iter().flat_map(Server::uploads).map(|path| path.display().to_string());
        uploads
            .chain(files(self.folder.path()))
            .filter(|path| !self.store.names().unwrap().iter().any(|name| path.ends_with(name)))
            .collect()
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path.display().to_string()] }).collect()
}

/// An empty place of each kind, which nothing was written to yet.
pub fn places() -> [Place; 3] {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let at = |folder: &TempDir| format!("{}/not yet/there", folder.path().display());
    let url = format!("file://{}", at(&folders[1]).replace(' ', "%20"));
    let server = Server::start();
    let settings = server.settings();
    let stores = [
        Store::open(&at(&folders[0])).unwrap(),
        Store::open(&url).unwrap(),
        Store::open_with(&format!("s3://{BUCKET}/not yet/there/"), &borrowed(&settings)).unwrap(),
    ];
    let mut server = Some(server);
    let mut at_hand = stores.into_iter().zip(folders).enumerate().map(|(index, (store, folder))| {
        let server = if index == 2 { server.take() } else { None };
        Place { store, folder, server }
    });
    [(); 3].map(|()| at_hand.next().unwrap())
}

/// Writes an object whole.
pub fn put(store: &Store, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let mut writer = store.create(name)?;
    writer.write_all(bytes).unwrap();
    writer.commit()
}

/// Reads an object whole.
pub fn get(store: &Store, name: &str) -> Result<Vec<u8>, StoreError> {
    let object = store.object(name)?;
    let mut bytes = vec![0; object.len()? as usize];
    object.read_at(0, &mut bytes)?;
    Ok(bytes)
}

/// Bytes that differ from place to place.
pub fn noise(n_bytes: usize) -> Vec<u8> {
    (0..n_bytes as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}
