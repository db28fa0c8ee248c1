//! The stock in its file: changed by one process at a time, whole at any moment.
//!
//! A change takes the lock beside the file, writes the new stock to a second file, waits until it is on the disk, and
//! renames it over the first. Whoever is killed on the way leaves the old stock or the new one.

use crate::failure::Failure;
use crate::files::reason;
use offcut::stock::Stock;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the stock lies: `given`, or `stock.json` in the user's folder for data.
pub fn path(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(p) = given {
        return Ok(p.to_owned());
    }
    let folder = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    folder("XDG_DATA_HOME")
        .filter(|p| p.is_absolute())
        .or_else(|| folder("HOME").map(|h| h.join(".local/share")))
        .or_else(|| folder("APPDATA"))
        .map(|p| p.join("offcut/stock.json"))
        .ok_or_else(|| Failure::usage("there is no home folder; say where the stock lies with --stock FILE"))
}

/// Reads the stock; there is an empty one where no file is.
pub fn read(path: &Path) -> Result<Stock, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Stock::read(&path.display().to_string(), &bytes)?),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Stock::default()),
        Err(e) => Err(Failure::input(format!("{}: {}", path.display(), reason(&e)))),
    }
}

/// Changes the stock; nothing is written when `change` fails.
pub fn change<T>(path: &Path, change: impl FnOnce(&mut Stock) -> Result<T, Failure>) -> Result<T, Failure> {
    let fail =
        |e: &std::io::Error| Failure::output(format!("{}: can't be written: {}", path.display(), reason(e)));
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(|e| fail(&e))?;
    let beside = |end: &str| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(end);
        path.with_file_name(name)
    };
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(beside(".lock"))
        .map_err(|e| fail(&e))?;
    // Released when the process ends, however it ends.
    lock.lock().map_err(|e| fail(&e))?;
    let before = read(path)?;
    let mut stock = before.clone();
    let done = change(&mut stock)?;
    if stock != before {
        let part = beside(".part");
        let mut file = File::create(&part).map_err(|e| fail(&e))?;
        file.write_all(stock.write().as_bytes()).map_err(|e| fail(&e))?;
        file.sync_all().map_err(|e| fail(&e))?;
        std::fs::rename(&part, path).map_err(|e| fail(&e))?;
        #[cfg(unix)]
        File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(|e| fail(&e))?;
    }
    Ok(done)
}
