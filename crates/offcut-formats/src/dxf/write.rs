//! Drawings as DXF.

use super::aci;
use offcut_geometry::drawing::{Color, Curve, Drawing, Layer, Path, Segment};
use std::collections::BTreeSet;
use std::fmt::{Display, Write};

/// Groups with ascending handles.
struct Out {
    text: String,
    handle: u32,
}

impl Out {
    fn put(&mut self, code: i32, value: impl Display) {
        let _ = write!(self.text, "{code}\n{value}\n");
    }

    fn all(&mut self, groups: &[(i32, &str)]) {
        for (code, value) in groups {
            self.put(*code, value);
        }
    }

    /// A new handle as text.
    fn next(&mut self) -> String {
        self.handle += 1;
        format!("{:X}", self.handle)
    }

    /// A table with its head; `rows` writes the entries, given the table's handle.
    fn table(&mut self, name: &str, count: usize, rows: impl FnOnce(&mut Self, &str)) {
        let h = self.next();
        self.all(&[
            (0, "TABLE"),
            (2, name),
            (5, &h),
            (330, "0"),
            (100, "AcDbSymbolTable"),
        ]);
        self.put(70, count);
        rows(self, &h);
        self.put(0, "ENDTAB");
    }

    /// The head of a table's entry; returns its handle.
    fn record(&mut self, kind: &str, owner: &str, class: &str, name: &str) -> String {
        let h = self.next();
        let code = if kind == "DIMSTYLE" { 105 } else { 5 };
        self.all(&[
            (0, kind),
            (code, &h),
            (330, owner),
            (100, "AcDbSymbolTableRecord"),
            (100, class),
            (2, name),
        ]);
        h
    }
}

/// Names of layers as DXF allows them.
fn layer_name(layer: &Layer) -> String {
    if layer.name.is_empty() {
        return "0".to_owned();
    }
    let bad = |c: char| "<>/\\\":;?*|=`".contains(c) || c.is_control();
    layer.name.chars().map(|c| if bad(c) { '_' } else { c }).collect()
}

