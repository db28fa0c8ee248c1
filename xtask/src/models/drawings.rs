//! Drawings for nesting, cutting and milling.

/// A stand for a telephone: two sides, a shelf with a round opening, a tag with a letter. Lines to be cut are red, the
/// layer `score` is marked.
pub const STAND: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
     width="210mm" height="110mm" viewBox="0 0 210 110" fill="none" stroke="#ff0000" stroke-width="0.1">
  <g inkscape:groupmode="layer" inkscape:label="cut">
    <path id="side" d="M10 100H85A5 5 0 0 0 90 95V90A5 5 0 0 0 85 85H46L66 26A6 6 0 0 0 54.6 22.2L33 85H10A5 5 0 0 0 5 90V95A5 5 0 0 0 10 100Z"/>
    <rect x="12" y="91" width="16" height="3"/>
    <rect x="62" y="91" width="16" height="3"/>
    <path id="shelf" d="M100 30H108V22H118V30H152V22H162V30H170V90H162V98H152V90H118V98H108V90H100Z"/>
    <circle cx="135" cy="60" r="17"/>
    <circle cx="190" cy="50" r="14"/>
    <circle cx="190" cy="40" r="2"/>
  </g>
  <g inkscape:groupmode="layer" inkscape:label="score" stroke="#0000ff">
    <path d="M104 34H114M156 34H166M104 86H114M156 86H166"/>
  </g>
  <text x="190" y="59" font-size="15" text-anchor="middle" fill="#000000" stroke="none">A</text>
</svg>
"##;
