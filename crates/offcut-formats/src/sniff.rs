//! Files of other kinds that get a model's extension.

/// The name of what the bytes are, when they are something known that isn't a readable model.
pub(crate) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive without a model"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"glTF", "a glTF scene"),
        (b"ISO-10303-21", "a STEP file"),
        (b"ply\n", "a PLY mesh"),
        (b"ply\r\n", "a PLY mesh"),
        (b"OFF\n", "an OFF mesh"),
        (b"GCDE", "binary G-code"),
        (b"BLENDER", "a Blender scene"),
        (b"Kaydara FBX", "an FBX scene"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    let head = text_head(bytes)?;
    let lower = head
        .trim_start()
        .get(..64)
        .unwrap_or(head.trim_start())
        .to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some("a web page");
    }
    if lower.starts_with("<svg") || (lower.starts_with("<?xml") && head.contains("<svg")) {
        return Some("an SVG drawing");
    }
    gcode(head).then_some("G-code")
}

/// The first lines, when they are text.
pub(crate) fn text_head(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(4096)];
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.contains(&0) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        // Only the last character may be cut.
        Err(e) if e.valid_up_to() + 4 > head.len() => std::str::from_utf8(&head[..e.valid_up_to()]).ok(),
        Err(_) => None,
    }
}

/// Most lines are a comment or a G, M or T word.
fn gcode(head: &str) -> bool {
    let lines = head.lines().map(str::trim).filter(|l| !l.is_empty());
    let (mut words, mut all) = (0, 0);
    for line in lines.filter(|l| !l.starts_with(';')) {
        all += 1;
        let mut chars = line.chars();
        let letter = chars
            .next()
            .is_some_and(|c| matches!(c, 'G' | 'M' | 'T' | 'g' | 'm'));
        words += usize::from(letter && chars.next().is_some_and(|c| c.is_ascii_digit()));
    }
    (words > 0 && words * 2 > all) || (all == 0 && head.starts_with(';'))
}

#[cfg(test)]
mod tests {
    use super::foreign;

    #[test]
    fn names_foreign_files() {
        assert_eq!(foreign(b"\x89PNG\r\n\x1a\n..."), Some("a PNG picture"));
        assert_eq!(
            foreign(b"; made by\nG28\nG1 X10 Y20 E0.5\nM104 S0\n"),
            Some("G-code")
        );
        assert_eq!(foreign(b"<?xml version='1.0'?>\n<svg/>"), Some("an SVG drawing"));
        assert_eq!(foreign(b"ISO-10303-21;\nHEADER;"), Some("a STEP file"));
        assert_eq!(foreign(b"v 0 0 0\nv 1 0 0\n"), None);
        assert_eq!(foreign(b"\x00\x01\x02"), None);
    }
}