/// Writes a drawing as DXF of release 2007 in millimetres: layers and colours kept, lines and arcs as polylines,
/// circles as circles, curves as splines. Pictures are left out.
#[must_use]
pub fn write(drawing: &Drawing) -> String {
    let mut o = Out {
        text: String::new(),
        handle: 0x20,
    };
    o.all(&[
        (0, "SECTION"),
        (2, "HEADER"),
        (9, "$ACADVER"),
        (1, "AC1021"),
        (9, "$INSUNITS"),
        (70, "4"),
    ]);
    o.all(&[
        (9, "$MEASUREMENT"),
        (70, "1"),
        (9, "$HANDSEED"),
        (5, "FFFFFFF"),
        (0, "ENDSEC"),
    ]);
    let mut names: BTreeSet<String> = drawing.layers.iter().map(layer_name).collect();
    names.insert("0".to_owned());
    let model = tables(&mut o, drawing, &names);
    o.all(&[(0, "SECTION"), (2, "BLOCKS")]);
    for (owner, name) in [(&model.0, "*Model_Space"), (&model.1, "*Paper_Space")] {
        let (begin, end) = (o.next(), o.next());
        o.all(&[
            (0, "BLOCK"),
            (5, &begin),
            (330, owner),
            (100, "AcDbEntity"),
            (8, "0"),
        ]);
        o.all(&[
            (100, "AcDbBlockBegin"),
            (2, name),
            (70, "0"),
            (10, "0"),
            (20, "0"),
            (30, "0"),
            (3, name),
            (1, ""),
        ]);
        o.all(&[
            (0, "ENDBLK"),
            (5, &end),
            (330, owner),
            (100, "AcDbEntity"),
            (8, "0"),
            (100, "AcDbBlockEnd"),
        ]);
    }
    o.all(&[(0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]);
    for path in &drawing.paths {
        entities(&mut o, drawing, path, &model.0);
    }
    o.all(&[(0, "ENDSEC"), (0, "SECTION"), (2, "OBJECTS")]);
    let (root, group) = (o.next(), o.next());
    o.all(&[
        (0, "DICTIONARY"),
        (5, &root),
        (330, "0"),
        (100, "AcDbDictionary"),
        (281, "1"),
    ]);
    o.all(&[(3, "ACAD_GROUP"), (350, &group)]);
    o.all(&[
        (0, "DICTIONARY"),
        (5, &group),
        (330, &root),
        (100, "AcDbDictionary"),
        (281, "1"),
    ]);
    o.all(&[(0, "ENDSEC"), (0, "EOF")]);
    o.text
}

/// The tables that readers demand; returns the handles of model and paper space.
fn tables(o: &mut Out, drawing: &Drawing, names: &BTreeSet<String>) -> (String, String) {
    o.all(&[(0, "SECTION"), (2, "TABLES")]);
    o.table("VPORT", 0, |_, _| {});
    o.table("LTYPE", 3, |o, t| {
        for name in ["ByBlock", "ByLayer", "Continuous"] {
            o.record("LTYPE", t, "AcDbLinetypeTableRecord", name);
            o.all(&[(70, "0"), (3, ""), (72, "65"), (73, "0"), (40, "0")]);
        }
    });
    o.table("LAYER", names.len(), |o, t| {
        for name in names {
            o.record("LAYER", t, "AcDbLayerTableRecord", name);
            let layer = drawing.layers.iter().find(|l| layer_name(l) == *name);
            let color = layer.and_then(|l| l.color).unwrap_or(Color(0, 0, 0));
            o.put(70, 0);
            put_color(o, color);
            o.all(&[(6, "Continuous"), (370, "-3")]);
        }
    });
    o.table("STYLE", 1, |o, t| {
        o.record("STYLE", t, "AcDbTextStyleTableRecord", "Standard");
        o.all(&[
            (70, "0"),
            (40, "0"),
            (41, "1"),
            (50, "0"),
            (71, "0"),
            (42, "2.5"),
            (3, "txt"),
            (4, ""),
        ]);
    });
    o.table("VIEW", 0, |_, _| {});
    o.table("UCS", 0, |_, _| {});
    o.table("APPID", 1, |o, t| {
        o.record("APPID", t, "AcDbRegAppTableRecord", "ACAD");
        o.put(70, 0);
    });
    o.table("DIMSTYLE", 1, |o, t| {
        o.record("DIMSTYLE", t, "AcDbDimStyleTableRecord", "Standard");
        o.put(70, 0);
    });
    let mut spaces = (String::new(), String::new());
    o.table("BLOCK_RECORD", 2, |o, t| {
        spaces.0 = o.record("BLOCK_RECORD", t, "AcDbBlockTableRecord", "*Model_Space");
        spaces.1 = o.record("BLOCK_RECORD", t, "AcDbBlockTableRecord", "*Paper_Space");
    });
    o.put(0, "ENDSEC");
    spaces
}

fn put_color(o: &mut Out, c: Color) {
    o.put(62, aci::nearest(c));
    o.put(420, u32::from(c.0) << 16 | u32::from(c.1) << 8 | u32::from(c.2));
}

/// A path in as few entities as there are stretches of one kind: polylines and splines.
fn entities(o: &mut Out, drawing: &Drawing, path: &Path, owner: &str) {
    let run = drawing.run(path);
    let layer = drawing.layers.get(path.layer as usize);
    let name = layer.map_or("0".to_owned(), layer_name);
    let head = |o: &mut Out, kind: &str| {
        let h = o.next();
        o.all(&[(0, kind), (5, &h), (330, owner), (100, "AcDbEntity"), (8, &name)]);
        if let Some(c) = path.color {
            put_color(o, c);
        }
    };
    if let [s, t] = run
        && path.closed
        && let (Some(c), Curve::Arc(k), Curve::Arc(l)) = (s.circle(), s.curve, t.curve)
        && k.abs() == 1.0
        && k == l
    {
        head(o, "CIRCLE");
        o.put(100, "AcDbCircle");
        o.put(10, c.center.x);
        o.put(20, c.center.y);
        o.put(30, 0);
        o.put(40, c.radius);
        return;
    }
    let is_curve = |s: &Segment| matches!(s.curve, Curve::Cubic(..));
    for part in run.chunk_by(|a, b| is_curve(a) == is_curve(b)) {
        if is_curve(&part[0]) {
            head(o, "SPLINE");
            spline(o, part);
        } else {
            head(o, "LWPOLYLINE");
            polyline(o, part, path.closed && part.len() == run.len());
        }
    }
}

fn polyline(o: &mut Out, part: &[Segment], closed: bool) {
    o.put(100, "AcDbPolyline");
    let open_end = (!closed).then(|| part[part.len() - 1].b);
    o.put(90, part.len() + usize::from(!closed));
    o.put(70, i32::from(closed));
    o.put(43, 0);
    for s in part {
        o.put(10, s.a.x);
        o.put(20, s.a.y);
        if let Curve::Arc(k) = s.curve {
            o.put(42, k);
        }
    }
    if let Some(b) = open_end {
        o.put(10, b.x);
        o.put(20, b.y);
    }
}

/// Cubics end to end are one spline with threefold knots.
fn spline(o: &mut Out, part: &[Segment]) {
    let points = 3 * part.len() + 1;
    o.put(100, "AcDbSpline");
    o.all(&[(210, "0"), (220, "0"), (230, "1")]);
    for (code, value) in [(70, 8), (71, 3), (72, points + 4), (73, points), (74, 0)] {
        o.put(code, value);
    }
    o.put(40, 0);
    for i in 0..=part.len() {
        for _ in 0..3 {
            o.put(40, i);
        }
    }
    o.put(40, part.len());
    let mut point = |p: offcut_geometry::drawing::Vec2| {
        o.put(10, p.x);
        o.put(20, p.y);
        o.put(30, 0);
    };
    point(part[0].a);
    for s in part {
        if let Curve::Cubic(c1, c2) = s.curve {
            point(c1);
            point(c2);
        }
        point(s.b);
    }
}
