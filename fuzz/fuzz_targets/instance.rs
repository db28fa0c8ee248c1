#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| offcut_fuzz::instance(bytes));
