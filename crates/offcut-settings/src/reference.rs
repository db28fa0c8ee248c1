//! The reference page of all settings, from the table.

use crate::SETTINGS;
use crate::profile::explain::with_unit;
use crate::table::{Kind, SettingOf};
use std::fmt::Write;

/// The page, in Markdown.
#[must_use]
pub fn reference_markdown() -> String {
    let mut out = String::from("# Settings of a print\n\n");
    out.push_str(
        "Every setting can stand in a profile, in a job, or on the command line as `--set KEY=VALUE`.\n\
         A number without a unit is in the unit of its default; other units are converted\n\
         (`--set layer_height=200um`, `--set travel_speed=9000mm/min`). `auto` unsets what may be unset.\n",
    );
    reference_tables(SETTINGS, &mut out);
    out
}

/// A table for every group of settings, in Markdown.
pub fn reference_tables<T: Default>(table: &[SettingOf<T>], out: &mut String) {
    // A group may have several scopes; it is one section all the same.
    let mut groups: Vec<&str> = Vec::new();
    for s in table {
        if !groups.contains(&s.group) {
            groups.push(s.group);
        }
    }
    for group in groups {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "\n## {group}\n\n| setting | default | allowed | profiles | |\n|---|---|---|---|---|\n"
        );
        for s in table.iter().filter(|s| s.group == group) {
            let scopes: Vec<_> = s.scopes.iter().map(|s| s.name()).collect();
            let default = with_unit(s, &s.default());
            let allowed = match s.kind {
                Kind::Choice(c) => c
                    .iter()
                    .map(|c| format!("`{}`", c.name))
                    .collect::<Vec<_>>()
                    .join(", "),
                _ if s.optional => format!("{}, or auto", s.allowed())
                    .trim_start_matches(", or ")
                    .into(),
                _ => s.allowed(),
            };
            let advanced = if s.advanced { " *Advanced.*" } else { "" };
            let _ = writeln!(
                out,
                "| `{}` | {} | {allowed} | {} | {}{advanced} |",
                s.key,
                default.replace('|', "\\|"),
                scopes.join(", "),
                s.doc(),
            );
        }
    }
}
