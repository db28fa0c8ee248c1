//! The library of sheets and offcuts: what lies in the rack.
//!
//! In: a library, and what is put in, taken out or confirmed. Out: the library afterwards. Pure data: front ends keep it
//! in a file and see to it that nothing is lost. A layout is booked by its id: the sheets that it takes go, the offcuts
//! that it leaves come, both at once and only once.

use crate::Error;
use crate::nest::document::{self, LayoutFile, Rings};
use crate::nest::{SheetRequest, document::LayoutRemnant};
use offcut_geometry::drawing::{Color, Drawing, Layer, Operation, Paint, Path, Segment, Vec2};
use serde::{Deserialize, Serialize};

/// What stands under `offcut` in a library.
const KIND: &str = "stock";
/// The version of the schema.
const VERSION: u32 = 1;

/// A library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stock {
    offcut: String,
    version: u32,
    /// What there is, in the order in which it came.
    pub pieces: Vec<Piece>,
    /// Layouts that were confirmed.
    pub booked: Vec<Booking>,
}

/// A sheet or offcut, and how many of them there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Its name, unlike those of others.
    pub id: String,
    /// How many there are.
    pub quantity: u32,
    /// Name of the material; may be empty.
    #[serde(default)]
    pub material: String,
    /// Thickness, mm, when known.
    #[serde(default)]
    pub thickness_mm: Option<f64>,
    /// It is left of a sheet that was cut.
    #[serde(default)]
    pub offcut: bool,
    /// The layout that left it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Area of one, mm².
    pub area_mm2: f64,
    /// Outline with holes where there is no material, mm; its lower left corner is the origin.
    pub outline: Rings,
}

/// A layout that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Id of the layout.
    pub layout: String,
    /// Its name.
    pub name: String,
    /// Pieces that it took, one name for each.
    pub taken: Vec<String>,
    /// Offcuts that it left.
    pub added: Vec<String>,
}

/// What became of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    /// It had been booked before: nothing changed.
    pub before: bool,
    /// The booking.
    pub booking: Booking,
}

/// Which pieces are meant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Of this material only, without regard to case.
    pub material: Option<String>,
    /// Of this thickness only, mm.
    pub thickness: Option<f64>,
}

impl Filter {
    /// True for a piece that is meant.
    #[must_use]
    pub fn takes(&self, p: &Piece) -> bool {
        let material = self
            .material
            .as_ref()
            .is_none_or(|m| m.is_empty() || m.eq_ignore_ascii_case(&p.material));
        let thickness = self
            .thickness
            .is_none_or(|t| p.thickness_mm.is_some_and(|own| (own - t).abs() < 0.01));
        material && thickness
    }
}

impl Default for Stock {
    fn default() -> Self {
        Self {
            offcut: KIND.to_owned(),
            version: VERSION,
            pieces: Vec::new(),
            booked: Vec::new(),
        }
    }
}

/// How much an offcut costs beside a sheet of the same area, so that it is taken first.
const OFFCUT_COST: f64 = 0.02;

