//! Runs the program in a folder of its own and says what came of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The models of the repository.
pub fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-models")
}

/// The corpus beside the repository; `None` (and a line that says so) when it is not there.
pub fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("OFFCUT_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    if path.join("corpus").is_dir() {
        return Some(path);
    }
    eprintln!(
        "skipped: no corpus at {}; OFFCUT_SHARED names another place",
        path.display()
    );
    None
}

/// An empty folder with some of the models in it.
pub struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    pub fn new(files: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for f in files {
            std::fs::copy(models().join(f), dir.path().join(f)).unwrap();
        }
        Self { dir }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Names of all files, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The program in this folder, out of reach of the user's configuration.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut c = Command::new(env!("CARGO_BIN_EXE_offcut"));
        c.args(args)
            .current_dir(self.dir.path())
            .env("HOME", self.dir.path())
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        c
    }

    /// Runs a command line; words are separated by blanks.
    pub fn run(&self, line: &str) -> Run {
        let args: Vec<&str> = line.split_whitespace().collect();
        Run::new(line, self.command(&args).output().unwrap())
    }

    /// Runs a command line with a file as standard input.
    pub fn pipe(&self, line: &str, input: &str) -> Run {
        let args: Vec<&str> = line.split_whitespace().collect();
        let file = std::fs::File::open(self.path(input)).unwrap();
        Run::new(line, self.command(&args).stdin(file).output().unwrap())
    }
}

/// What came of a run.
pub struct Run {
    pub line: String,
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
}

impl Run {
    pub fn new(line: &str, o: Output) -> Self {
        Self {
            line: line.into(),
            code: o.status.code(),
            out: o.stdout,
            err: String::from_utf8_lossy(&o.stderr).into_owned(),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.out)
            .unwrap_or_else(|e| panic!("`{}`: {e} in {}", self.line, self.text()))
    }

    #[track_caller]
    pub fn expect(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "`offcut {}`\n{}", self.line, self.err);
        assert!(
            !self.err.contains("internal fault"),
            "`offcut {}`\n{}",
            self.line,
            self.err
        );
        self
    }

    #[track_caller]
    pub fn says(&self, part: &str) -> &Self {
        assert!(
            self.err.contains(part),
            "`offcut {}` should say `{part}`:\n{}",
            self.line,
            self.err
        );
        self
    }

    #[track_caller]
    pub fn prints(&self, part: &str) -> &Self {
        let text = self.text();
        let head: String = text.chars().take(400).collect();
        assert!(
            text.contains(part),
            "`offcut {}` should print `{part}`:\n{head}",
            self.line
        );
        self
    }

    #[track_caller]
    pub fn silent(&self) -> &Self {
        assert!(
            self.out.is_empty(),
            "`offcut {}` should print nothing:\n{}",
            self.line,
            self.text()
        );
        self
    }
}

/// One line for one expectation: `cli!(bench, "info x.stl" => 3, says "no such file")`.
#[macro_export]
macro_rules! cli {
    ($bench:expr, $line:expr => $code:expr $(, $check:ident $arg:expr)* $(,)?) => {{
        let run = $bench.run($line);
        run.expect($code)$(.$check($arg))*;
        run
    }};
}
