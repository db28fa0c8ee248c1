//! Ctrl-C: asks the engine to stop, and makes sure that it is over within a second.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Set when the user wants to stop.
pub static CANCEL: AtomicBool = AtomicBool::new(false);

/// The file that is being written, to be removed when the process has to leave early.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// How long a stage may take to notice.
const PATIENCE: Duration = Duration::from_millis(700);

/// Begins to listen.
pub fn listen() {
    // Fails only when a handler is there already.
    let _ = ctrlc::set_handler(|| {
        if CANCEL.swap(true, Ordering::SeqCst) {
            leave();
        }
        std::thread::spawn(|| {
            std::thread::park_timeout(PATIENCE);
            leave();
        });
    });
}

fn leave() -> ! {
    remove_unfinished();
    eprintln!("offcut: cancelled");
    std::process::exit(130);
}

/// Names the file that is being written.
pub fn set_unfinished(path: Option<PathBuf>) {
    if let Ok(mut u) = UNFINISHED.lock() {
        *u = path;
    }
}

/// Removes the file that is being written.
pub fn remove_unfinished() {
    if let Ok(mut u) = UNFINISHED.lock()
        && let Some(path) = u.take()
    {
        // It may be gone already.
        let _ = std::fs::remove_file(path);
    }
}
