//! Any bytes, as a package or as the model part of one, are read or refused, and what is read can be repaired.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        offcut_fuzz::read(bytes, "fuzz.3mf");
    } else {
        offcut_fuzz::read(&package(bytes), "fuzz.3mf");
    }
});

/// A package around a model part: most mutations of a whole archive end at its checksums.
fn package(part: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("3D/3dmodel.model", options).expect("a fresh archive");
    zip.write_all(part).expect("memory");
    zip.finish().expect("memory").into_inner()
}
