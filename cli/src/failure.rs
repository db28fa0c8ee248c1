//! Errors as people and scripts see them: one message, one exit status.

use std::process::ExitCode;

/// Why a command failed.
pub struct Failure {
    /// 1 can't be made, 2 usage or settings, 3 unreadable input, 4 internal fault, 130 cancelled.
    pub code: u8,
    /// Short stable name of the kind.
    pub kind: &'static str,
    /// What, where, what to do.
    pub message: String,
    /// The command whose result document was asked for.
    pub json: Option<&'static str>,
}

impl Failure {
    /// Wrong options.
    pub fn usage(message: impl Into<String>) -> Self {
        offcut::Error::Usage(message.into()).into()
    }

    /// An input that can't be read.
    pub fn input(message: impl Into<String>) -> Self {
        offcut::Error::Input(message.into()).into()
    }

    /// An output that can't be written.
    pub fn output(message: impl Into<String>) -> Self {
        Self {
            kind: "output",
            ..offcut::Error::Impossible(message.into()).into()
        }
    }

    /// Prints the message and gives the exit status.
    pub fn report(self) -> ExitCode {
        if let Some(command) = self.json {
            let fault = offcut::document::Fault::new(self.kind, self.code, &*self.message);
            let document = fault.document(command);
            println!("{document:#}");
        }
        eprintln!("offcut: {}", self.message);
        ExitCode::from(self.code)
    }
}

impl From<offcut::Error> for Failure {
    fn from(e: offcut::Error) -> Self {
        Self {
            code: e.exit_code(),
            kind: e.kind(),
            message: e.to_string(),
            json: None,
        }
    }
}

/// A fault of the program ends with one plain message and status 4.
pub fn plain_panics() {
    std::panic::set_hook(Box::new(|info| {
        let what = info
            .payload()
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| info.payload().downcast_ref::<String>().map(String::as_str))
            .unwrap_or("unknown");
        let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line()));
        // Printing a broken pipe's message would fail again.
        if what.contains("Broken pipe") {
            std::process::exit(1);
        }
        eprintln!(
            "offcut: internal fault: {what}{}; please report it together with the input",
            place.unwrap_or_default()
        );
        crate::interrupt::remove_unfinished();
        std::process::exit(4);
    }));
}
