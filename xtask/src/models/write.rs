//! Writes bodies as files, the same bytes every time: STL, OBJ, 3MF.

use super::solid::Solid;
use std::collections::BTreeMap;
use std::fmt::Write;

type Corner = [f32; 3];

/// Binary STL.
pub fn stl(s: &Solid) -> Vec<u8> {
    let mut out = b"offcut test model".to_vec();
    out.resize(80, b' ');
    out.extend((s.triangles.len() as u32).to_le_bytes());
    for t in &s.triangles {
        for v in std::iter::once(&normal(t)).chain(t).flatten() {
            out.extend(v.to_le_bytes());
        }
        out.extend([0, 0]);
    }
    out
}

/// ASCII STL.
pub fn stl_text(s: &Solid, name: &str) -> Vec<u8> {
    let mut out = format!("solid {name}\n");
    for t in &s.triangles {
        let [x, y, z] = normal(t);
        let _ = write!(out, "facet normal {x} {y} {z}\n outer loop\n");
        for [x, y, z] in t {
            let _ = writeln!(out, "  vertex {x} {y} {z}");
        }
        out.push_str(" endloop\nendfacet\n");
    }
    let _ = writeln!(out, "endsolid {name}");
    out.into_bytes()
}

/// Wavefront OBJ.
pub fn obj(s: &Solid, name: &str) -> Vec<u8> {
    let (corners, faces) = index(s);
    let mut out = format!("# {name}, millimetres\no {name}\n");
    for [x, y, z] in corners {
        let _ = writeln!(out, "v {x} {y} {z}");
    }
    for [a, b, c] in faces {
        let _ = writeln!(out, "f {} {} {}", a + 1, b + 1, c + 1);
    }
    out.into_bytes()
}

/// A 3MF package with one object that has the bodies as components.
pub fn three_mf(bodies: &[(&str, Solid)]) -> Vec<u8> {
    let mut model = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<model unit=\"millimeter\" xml:lang=\"en-US\" \
         xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\">\n <resources>\n",
    );
    for (id, (name, body)) in (1..).zip(bodies) {
        let (corners, faces) = index(body);
        let _ = writeln!(
            model,
            "  <object id=\"{id}\" type=\"model\" name=\"{name}\"><mesh><vertices>"
        );
        for [x, y, z] in corners {
            let _ = writeln!(model, "   <vertex x=\"{x}\" y=\"{y}\" z=\"{z}\"/>");
        }
        model.push_str("  </vertices><triangles>\n");
        for [a, b, c] in faces {
            let _ = writeln!(model, "   <triangle v1=\"{a}\" v2=\"{b}\" v3=\"{c}\"/>");
        }
        model.push_str("  </triangles></mesh></object>\n");
    }
    let whole = bodies.len() + 1;
    let _ = writeln!(
        model,
        "  <object id=\"{whole}\" type=\"model\" name=\"whole\"><components>"
    );
    for id in 1..whole {
        let _ = writeln!(model, "   <component objectid=\"{id}\"/>");
    }
    let _ = write!(
        model,
        "  </components></object>\n </resources>\n <build><item objectid=\"{whole}\"/></build>\n</model>\n"
    );
    let types = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"model\" ContentType=\"application/vnd.ms-package.3dmanufacturing-3dmodel+xml\"/></Types>\n";
    let rels = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                <Relationship Target=\"/3D/3dmodel.model\" Id=\"rel0\" \
                Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel\"/></Relationships>\n";
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("3D/3dmodel.model", model.as_bytes()),
    ])
}

/// Distinct corners in order of appearance, and the facets by index.
fn index(s: &Solid) -> (Vec<Corner>, Vec<[usize; 3]>) {
    let mut seen = BTreeMap::new();
    let mut corners = Vec::new();
    let faces = s
        .triangles
        .iter()
        .map(|t| {
            t.map(|v| {
                *seen.entry(v.map(f32::to_bits)).or_insert_with(|| {
                    corners.push(v);
                    corners.len() - 1
                })
            })
        })
        .collect();
    (corners, faces)
}

fn normal(t: &[Corner; 3]) -> Corner {
    let [a, b, c] = t.map(|p| p.map(f64::from));
    let (u, v) = ([0, 1, 2].map(|k| b[k] - a[k]), [0, 1, 2].map(|k| c[k] - a[k]));
    let n = [
        u[1] * v[2] - u[2] * v[1],
        u[2] * v[0] - u[0] * v[2],
        u[0] * v[1] - u[1] * v[0],
    ];
    let l = n.iter().map(|x| x * x).sum::<f64>().sqrt();
    // Adding zero turns −0 into 0.
    n.map(|x| if l > 0.0 { (x / l) as f32 + 0.0 } else { 0.0 })
}

/// A zip archive of stored (not compressed) entries, dated 1980-01-01.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, data) in entries {
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        common.extend(crc32(data).to_le_bytes());
        common.extend((data.len() as u32).to_le_bytes());
        common.extend((data.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(*data);
    }
    let (n, start) = (entries.len() as u16, out.len() as u32);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n.to_le_bytes());
    out.extend(n.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0_u32, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |c, _| {
            if c & 1 == 1 {
                (c >> 1) ^ 0xEDB8_8320
            } else {
                c >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn crc_of_the_check_string() {
        assert_eq!(super::crc32(b"123456789"), 0xCBF4_3926);
    }
}