impl Stock {
    /// Reads a library; `name` is for messages.
    ///
    /// # Errors
    /// [`Error::Input`] when it is none.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |what: String| Error::Input(format!("{name}: is no stock: {what}"));
        let stock: Self = serde_json::from_slice(bytes).map_err(|e| wrong(e.to_string()))?;
        if stock.offcut != KIND || stock.version > VERSION {
            return Err(wrong(format!(
                "it is a {} of version {}",
                stock.offcut.escape_debug(),
                stock.version
            )));
        }
        Ok(stock)
    }

    /// As JSON.
    #[must_use]
    pub fn write(&self) -> String {
        // Plain data with text for keys: this can't fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The piece of that name.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none.
    pub fn piece(&self, id: &str) -> Result<&Piece, Error> {
        self.pieces.iter().find(|p| p.id == id).ok_or_else(|| {
            Error::Usage(format!(
                "there is no {id} in the stock; `offcut stock list` shows what there is"
            ))
        })
    }

    /// Puts sheets in. More of a piece that is there already in every respect are counted with it.
    ///
    /// # Errors
    /// [`Error::Usage`] when another piece has the name that is asked for.
    pub fn add(&mut self, sheet: &SheetRequest, id: Option<&str>, offcut: bool) -> Result<String, Error> {
        let quantity = sheet.quantity.unwrap_or(1);
        let outline = document::rings(&sheet.outline);
        let same = |p: &Piece| {
            p.outline == outline
                && p.material == sheet.material
                && p.thickness_mm == sheet.thickness
                && p.offcut == offcut
        };
        let own = id.unwrap_or(&sheet.id);
        let found = self
            .pieces
            .iter_mut()
            .find(|p| same(p) && id.is_none_or(|id| id == p.id));
        if let Some(p) = found {
            p.quantity = p.quantity.saturating_add(quantity);
            return Ok(p.id.clone());
        }
        if id.is_some() && self.pieces.iter().any(|p| p.id == own) {
            return Err(Error::Usage(format!(
                "{own} is something else in the stock already; choose another --id"
            )));
        }
        let id = self.free_id(own);
        self.pieces.push(Piece {
            id: id.clone(),
            quantity,
            material: sheet.material.clone(),
            thickness_mm: sheet.thickness,
            offcut,
            from: String::new(),
            area_mm2: sheet.outline.area_mm2(),
            outline,
        });
        Ok(id)
    }

    /// The name, or one like it that no piece has.
    fn free_id(&self, id: &str) -> String {
        let free = |id: &str| self.pieces.iter().all(|p| p.id != id);
        if free(id) {
            return id.to_owned();
        }
        let mut others = (2..).map(|n| format!("{id}-{n}"));
        others.find(|id| free(id)).unwrap_or_default()
    }

    /// Takes pieces out.
    ///
    /// # Errors
    /// [`Error::Usage`] when there are not so many.
    pub fn take(&mut self, id: &str, count: u32) -> Result<(), Error> {
        let have = self.piece(id)?.quantity;
        if have < count {
            return Err(Error::Usage(format!(
                "there are only {have} of {id} in the stock, not {count}"
            )));
        }
        for p in self.pieces.iter_mut().filter(|p| p.id == id) {
            p.quantity -= count;
        }
        self.pieces.retain(|p| p.quantity > 0);
        Ok(())
    }

    /// What can be nested on, offcuts first and the small ones before the large ones.
    ///
    /// # Errors
    /// [`Error::Input`] when an outline is broken.
    pub fn sheets(&self, filter: &Filter) -> Result<Vec<SheetRequest>, Error> {
        let mut chosen: Vec<&Piece> = self.pieces.iter().filter(|p| filter.takes(p)).collect();
        chosen.sort_by(|a, b| b.offcut.cmp(&a.offcut).then(a.area_mm2.total_cmp(&b.area_mm2)));
        chosen
            .into_iter()
            .map(|p| {
                let outline =
                    document::loops(&p.outline).map_err(|e| Error::Input(format!("stock: {}: {e}", p.id)))?;
                let share = if p.offcut { OFFCUT_COST } else { 1.0 };
                Ok(SheetRequest {
                    id: p.id.clone(),
                    cost: p.area_mm2 / 1e6 * share,
                    outline,
                    quantity: Some(p.quantity),
                    stock: true,
                    material: p.material.clone(),
                    thickness: p.thickness_mm,
                    grain: None,
                    defects: Vec::new(),
                    zones: Vec::new(),
                })
            })
            .collect()
    }

    /// Books a layout: the sheets that it takes from the stock go, the offcuts that it leaves come. A layout that is
    /// booked already changes nothing.
    ///
    /// # Errors
    /// [`Error::Impossible`] when a sheet is not there any more.
    pub fn confirm(&mut self, layout: &LayoutFile) -> Result<Confirmed, Error> {
        let id = layout.fingerprint();
        if let Some(b) = self.booked.iter().find(|b| b.layout == id) {
            return Ok(Confirmed {
                before: true,
                booking: b.clone(),
            });
        }
        let mut next = self.clone();
        let mut booking = Booking {
            layout: id,
            name: layout.name.clone(),
            taken: Vec::new(),
            added: Vec::new(),
        };
        for s in layout.sheets.iter().filter(|s| s.stock) {
            next.take(&s.id, 1).map_err(|_| {
                let by = self.booked.iter().rev().find(|b| b.taken.contains(&s.id));
                Error::Impossible(format!(
                    "sheet {} is not in the stock any more{}; nest again with what there is",
                    s.id,
                    by.map_or(String::new(), |b| format!(": layout {} took it", b.name))
                ))
            })?;
            booking.taken.push(s.id.clone());
        }
        for s in &layout.sheets {
            for r in &s.remnants {
                let piece = left_over(&next, r, layout, &s.material, s.thickness_mm);
                booking.added.push(piece.id.clone());
                next.pieces.push(piece);
            }
        }
        next.booked.push(booking.clone());
        *self = next;
        Ok(Confirmed {
            before: false,
            booking,
        })
    }

    /// Outlines of pieces side by side as a drawing, each on a layer of its name.
    #[must_use]
    pub fn drawing(pieces: &[&Piece]) -> Drawing {
        let mut out = Drawing::default();
        let (mut x, mut top) = (0.0, 0.0_f64);
        for p in pieces {
            let layer = out.layers.len() as u32;
            out.layers.push(Layer {
                name: format!("sheet {}", p.id),
                color: Some(Color(0, 128, 128)),
                operation: Some(Operation::Skip),
                setting: None,
            });
            let mut right = x;
            for ring in &p.outline {
                let at = |q: &[f64; 2]| Vec2::new(q[0] + x, q[1]);
                let first = out.segments.len() as u32;
                let ends = ring.iter().zip(ring.iter().cycle().skip(1));
                out.segments
                    .extend(ends.map(|(a, b)| Segment::line(at(a), at(b))));
                right = ring.iter().fold(right, |m, q| m.max(q[0] + x));
                top = ring.iter().fold(top, |m, q| m.max(q[1]));
                out.sources.push(p.id.clone());
                out.paths.push(Path {
                    first,
                    count: out.segments.len() as u32 - first,
                    closed: true,
                    layer,
                    color: None,
                    paint: Paint::Stroke,
                    text: false,
                    source: out.sources.len() as u32 - 1,
                });
            }
            x = right + 20.0;
        }
        out.page = Some([(x - 20.0).max(0.0), top]);
        out
    }
}

