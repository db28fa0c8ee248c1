//! Reading inputs and writing outputs: whole or not at all, never by accident over something else.

use crate::failure::Failure;
use crate::interrupt;
use offcut::Input;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Reads a file; `-` is standard input.
pub fn read(path: &Path) -> Result<Input, Failure> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    if name == "-" {
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|e| Failure::input(format!("standard input: {}", reason(&e))))?;
        return Ok(Input {
            name: "standard input".into(),
            bytes,
        });
    }
    if path.is_dir() {
        return Err(Failure::input(format!("{name}: is a folder; name a file in it")));
    }
    bytes = whole(path).map_err(|e| Failure::input(format!("{name}: {}", reason(&e))))?;
    Ok(Input { name, bytes })
}

/// A large file is read by all threads, a piece each: it comes from memory as a rule, and the copying counts.
#[cfg(unix)]
fn whole(path: &Path) -> std::io::Result<Vec<u8>> {
    use rayon::prelude::*;
    use std::os::unix::fs::FileExt;
    const PIECE: usize = 1 << 20;
    let mut file = std::fs::File::open(path)?;
    let about = file.metadata()?;
    let mut bytes = Vec::new();
    if !about.is_file() || about.len() <= 2 * PIECE as u64 {
        file.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    let size = about.len() as usize;
    // Zeroed pages cost nothing before they are touched, but only this tells that there are none.
    bytes.try_reserve_exact(size)?;
    bytes = vec![0; size];
    bytes
        .par_chunks_mut(PIECE)
        .enumerate()
        .try_for_each(|(i, piece)| file.read_exact_at(piece, (i * PIECE) as u64))?;
    Ok(bytes)
}

#[cfg(not(unix))]
fn whole(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// Where a product goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl Target {
    /// Decides where the product goes, and refuses early what could only fail late: `given` by `-o`,
    /// otherwise beside the first input with another extension.
    pub fn choose(
        given: Option<&Path>,
        inputs: &[PathBuf],
        extension: &str,
        force: bool,
    ) -> Result<Self, Failure> {
        let beside = match inputs.first() {
            Some(p) if p.as_os_str() != "-" => Some(p.with_extension(extension)),
            _ => None,
        };
        let path = match (given, &beside) {
            (Some(p), _) if p.as_os_str() == "-" => return Ok(Self::Stdout),
            // In a folder it gets the name that it would have beside the input.
            (Some(p), Some(b)) if p.is_dir() => p.join(b.file_name().unwrap_or_default()),
            (Some(p), _) => p.to_owned(),
            (None, Some(b)) => b.clone(),
            (None, None) => {
                return Err(Failure::usage(
                    "the input is standard input: say where the output goes with -o FILE or -o -",
                ));
            }
        };
        let shown = path.display();
        if path.is_dir() {
            return Err(Failure::usage(format!(
                "{shown}: is a folder; name a file in it with -o"
            )));
        }
        let same = |a: &Path, b: &Path| {
            a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(x), Ok(y)) if x == y)
        };
        if inputs.iter().any(|i| same(i, &path)) {
            return Err(Failure::usage(format!(
                "{shown}: is the input; choose another output with -o"
            )));
        }
        if path.is_file() && !force {
            return Err(Failure::usage(format!(
                "{shown}: exists already; --force replaces it, -o names another file"
            )));
        }
        let folder = folder_of(&path);
        if !folder.is_dir() {
            return Err(Failure::output(format!(
                "{shown}: there is no folder {}; create it or choose another output with -o",
                folder.display()
            )));
        }
        Ok(Self::File(path))
    }

    /// The path of a file.
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Stdout => None,
            Self::File(p) => Some(p.display().to_string()),
        }
    }

    /// Lets `produce` write the product. A file is written beside its place and moved there at the end, so
    /// that nobody ever sees half of it.
    pub fn write<T>(&self, produce: impl FnOnce(&mut dyn Write) -> Result<T, Failure>) -> Result<T, Failure> {
        let path = match self {
            Self::Stdout => {
                let mut out = Stdout(std::io::stdout().lock());
                let done = produce(&mut out)?;
                out.flush()
                    .map_err(|e| Failure::output(format!("standard output: {}", reason(&e))))?;
                return Ok(done);
            }
            Self::File(p) => p,
        };
        let fail = |e: &std::io::Error| {
            Failure::output(format!("{}: can't be written: {}", path.display(), reason(e)))
        };
        // A device or pipe can't be replaced by renaming.
        if path.exists() && !path.is_file() {
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .open(path)
                .map_err(|e| fail(&e))?;
            return produce(&mut file);
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".offcut-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The process's mask takes away what the user doesn't want; a temporary file would be private.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(folder_of(path)).map_err(|e| fail(&e))?;
        interrupt::set_unfinished(Some(file.path().to_owned()));
        let done = produce(&mut file);
        let done = match done {
            Ok(d) => d,
            Err(e) => {
                interrupt::set_unfinished(None);
                return Err(e);
            }
        };
        let kept = file.persist(path).map_err(|e| fail(&e.error));
        interrupt::set_unfinished(None);
        kept?;
        Ok(done)
    }

    /// Writes bytes that are there already.
    pub fn write_all(&self, bytes: &[u8]) -> Result<(), Failure> {
        let name = self.path().unwrap_or_else(|| "standard output".into());
        self.write(|sink| {
            sink.write_all(bytes)
                .map_err(|e| Failure::output(format!("{name}: can't be written: {}", reason(&e))))
        })
    }
}

/// Standard output without a line buffer: the engine writes in large pieces.
struct Stdout(std::io::StdoutLock<'static>);

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    }
}

/// What the system says, without its number.
pub fn reason(e: &std::io::Error) -> String {
    use std::io::ErrorKind as K;
    match e.kind() {
        K::NotFound => "there is no such file".into(),
        K::PermissionDenied => "permission denied".into(),
        K::StorageFull => "the disk is full".into(),
        K::BrokenPipe => "the reader is gone".into(),
        _ => {
            let text = e.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_files_are_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.stl");
        let bytes: Vec<u8> = (0..5_000_001u32).map(|i| (i % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        assert!(read(&path).is_ok_and(|read| read.bytes == bytes));
    }
}
