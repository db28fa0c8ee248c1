//! Chores of the repository: `cargo xtask models | docs | readme | types | wasm`.

mod docs;
mod models;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let task = std::env::args().nth(1);
    let done = match task.as_deref() {
        Some("models") => models::generate(&root.join("test-models")),
        Some("docs") => docs::settings_page(&root),
        Some("readme") => docs::run_readme(&root),
        Some("types") => wasm::types(&root.join("wasm")),
        Some("wasm") => wasm::package(&root),
        _ => Err("usage: cargo xtask models | docs | readme | types | wasm".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("xtask: {e}");
            ExitCode::FAILURE
        }
    }
}
