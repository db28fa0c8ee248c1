//! What can go wrong between a program and its G-code.

use offcut_geometry::Cancelled;
use thiserror::Error;

/// Why G-code was not written or not read.
#[derive(Debug, Error)]
pub enum Error {
    /// The job was cancelled from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Custom G-code has a fault.
    #[error(transparent)]
    Macro(#[from] crate::macros::MacroError),
    /// The output refused the text.
    #[error("the G-code could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// A step names a path, layer or object that the program does not have.
    #[error("step {step} of the program refers to {what} {index}, which does not exist")]
    BrokenProgram {
        /// Index of the step.
        step: usize,
        /// What is missing.
        what: &'static str,
        /// The index that was asked for.
        index: u32,
    },
    /// A cut in a program for a printer.
    #[error("step {step} of the program is not for a printer; write it with the dialect of a laser or mill")]
    NotAPrint {
        /// Index of the step.
        step: usize,
    },
    /// Plastic or heat in a program for a laser or mill.
    #[error("step {step} of the program is for a printer; a laser or mill can't do it")]
    NotACut {
        /// Index of the step.
        step: usize,
    },
    /// A number that no G-code word can carry.
    #[error(
        "step {step} of the program has {what} {value}, which cannot be written; check the settings of speed, width and flow"
    )]
    BadNumber {
        /// Index of the step.
        step: usize,
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// The machine must not run this program.
    #[error("the G-code was not written because the machine could not run it safely: {}", summary(.0))]
    Unsafe(Vec<crate::verify::Finding>),
    /// The text does not say what the program says.
    #[error("the written G-code differs from the program in line {line} of layer chunk {chunk}: {what}")]
    Mismatch {
        /// Which chunk of the text, counted from 0 (the part before the first layer).
        chunk: usize,
        /// Line within the chunk, from 1.
        line: usize,
        /// The difference.
        what: String,
    },
}

fn summary(findings: &[crate::verify::Finding]) -> String {
    let mut s = String::new();
    for (i, f) in findings.iter().take(3).enumerate() {
        if i > 0 {
            s.push_str("; ");
        }
        s.push_str(&f.to_string());
    }
    if findings.len() > 3 {
        s.push_str(&format!("; and {} more", findings.len() - 3));
    }
    s
}
