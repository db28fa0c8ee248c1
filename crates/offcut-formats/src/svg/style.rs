//! What styles say about an element, from attributes, style sheets and `style`.

use offcut_geometry::drawing::Color;
use roxmltree::{Document, Node};
use simplecss::{AttributeOperator, DeclarationTokenizer, PseudoClass, StyleSheet};
use std::str::FromStr;

/// How an area or a line is painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    /// It is painted at all.
    on: bool,
    /// It is transparent.
    clear: bool,
    /// Its colour, where it is one.
    pub color: Option<Color>,
}

impl Ink {
    pub(super) const fn shown(&self) -> bool {
        self.on && !self.clear
    }
}

/// Where a line of text stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Inherited properties.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub fill: Ink,
    pub stroke: Ink,
    pub visible: bool,
    /// Size of texts, user units.
    pub font_size: f64,
    pub monospace: bool,
    pub anchor: Anchor,
    color: Color,
}

impl Default for Look {
    fn default() -> Self {
        let black = Color(0, 0, 0);
        let ink = |on: bool| Ink {
            on,
            clear: false,
            color: Some(black),
        };
        Self {
            fill: ink(true),
            stroke: ink(false),
            visible: true,
            font_size: 16.0,
            monospace: false,
            anchor: Anchor::Start,
            color: black,
        }
    }
}

/// Properties of the element alone.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extra {
    /// `display: none`.
    pub hidden: bool,
    pub clip: bool,
    pub mask: bool,
    pub filter: bool,
    pub marker: bool,
}

/// The style sheets of a document.
pub(super) struct Sheet<'a>(StyleSheet<'a>);

struct Styled<'a, 'input>(Node<'a, 'input>);

impl simplecss::Element for Styled<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Self)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Self)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: AttributeOperator<'_>) -> bool {
        self.0.attribute(name).is_some_and(|v| operator.matches(v))
    }

    fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
        matches!(class, PseudoClass::FirstChild) && self.0.prev_sibling_element().is_none()
    }
}

impl<'a> Sheet<'a> {
    pub(super) fn of(document: &'a Document<'_>) -> Self {
        let mut sheet = StyleSheet::new();
        for node in document.descendants().filter(|n| n.tag_name().name() == "style") {
            for text in node.children().filter_map(|c| c.text()) {
                sheet.parse_more(text);
            }
        }
        Self(sheet)
    }

    /// Calls `f` with the properties that an element sets, weakest first.
    fn each(&self, node: Node<'_, '_>, mut f: impl FnMut(&str, &str)) {
        for a in node.attributes().filter(|a| a.namespace().is_none()) {
            f(a.name(), a.value());
        }
        let element = Styled(node);
        let rules = || self.0.rules.iter().filter(|r| r.selector.matches(&element));
        let own = || DeclarationTokenizer::from(node.attribute("style").unwrap_or_default());
        for important in [false, true] {
            for d in rules().flat_map(|r| &r.declarations) {
                if d.important == important {
                    f(d.name, d.value);
                }
            }
            for d in own().filter(|d| d.important == important) {
                f(d.name, d.value);
            }
        }
    }

    /// The properties of an element within one that looks like `outer`.
    pub(super) fn look(&self, node: Node<'_, '_>, outer: &Look) -> (Look, Extra) {
        let mut look = *outer;
        let mut extra = Extra::default();
        let mut clear = false;
        self.each(node, |name, value| {
            let value = value.trim();
            if value == "inherit" {
                return;
            }
            match name {
                "display" => extra.hidden = value == "none",
                "clip-path" => extra.clip = value != "none",
                "mask" => extra.mask = value != "none",
                "filter" => extra.filter = value != "none",
                "marker" | "marker-start" | "marker-mid" | "marker-end" => extra.marker |= value != "none",
                "visibility" => look.visible = !matches!(value, "hidden" | "collapse"),
                "color" => {
                    if let Some(c) = color(value) {
                        look.color = c;
                    }
                }
                "fill" => look.fill = ink(value, &look.fill, look.color),
                "stroke" => look.stroke = ink(value, &look.stroke, look.color),
                "fill-opacity" => look.fill.clear = is_zero(value),
                "stroke-opacity" => look.stroke.clear = is_zero(value),
                "opacity" => clear = is_zero(value),
                "font-size" => {
                    if let Some(size) = font_size(value, outer.font_size) {
                        look.font_size = size;
                    }
                }
                "font-family" | "font" => {
                    let family = value.to_ascii_lowercase();
                    look.monospace = ["mono", "courier", "consol"].iter().any(|m| family.contains(m));
                    if name == "font"
                        && let Some(size) = value
                            .split_ascii_whitespace()
                            .find_map(|w| font_size(w, outer.font_size))
                    {
                        look.font_size = size;
                    }
                }
                "text-anchor" => {
                    look.anchor = match value {
                        "middle" => Anchor::Middle,
                        "end" => Anchor::End,
                        _ => Anchor::Start,
                    }
                }
                _ => {}
            }
        });
        if clear {
            look.visible = false;
        }
        (look, extra)
    }
}

fn is_zero(value: &str) -> bool {
    value.trim_end_matches('%').parse::<f64>().is_ok_and(|v| v <= 0.0)
}

fn font_size(value: &str, outer: f64) -> Option<f64> {
    let l = svgtypes::Length::from_str(value.split('/').next()?).ok()?;
    use svgtypes::LengthUnit as U;
    let size = match l.unit {
        U::None | U::Px => l.number,
        U::Em => l.number * outer,
        U::Ex => l.number * outer * 0.5,
        U::Percent => l.number * outer / 100.0,
        U::In => l.number * 96.0,
        U::Cm => l.number * 96.0 / 2.54,
        U::Mm => l.number * 96.0 / 25.4,
        U::Pt => l.number * 96.0 / 72.0,
        U::Pc => l.number * 16.0,
    };
    (size.is_finite() && size > 0.0).then_some(size)
}

fn color(value: &str) -> Option<Color> {
    let c = svgtypes::Color::from_str(value).ok()?;
    Some(Color(c.red, c.green, c.blue))
}

fn ink(value: &str, before: &Ink, current: Color) -> Ink {
    use svgtypes::Paint as P;
    let (on, color) = match P::from_str(value) {
        Ok(P::None) => (false, None),
        Ok(P::CurrentColor) => (true, Some(current)),
        Ok(P::Color(c)) if c.alpha == 0 => (false, None),
        Ok(P::Color(c)) => (true, Some(Color(c.red, c.green, c.blue))),
        // A gradient or pattern.
        Ok(P::FuncIRI(..) | P::ContextFill | P::ContextStroke) => (true, None),
        Ok(P::Inherit) | Err(_) => return *before,
    };
    Ink {
        on,
        clear: before.clear,
        color,
    }
}
