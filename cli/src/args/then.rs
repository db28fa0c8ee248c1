//! What may follow on nesting in the same run.

use super::SettingsArgs;
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

/// A command that takes the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Then {
    /// Laser G-code, one file for each sheet
    Cut,
}

/// `offcut nest … --then cut`
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Then")]
pub struct ThenArgs {
    /// Goes on with the layout: `cut` writes laser G-code, NAME.gcode or NAME-1.gcode, NAME-2.gcode, … beside the
    /// layout NAME.json. When -o names G-code, the layout goes beside it as NAME.nest.json
    #[arg(long, value_name = "COMMAND", requires = "parts")]
    pub then: Option<Then>,
    /// Laser: a name from `offcut cut --help-settings`, or a TOML file
    #[arg(long, value_name = "NAME|FILE", requires = "then")]
    pub machine: Option<String>,
    /// Entry of the library of laser materials, or a TOML file. Default: what --material names
    #[arg(long, value_name = "NAME|FILE", requires = "then")]
    pub cut_material: Option<String>,
    /// Library of materials beside the built-in one; later ones win
    #[arg(long, value_name = "FILE", requires = "then")]
    pub library: Vec<PathBuf>,
    /// Further settings from a TOML file; later ones win
    #[arg(long, value_name = "FILE", requires = "then")]
    pub profile: Vec<PathBuf>,
    /// Sets one setting of the cut; units are allowed; later ones win
    #[arg(long, value_name = "KEY=VALUE", requires = "then")]
    pub set: Vec<String>,
    /// What is done by layer or colour, the first that fits: `red: cut power=60`, `layer=Text: engrave`, `*: score`
    #[arg(long, value_name = "SELECTOR: ACTION", requires = "then")]
    pub operation: Vec<String>,
    /// Looks for no profiles outside the command line
    #[arg(long, requires = "then")]
    pub isolated: bool,
}

impl ThenArgs {
    /// As the settings of the command that follows; `material` is that of the sheets.
    pub fn settings(&self, material: &str) -> SettingsArgs {
        let stock = (!material.is_empty()).then(|| material.to_owned());
        SettingsArgs {
            machine: self.machine.clone(),
            material: self.cut_material.clone().or(stock),
            process: None,
            profile: self.profile.clone(),
            set: self.set.clone(),
            isolated: self.isolated,
        }
    }
}
