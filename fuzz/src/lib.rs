//! What the targets have in common: bytes become files, and memory has an end.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Memory that an input may take, in bytes. What libFuzzer measures is what is touched; a header that asks for gigabytes shows here.
const MOST_BYTES: usize = 512 << 20;

static HELD: AtomicUsize = AtomicUsize::new(0);

struct Limited;

#[global_allocator]
static ALLOCATOR: Limited = Limited;

fn take(bytes: usize) {
    if HELD.fetch_add(bytes, Ordering::Relaxed) + bytes > MOST_BYTES {
        HELD.store(0, Ordering::Relaxed);
        eprintln!("more than {MOST_BYTES} bytes: {bytes} asked for\n{}", std::backtrace::Backtrace::force_capture());
        std::process::abort();
    }
}

// SAFETY: every call goes on to the system's allocator as it is; only sizes are counted.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// A panic that the program itself contains is no finding; one that leaves the target ends the run without a hook as well.
pub fn contain_panics() {
    std::panic::set_hook(Box::new(|_| ()));
}

/// An empty folder of this process, in memory where the system has such a place.
pub fn folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = base.join(format!("segno-fuzz-{}", std::process::id()));
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{}: {error}", folder.display()),
        _ => fs::create_dir(&folder).unwrap(),
    }
    folder
}

/// The input as a file of that name, in [`folder`].
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// Fails if `folder` has anything but `names`, or a link anywhere.
pub fn assert_only(folder: &Path, names: &[&str]) {
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(names.iter().any(|allowed| name == *allowed), "{} was written beside the target folder", name.display());
    }
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            assert!(kind.is_dir() || kind.is_file(), "{} is neither file nor folder", entry.path().display());
            if kind.is_dir() {
                folders.push(entry.path());
            }
        }
    }
}
