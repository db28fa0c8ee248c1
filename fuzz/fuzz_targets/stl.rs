//! Any bytes named .stl are read or refused, and what is read can be repaired.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| offcut_fuzz::read(bytes, "fuzz.stl"));
