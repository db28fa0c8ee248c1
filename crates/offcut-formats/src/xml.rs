//! XML as model files use it: elements, attributes, text. No DTD, hence no entities beyond the five.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::number;
use crate::{Cause, Limits};

/// A part as text, whatever its encoding.
pub(crate) fn decode<'a>(bytes: &'a [u8], part: &str) -> Result<Cow<'a, str>, Cause> {
    let utf16 = |order: fn([u8; 2]) -> u16| {
        let units = bytes[2..].as_chunks::<2>().0.iter().map(|c| order(*c));
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .map(Cow::Owned)
            .ok()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(Cow::Borrowed),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    };
    text.ok_or_else(|| Cause::syntax(part, "not XML text; the part may be encrypted or damaged"))
}

/// Text as an attribute may hold it: control characters, which no XML document can have, are replaced.
pub(crate) fn escaped(text: &str) -> String {
    let refused =
        |c: char| matches!(c, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}') && !matches!(c, '\t' | '\n' | '\r');
    let clean: String = text
        .chars()
        .map(|c| {
            if refused(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect();
    quick_xml::escape::escape(clean.as_str()).into_owned()
}

/// What a document consists of, one after the other.
pub(crate) enum Node<'a> {
    Start(Tag<'a>),
    End,
    Text(Cow<'a, str>),
}

/// A start tag.
pub(crate) struct Tag<'a>(BytesStart<'a>);

/// A pull reader that keeps the nesting bounded and refuses DTDs.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    part: &'a str,
    depth: usize,
    limit: usize,
    started: bool,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(text: &'a str, part: &'a str, limits: &Limits) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            text,
            part,
            depth: 0,
            limit: limits.depth,
            started: false,
        }
    }

    /// Where the reader is, for messages.
    pub(crate) fn place(&self) -> String {
        let at = (self.reader.buffer_position() as usize).min(self.text.len());
        let line = self.text.as_bytes()[..at].iter().filter(|c| **c == b'\n').count() + 1;
        format!("{} line {line}", self.part)
    }

    /// The error that something is wrong here.
    #[cold]
    pub(crate) fn error(&self, what: impl Into<String>) -> Cause {
        Cause::syntax(self.place(), what)
    }

    /// The next element or text; `None` at the end of a complete document.
    pub(crate) fn next(&mut self) -> Result<Option<Node<'a>>, Cause> {
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(e) => return Err(self.broken(&e)),
            };
            match event {
                Event::Start(tag) => {
                    if self.depth == 0 && self.started {
                        return Err(self.error("a second root element"));
                    }
                    self.started = true;
                    self.depth += 1;
                    if self.depth > self.limit {
                        return Err(Cause::TooDeep {
                            what: "XML elements",
                            limit: self.limit,
                        });
                    }
                    return Ok(Some(Node::Start(Tag(tag))));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Node::End));
                }
                Event::Text(text) if self.depth > 0 => return Ok(Some(Node::Text(text.into_inner()))),
                Event::DocType(_) => {
                    return Err(self.error("a document type definition, which model files must not have"));
                }
                Event::Eof if self.depth > 0 || !self.started => {
                    return Err(Cause::Truncated(format!("{} ends within an element", self.part)));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Skips to the end of the element that has just started.
    pub(crate) fn skip(&mut self) -> Result<(), Cause> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The text of the element that has just started, up to its end.
    pub(crate) fn content(&mut self) -> Result<Cow<'a, str>, Cause> {
        let mut content = Cow::Borrowed("");
        loop {
            match self.next()? {
                Some(Node::Text(text)) if content.is_empty() => content = text,
                Some(Node::Text(text)) => content.to_mut().push_str(&text),
                Some(Node::Start(_)) => self.skip()?,
                Some(Node::End) | None => return Ok(content),
            }
        }
    }

    /// The finite number of the element that has just started.
    pub(crate) fn number(&mut self) -> Result<f64, Cause> {
        let content = self.content()?;
        self.parse(content.trim())
    }

    /// A finite number.
    pub(crate) fn parse(&self, token: &str) -> Result<f64, Cause> {
        number::parse(token.as_bytes()).map_err(|why| number::error(token.as_bytes(), why, self.place()))
    }

    /// An index.
    pub(crate) fn index(&self, token: &str) -> Result<u32, Cause> {
        token
            .trim()
            .parse()
            .map_err(|_| self.error(format!("'{}' is not an index", shown(token))))
    }

    #[cold]
    fn broken(&self, e: &quick_xml::Error) -> Cause {
        match e {
            quick_xml::Error::Syntax(_) => Cause::Truncated(format!("{}: {e}", self.place())),
            _ => self.error(e.to_string()),
        }
    }
}

fn shown(token: &str) -> String {
    token.escape_debug().take(40).collect()
}

impl Tag<'_> {
    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        let name = self.0.name().into_inner();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// The prefix of the name, empty when there is none.
    pub(crate) fn prefix(&self) -> &str {
        self.0
            .name()
            .into_inner()
            .split_once(':')
            .map_or("", |(prefix, _)| prefix)
    }

    /// Calls `f` with the name and raw value of each attribute.
    pub(crate) fn attributes(
        &self,
        xml: &Xml,
        mut f: impl FnMut(&str, &str) -> Result<(), Cause>,
    ) -> Result<(), Cause> {
        let mut rest = self.0.attributes_raw();
        loop {
            rest = rest.trim_ascii_start();
            if rest.is_empty() {
                return Ok(());
            }
            let attribute = rest.split_once('=').and_then(|(name, after)| {
                let after = after.trim_ascii_start();
                let quote = after.bytes().next().filter(|q| matches!(q, b'"' | b'\''))?;
                let (value, after) = after[1..].split_once(char::from(quote))?;
                Some((name.trim_ascii_end(), value, after))
            });
            let Some((name, value, after)) = attribute else {
                return Err(xml.error("a malformed attribute"));
            };
            f(name, value)?;
            rest = after;
        }
    }

    /// All attributes as name and text. An attribute given twice is an error, as XML demands.
    pub(crate) fn all(&self, xml: &Xml) -> Result<Vec<(String, String)>, Cause> {
        let mut all: Vec<(String, String)> = Vec::new();
        self.attributes(xml, |name, value| {
            if all.iter().any(|(n, _)| n == name) {
                return Err(xml.error(format!("attribute '{}' is given twice", shown(name))));
            }
            let value = quick_xml::escape::unescape(value).map_err(|e| xml.error(e.to_string()))?;
            all.push((name.to_owned(), value.into_owned()));
            Ok(())
        })?;
        Ok(all)
    }
}

/// The value of an attribute.
pub(crate) fn get<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, v)| v.as_str())
}
