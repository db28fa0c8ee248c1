//! A layout that is there already: its sheets with all parts where they are, to nest more parts around them.

use super::document::{LayoutFile, loops};
use super::drawings::Turns;
use super::parts::SourcePart;
use super::rules::PartRules;
use super::sheets::SheetRequest;
use crate::Error;
use offcut_cut::{JOIN_TOLERANCE, contours, cover, parts};
use offcut_geometry::drawing::Vec2;
use offcut_geometry::{Point, grid};
use offcut_nest::{Orientation, Placement};

/// What is there.
#[derive(Debug, Default)]
pub(super) struct Base {
    /// Kinds of parts, each as often as it lies there.
    pub parts: Vec<SourcePart>,
    /// One kind of sheet for every sheet.
    pub sheets: Vec<SheetRequest>,
    /// How many sheets.
    pub count: u32,
    /// Where the parts lie; items count from the first of `parts`.
    pub placements: Vec<Lying>,
}

/// A part that lies somewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lying(Placement);

impl Lying {
    /// The placement when `before` items come before the first.
    pub fn after(self, before: u32) -> Placement {
        Placement {
            item: self.0.item + before,
            ..self.0
        }
    }
}

impl Base {
    /// Reads a layout. Parts of other origin with the same name get another one.
    ///
    /// # Errors
    /// When the geometry of a part makes no part.
    pub fn read(layout: &LayoutFile, tolerance: f64, others: &[SourcePart]) -> Result<Self, Error> {
        let wrong = |what: String| Error::Input(format!("layout {}: {what}", layout.name));
        let mut base = Self::default();
        let mut index = vec![0; layout.parts.len()];
        for (k, (p, drawing)) in layout.parts.iter().zip(layout.geometry()?).enumerate() {
            let all = layout
                .sheets
                .iter()
                .flat_map(|s| &s.placements)
                .filter(|q| q.part as usize == k);
            let lying: Vec<_> = all.collect();
            if lying.is_empty() {
                continue;
            }
            let mut found = contours(&drawing, JOIN_TOLERANCE);
            let formed = parts(&mut found);
            let largest = formed.kinds.iter().max_by(|a, b| a.area.total_cmp(&b.area));
            let Some(kind) = largest else {
                return Err(wrong(format!("part {} has no closed outline", p.id)));
            };
            let (mut shape, middle) = cover(&formed.parts[kind.first], &found.list, tolerance)
                .map_err(|e| wrong(format!("part {}: {e}", p.id)))?;
            // Back to the origin that the placements are about.
            shape.translate(Point::new(grid(middle.x), grid(middle.y)));
            let mut turns: Vec<f64> = lying.iter().map(|q| q.rotation).collect();
            turns.sort_by(f64::total_cmp);
            turns.dedup();
            let mut id = p.id.clone();
            while others.iter().chain(&base.parts).any(|o| o.id == id) {
                id.push_str(".there");
            }
            index[k] = base.parts.len() as u32;
            base.parts.push(SourcePart {
                id,
                file: p.file.clone(),
                kind: p.kind,
                quantity: lying.len() as u32,
                drawing,
                origin: Vec2::new(p.file_origin_mm[0], p.file_origin_mm[1]),
                shape,
                area: p.area_mm2,
                size: Vec2::new(p.size_mm[0], p.size_mm[1]),
                rules: PartRules {
                    turns: Some(Turns::Set(turns)),
                    mirror: Some(lying.iter().any(|q| q.mirror)),
                    ..PartRules::default()
                },
            });
        }
        for (sheet, s) in (0..).zip(&layout.sheets) {
            let outline = loops(&s.outline).map_err(|e| wrong(format!("sheet {}: {e}", s.id)))?;
            let defects = s.defects.iter().map(loops).collect::<Result<Vec<_>, _>>();
            base.sheets.push(SheetRequest {
                id: s.id.clone(),
                cost: outline.area_mm2() / 1e6,
                outline,
                quantity: Some(1),
                stock: s.stock,
                material: s.material.clone(),
                thickness: s.thickness_mm,
                grain: None,
                defects: defects.map_err(|e| wrong(format!("sheet {}: {e}", s.id)))?,
                zones: Vec::new(),
            });
            base.placements.extend(s.placements.iter().map(|q| {
                Lying(Placement {
                    item: index[q.part as usize],
                    sheet,
                    orientation: Orientation::new(q.rotation, q.mirror),
                    x: i64::from(grid(q.x)),
                    y: i64::from(grid(q.y)),
                })
            }));
        }
        base.count = base.sheets.len() as u32;
        Ok(base)
    }
}
