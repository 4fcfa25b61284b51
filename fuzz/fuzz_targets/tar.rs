//! An archive unpacked: whatever is in it, nothing is written outside the target folder, and no link is made.
#![no_main]

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;
use segno_fetch::{Limits, unpack_tar_gz};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("archive.tar.gz", data);
    // Mutated bytes are no gzip for long: what does not begin as one is taken for the tar within.
    if !data.starts_with(&[0x1f, 0x8b]) {
        let mut gzip = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::none());
        gzip.write_all(data).unwrap();
        gzip.finish().unwrap();
    }
    let limits = Limits { files: 100, bytes: 16 << 20, ..Limits::default() };
    let folder = path.parent().unwrap();
    let done = unpack_tar_gz(&path, &folder.join("audio"), &limits, &mut |_| ());
    let names: &[&str] = if done.is_ok() { &["archive.tar.gz", "audio"] } else { &["archive.tar.gz"] };
    segno_fuzz::assert_only(folder, names);
});
