//! From sources of settings to the settings of a job.

use crate::{Error, Warning};
use offcut_settings::PrintSettings;

/// A file that was read already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, for messages.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// Where settings come from, weakest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsSources {
    /// Name or file of the machine profile.
    pub machine: Option<String>,
    /// Name or file of the material profile.
    pub material: Option<String>,
    /// Name or file of the process profile.
    pub process: Option<String>,
    /// Further profiles; later ones win.
    pub profiles: Vec<SourceFile>,
    /// Assignments `key=value`; later ones win.
    pub set: Vec<String>,
    /// No discovery of profiles beyond these.
    pub isolated: bool,
}

/// Settings of a job and what is known about them.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// The settings.
    pub settings: PrintSettings,
    /// Names of machine, material and process.
    pub names: [String; 3],
    /// What to know.
    pub warnings: Vec<Warning>,
}

/// Resolves settings.
///
/// # Errors
/// [`Error::Usage`] says which source and which key.
pub fn resolve(sources: &SettingsSources) -> Result<Resolved, Error> {
    let mut out = Resolved::default();
    for text in &sources.set {
        out.settings.assign(text)?;
    }
    Ok(out)
}
