//! The macro language of custom G-code: placeholders, arithmetic, conditions.
//!
//! In: a template and [`Vars`]. Out: text. `{expression}` and `[name]` are replaced; `{if c}` …
//! `{elsif c}` … `{else}` … `{endif}` choose text; `{local a = 1}` and `{global b = 2}` make
//! variables, and global ones live as long as the `Vars`. Branches that are not taken are not
//! evaluated. The language is PrusaSlicer's, as its documentation describes it.

mod functions;
mod parser;
mod program;
mod vars;

pub use program::expand_program;
pub use vars::{Value, Vars};

use parser::Parser;
use thiserror::Error;

/// A fault in custom G-code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}, line {line}, column {column}: {message}")]
pub struct MacroError {
    /// The setting that holds the template.
    pub field: String,
    /// Line of the template, from 1.
    pub line: usize,
    /// Character in the line, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// Largest result, bytes.
const MAX_OUTPUT: usize = 16 << 20;

/// Expands a template; `field` names it in errors.
///
/// # Errors
/// When the template is malformed, names what does not exist or asks for something impossible.
pub fn expand(field: &str, template: &str, vars: &mut Vars) -> Result<String, MacroError> {
    if !template.contains(['{', '[']) {
        return Ok(template.to_owned());
    }
    vars.begin();
    let mut p = Parser::new(template, vars);
    p.template().map_err(|(at, message)| {
        let before = &template[..at.min(template.len())];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        MacroError {
            field: field.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message,
        }
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