/// A remnant as a piece of the stock, its lower left corner at the origin.
fn left_over(
    stock: &Stock,
    r: &LayoutRemnant,
    layout: &LayoutFile,
    material: &str,
    thickness: Option<f64>,
) -> Piece {
    let corner = [0, 1].map(|k| r.outline.iter().flatten().fold(f64::INFINITY, |m, p| m.min(p[k])));
    let tidy = |v: f64| (v * 1e5).round() / 1e5;
    let moved = |ring: &Vec<[f64; 2]>| {
        ring.iter()
            .map(|p| [0, 1].map(|k| tidy(p[k] - corner[k])))
            .collect()
    };
    Piece {
        id: stock.free_id(&r.id),
        quantity: 1,
        material: material.to_owned(),
        thickness_mm: thickness,
        offcut: true,
        from: layout.name.clone(),
        area_mm2: r.area_mm2,
        outline: r.outline.iter().map(moved).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nest::rectangle;

    fn sheet(id: &str, size: [f64; 2], n: u32) -> SheetRequest {
        SheetRequest {
            material: "birch".into(),
            thickness: Some(3.0),
            ..rectangle(id, size, Some(n)).unwrap()
        }
    }

    fn layout(id: &str, stock: bool) -> LayoutFile {
        LayoutFile::read(
            "l.json",
            format!(
                r#"{{"offcut":"layout","version":1,"name":"job","id":"x","parts":[{{"id":"a","quantity":1,
                "size_mm":[10,10],"area_mm2":100,"drawing":{{"paths":[{{"closed":true,"start":[-5,-5],
                "segments":[[5,-5],[5,5],[-5,5]]}}]}}}}],"sheets":[{{"id":"{id}","stock":{stock},"material":"birch",
                "thickness_mm":3,"outline":[[[0,0],[100,0],[100,50],[0,50]]],"area_mm2":5000,"parts_mm2":100,
                "remnants_mm2":4000,"placements":[{{"part":0,"x":5,"y":5,"rotation":0}}],"remnants":[{{"id":"job-1a",
                "outline":[[[20,0],[100,0],[100,50],[20,50]]],"area_mm2":4000,"rectangle_mm":[20,0,100,50]}}]}}]}}"#
            )
            .as_bytes(),
        )
        .unwrap()
    }

    #[test]
    fn a_layout_is_booked_once() {
        let mut s = Stock::default();
        let id = s.add(&sheet("full", [100.0, 50.0], 2), None, false).unwrap();
        let l = layout(&id, true);
        let first = s.confirm(&l).unwrap();
        assert_eq!(
            (first.before, &first.booking.taken[..]),
            (false, &["full".to_owned()][..])
        );
        let after = s.clone();
        assert_eq!((s.pieces[0].quantity, s.pieces[1].area_mm2), (1, 4000.0));
        // The offcut begins at its own corner, and knows its material.
        assert_eq!(s.pieces[1].outline[0][0], [0.0, 0.0]);
        assert_eq!((s.pieces[1].offcut, s.pieces[1].thickness_mm), (true, Some(3.0)));
        assert!(s.confirm(&l).unwrap().before);
        assert_eq!(s, after);
        let again = Stock::read("s", s.write().as_bytes()).unwrap();
        assert_eq!(again, s);
    }

    #[test]
    fn a_layout_without_its_sheet_changes_nothing() {
        let mut s = Stock::default();
        s.add(&sheet("other", [100.0, 50.0], 1), None, false).unwrap();
        let before = s.clone();
        let e = s.confirm(&layout("gone", true)).unwrap_err().to_string();
        assert!(e.contains("gone"), "{e}");
        assert_eq!(s, before);
        // A sheet that was bought for the job leaves its offcut all the same.
        assert_eq!(
            s.confirm(&layout("600x400", false)).unwrap().booking.added,
            ["job-1a"]
        );
    }

    #[test]
    fn offcuts_come_first_and_small_ones_before() {
        let mut s = Stock::default();
        s.add(&sheet("full", [600.0, 400.0], 5), None, false).unwrap();
        s.add(&sheet("rest", [300.0, 400.0], 1), None, true).unwrap();
        s.add(&sheet("bit", [100.0, 400.0], 1), None, true).unwrap();
        let f = |m: &str, t: f64| Filter {
            material: Some(m.into()),
            thickness: Some(t),
        };
        let ids: Vec<String> = s
            .sheets(&f("Birch", 3.0))
            .unwrap()
            .into_iter()
            .map(|s| s.id)
            .collect();
        assert_eq!(ids, ["bit", "rest", "full"]);
        assert!(s.sheets(&f("birch", 4.0)).unwrap().is_empty());
        assert!(s.sheets(&f("acrylic", 3.0)).unwrap().is_empty());
        // The same again is counted, something else of that name is not.
        assert_eq!(
            s.add(&sheet("full", [600.0, 400.0], 1), None, false).unwrap(),
            "full"
        );
        assert_eq!(s.piece("full").unwrap().quantity, 6);
        assert!(s.add(&sheet("x", [1.0, 2.0], 1), Some("full"), false).is_err());
        assert_eq!(
            s.add(&sheet("full", [9.0, 9.0], 1), None, false).unwrap(),
            "full-2"
        );
        assert!(s.take("full", 7).is_err());
        s.take("full", 6).unwrap();
        assert!(s.piece("full").is_err());
    }
}
