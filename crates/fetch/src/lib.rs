//! Download, verify and unpack a corpus archive.
