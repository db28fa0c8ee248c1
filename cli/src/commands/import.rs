//! `offcut profile import`: settings of PrusaSlicer become profiles.

use super::text;
use crate::args::Import;
use crate::failure::Failure;
use crate::files::{self, Target};
use offcut::settings::{Fate, import_prusa, user_folder};
use std::path::PathBuf;

/// Runs the command.
pub fn run(a: &Import) -> Result<u8, Failure> {
    let folder = match &a.output {
        Some(f) => f.clone(),
        None => user_folder(|name| std::env::var_os(name))
            .ok_or_else(|| Failure::usage("there is no folder for configuration; name one with -o"))?,
    };
    let input = files::read(&a.file)?;
    let content = String::from_utf8_lossy(&input.bytes);
    let import = import_prusa(&input.name, &content, &a.only).map_err(|e| Failure::input(e.to_string()))?;

    // All places are checked before the first file is written.
    let mut targets = Vec::new();
    for p in &import.profiles {
        let place = folder.join(p.scope.plural());
        std::fs::create_dir_all(&place).map_err(|e| {
            Failure::output(format!(
                "{}: can't be made: {}",
                place.display(),
                files::reason(&e)
            ))
        })?;
        let path: PathBuf = place.join(format!("{}.toml", p.name));
        targets.push(Target::choose(Some(&path), &[], "toml", a.force)?);
    }
    for (p, t) in import.profiles.iter().zip(&targets) {
        t.write_all(p.toml.as_bytes())?;
    }

    let count = |want: fn(&Fate) -> bool| import.report.iter().filter(|l| want(&l.fate)).count();
    let mapped = count(|f| matches!(f, Fate::Mapped { .. }));
    let approximated = count(|f| matches!(f, Fate::Approximated { .. }));
    let dropped = count(|f| matches!(f, Fate::Dropped { .. }));
    let written: Vec<String> = targets.iter().filter_map(Target::path).collect();
    if a.json {
        let keys: Vec<_> = import
            .report
            .iter()
            .map(|l| {
                let (fate, to, why) = match &l.fate {
                    Fate::Mapped { to } => ("mapped", Some(*to), None),
                    Fate::Approximated { to, how } => ("approximated", Some(*to), Some(how)),
                    Fate::Dropped { why } => ("dropped", None, Some(why)),
                };
                serde_json::json!({
                    "preset": l.preset, "key": l.key, "value": l.value, "fate": fate, "to": to, "why": why,
                })
            })
            .collect();
        let document = serde_json::json!({
            "command": "profile import", "status": "ok", "version": offcut::VERSION,
            "profiles": written, "mapped": mapped, "approximated": approximated, "dropped": dropped,
            "keys": keys,
        });
        println!("{document:#}");
    } else if !a.quiet {
        for l in import
            .report
            .iter()
            .filter(|l| !matches!(l.fate, Fate::Mapped { .. }))
        {
            eprintln!("  {l}");
        }
        for w in &written {
            eprintln!("{w}");
        }
        eprintln!(
            "{}: {mapped} mapped, {approximated} approximated, {dropped} dropped",
            text::count(written.len(), "profile")
        );
    }
    Ok(0)
}
