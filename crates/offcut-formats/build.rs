//! Makes the fonts of drawings smaller: outlines and widths are all that is used of them.
//!
//! In: TrueType fonts of a crate. Out: the same with only the tables that are read, and without the
//! instructions for small screens, which are more than half of them.

use std::path::PathBuf;

const KEPT: [&[u8; 4]; 8] = [
    b"OS/2", b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp",
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    for (name, font) in [
        ("sans.ttf", epaint_default_fonts::UBUNTU_LIGHT),
        ("mono.ttf", epaint_default_fonts::HACK_REGULAR),
    ] {
        // A font of another build keeps what can't be told.
        let bytes = outlines(font).unwrap_or_else(|| font.to_vec());
        if let Err(e) = std::fs::write(folder.join(name), bytes) {
            println!("cargo:error={name}: {e}");
        }
    }
}

fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let b = bytes.get(at..at + size)?;
    Some(b.iter().fold(0, |n, &v| n << 8 | usize::from(v)))
}

fn table<'a>(font: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = number(font, 4, 2)?;
    let entry = (0..count)
        .map(|i| 12 + 16 * i)
        .find(|&e| font.get(e..e + 4) == Some(&tag[..]))?;
    let start = number(font, entry + 8, 4)?;
    font.get(start..start + number(font, entry + 12, 4)?)
}

/// A glyph without its instructions. Those of glyphs made of others are few and stay.
fn plain(glyph: &[u8]) -> Option<Vec<u8>> {
    let contours = number(glyph, 0, 2)?;
    if contours >= 1 << 15 {
        return Some(glyph.to_vec());
    }
    let at = 10 + 2 * contours;
    let length = number(glyph, at, 2)?;
    let mut out = glyph[..at].to_vec();
    out.extend([0, 0]);
    out.extend(glyph.get(at + 2 + length..)?);
    Some(out)
}

fn outlines(font: &[u8]) -> Option<Vec<u8>> {
    let (head, glyf, loca) = (
        table(font, b"head")?,
        table(font, b"glyf")?,
        table(font, b"loca")?,
    );
    let long = number(head, 50, 2)? == 1;
    let glyphs = number(table(font, b"maxp")?, 4, 2)?;
    let place = |g: usize| {
        if long {
            number(loca, 4 * g, 4)
        } else {
            Some(2 * number(loca, 2 * g, 2)?)
        }
    };
    let (mut shapes, mut places) = (Vec::new(), Vec::new());
    for g in 0..glyphs {
        places.extend((shapes.len() as u32).to_be_bytes());
        let glyph = glyf.get(place(g)?..place(g + 1)?)?;
        if !glyph.is_empty() {
            shapes.extend(plain(glyph)?);
        }
    }
    places.extend((shapes.len() as u32).to_be_bytes());
    let mut head = head.to_vec();
    head.get_mut(50..52)?.copy_from_slice(&[0, 1]);

    let mut out = font.get(..4)?.to_vec();
    out.extend((KEPT.len() as u16).to_be_bytes());
    // Search ranges of the directory, which its reader does not need.
    out.extend([0; 6]);
    let mut body = Vec::new();
    for tag in KEPT {
        let content = match tag {
            b"glyf" => &shapes,
            b"loca" => &places,
            b"head" => &head,
            _ => table(font, tag)?,
        };
        out.extend(tag);
        out.extend([0; 4]);
        out.extend(((12 + 16 * KEPT.len() + body.len()) as u32).to_be_bytes());
        out.extend((content.len() as u32).to_be_bytes());
        body.extend(content);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    out.extend(body);
    Some(out)
}
