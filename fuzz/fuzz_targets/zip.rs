//! Members taken out of a zip: nothing is written outside the target folder, and no link is made.
#![no_main]

use libfuzzer_sys::fuzz_target;
use segno_fetch::{Limits, extract_members, list_members};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("archive.zip", data);
    let folder = path.parent().unwrap();
    if let Ok(members) = list_members(&path) {
        let names: Vec<String> = members.into_iter().map(|member| member.name).collect();
        let limits = Limits { files: 100, bytes: 16 << 20, ..Limits::default() };
        let _ = extract_members(&path, &names, &folder.join("audio"), &limits, &mut |_| ());
    }
    segno_fuzz::assert_only(folder, &["archive.zip", "audio"]);
});
