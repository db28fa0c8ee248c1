//! Comments that mean something: roles, layers, widths, heights, of PrusaSlicer, OrcaSlicer and Cura.

use super::lex::Cursor;
use super::{Event, State, Visitor};
use crate::program::Role;

/// Which comments mark layers in this file: the first kind that is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Markers {
    #[default]
    Unknown,
    /// `;LAYER_CHANGE`, `; CHANGE_LAYER`.
    Change,
    /// `;LAYER:12`.
    Numbered,
}

const ROLES: &[(&str, Role)] = &[
    ("external perimeter", Role::ExternalPerimeter),
    ("perimeter", Role::Perimeter),
    ("overhang perimeter", Role::OverhangPerimeter),
    ("internal infill", Role::SparseInfill),
    ("solid infill", Role::SolidInfill),
    ("top solid infill", Role::TopSolidInfill),
    ("ironing", Role::TopSolidInfill),
    ("bridge infill", Role::Bridge),
    ("gap fill", Role::GapFill),
    ("thin wall", Role::GapFill),
    ("skirt/brim", Role::SkirtBrim),
    ("skirt", Role::SkirtBrim),
    ("brim", Role::SkirtBrim),
    ("support material", Role::Support),
    ("support material interface", Role::SupportInterface),
    ("custom", Role::Custom),
    ("wipe tower", Role::Custom),
    // OrcaSlicer and Bambu Studio
    ("outer wall", Role::ExternalPerimeter),
    ("inner wall", Role::Perimeter),
    ("overhang wall", Role::OverhangPerimeter),
    ("sparse infill", Role::SparseInfill),
    ("internal solid infill", Role::SolidInfill),
    ("bottom surface", Role::SolidInfill),
    ("top surface", Role::TopSolidInfill),
    ("bridge", Role::Bridge),
    ("internal bridge", Role::Bridge),
    ("gap infill", Role::GapFill),
    ("support", Role::Support),
    ("support transition", Role::Support),
    ("support interface", Role::SupportInterface),
    ("prime tower", Role::Custom),
    // Cura
    ("wall-outer", Role::ExternalPerimeter),
    ("wall-inner", Role::Perimeter),
    ("skin", Role::SolidInfill),
    ("fill", Role::SparseInfill),
    ("support-interface", Role::SupportInterface),
    ("prime-tower", Role::Custom),
];

/// The role that a slicer's name stands for.
#[must_use]
pub fn role_of(name: &[u8]) -> Option<Role> {
    let name = name.trim_ascii();
    ROLES
        .iter()
        .find(|(n, _)| name.eq_ignore_ascii_case(n.as_bytes()))
        .map(|(_, r)| *r)
}

impl State {
    pub(super) fn comment(&mut self, text: &[u8], visitor: &mut impl Visitor) {
        let text = text.trim_ascii();
        let line = self.line;
        match text.first() {
            None => return,
            Some(b'T') if text.starts_with(b"TYPE:") => self.role(&text[5..], visitor),
            Some(b'F') if text.starts_with(b"FEATURE:") => self.role(&text[8..], visitor),
            Some(b'L' | b'C') => self.layer_marker(text, visitor),
            Some(b'W') if text.starts_with(b"WIDTH:") => {
                self.width = number(&text[6..]).unwrap_or(self.width)
            }
            Some(b'H') if text.starts_with(b"HEIGHT:") => {
                self.height = number(&text[7..]).unwrap_or(self.height)
            }
            _ => {}
        }
        visitor.event(Event::Comment(text), line);
    }

    fn role(&mut self, name: &[u8], visitor: &mut impl Visitor) {
        self.role = role_of(name);
        visitor.event(Event::Role(self.role), self.line);
    }

    fn layer_marker(&mut self, text: &[u8], visitor: &mut impl Visitor) {
        if text.starts_with(b"LINE_WIDTH:") {
            self.width = number(&text[11..]).unwrap_or(self.width);
            return;
        }
        if text.starts_with(b"LAYER_HEIGHT:") {
            self.height = number(&text[13..]).unwrap_or(self.height);
            return;
        }
        let kind = if text == b"LAYER_CHANGE" || text == b"CHANGE_LAYER" {
            Markers::Change
        } else if text.starts_with(b"LAYER:") && number(&text[6..]).is_some() {
            Markers::Numbered
        } else {
            return;
        };
        if self.markers == Markers::Unknown {
            self.markers = kind;
        }
        if self.markers == kind {
            self.layer = self.layer.saturating_add(1);
            visitor.event(Event::Layer, self.line);
        }
    }
}

fn number(text: &[u8]) -> Option<f32> {
    Cursor { bytes: text, at: 0 }.number().map(|v| v as f32)
}
