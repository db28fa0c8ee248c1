//! Chores of the repository: `cargo xtask models` writes `test-models/`.

mod models;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let task = std::env::args().nth(1);
    let done = match task.as_deref() {
        Some("models") => models::generate(&root.join("test-models")),
        _ => Err("usage: cargo xtask models".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("xtask: {e}");
            ExitCode::FAILURE
        }
    }
}
