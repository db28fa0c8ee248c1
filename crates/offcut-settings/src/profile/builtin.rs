//! The profiles that come with offcut.

use super::Profile;
use super::source::ProfileSource;
use crate::error::SettingsError;
use crate::table::Scope;

/// The built-in profiles.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

macro_rules! profiles {
    ($folder:literal: $($name:literal)+) => {
        &[$(($name, include_str!(concat!("../../profiles/", $folder, "/", $name, ".toml")))),+]
    };
}

const MACHINES: &[(&str, &str)] = profiles!("machines":
    "ender3-v2" "generic-klipper" "generic-marlin" "generic-reprapfirmware" "prusa-mk3s" "prusa-mk4"
    "voron-0" "voron-2.4" "voron-2.4-250" "voron-2.4-300");
const MATERIALS: &[(&str, &str)] = profiles!("materials": "abs" "asa" "petg" "pla" "tpu");
const PROCESSES: &[(&str, &str)] = profiles!("processes": "draft" "fine" "normal" "strong");

const fn of(scope: Scope) -> &'static [(&'static str, &'static str)] {
    match scope {
        Scope::Machine => MACHINES,
        Scope::Material => MATERIALS,
        Scope::Process => PROCESSES,
    }
}

impl BuiltIn {
    /// The text of a built-in profile. Case does not matter: `PLA` is `pla`.
    #[must_use]
    pub fn text(scope: Scope, name: &str) -> Option<&'static str> {
        of(scope)
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, text)| *text)
    }
}

impl ProfileSource for BuiltIn {
    fn names(&self, scope: Scope) -> Vec<String> {
        of(scope).iter().map(|(name, _)| (*name).into()).collect()
    }

    fn find(&self, scope: Scope, name: &str, _: &str) -> Result<Option<Profile>, SettingsError> {
        let found = of(scope).iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        let parse = |(name, text): &(&str, &str)| {
            Profile::parse(
                name,
                &format!("built-in {}/{name}.toml", scope.plural()),
                text,
                Some(scope),
            )
        };
        found.map(parse).transpose()
    }
}
