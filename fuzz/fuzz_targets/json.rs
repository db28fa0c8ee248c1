//! Any bytes named .json are read or refused, and what is read makes contours, parts and files that read again.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| offcut_fuzz::drawing(bytes, "fuzz.json"));
