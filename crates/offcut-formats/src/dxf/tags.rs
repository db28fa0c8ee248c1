//! Group codes and values of a DXF file, ASCII or binary, one after the other.

use crate::Cause;
use std::borrow::Cow;

const SENTINEL: &[u8] = b"AutoCAD Binary DXF\r\n\x1a\0";

/// The value of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    Text(&'a [u8]),
    Number(f64),
    Integer(i64),
}

/// A group code with its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    pub code: i32,
    pub value: Value<'a>,
    /// Line of the value in a text file, byte in a binary one.
    pub at: usize,
}

impl<'a> Tag<'a> {
    /// The value as text.
    pub(super) fn text(&self) -> Cow<'a, str> {
        match self.value {
            Value::Text(t) => decode(t),
            Value::Number(v) => v.to_string().into(),
            Value::Integer(v) => v.to_string().into(),
        }
    }

    /// The value is this keyword.
    pub(super) fn is(&self, code: i32, word: &str) -> bool {
        self.code == code && matches!(self.value, Value::Text(t) if t.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// The value as a finite number.
    pub(super) fn number(&self) -> Result<f64, Cause> {
        let v = match self.value {
            Value::Number(v) => v,
            Value::Integer(v) => v as f64,
            Value::Text(t) => {
                return crate::number::parse(t)
                    .map_err(|why| crate::number::error(t, why, format!("line {}", self.at)));
            }
        };
        if v.is_finite() {
            Ok(v)
        } else {
            Err(Cause::NotFinite(format!("byte {}", self.at)))
        }
    }

    /// The value as an integer; real numbers are cut.
    pub(super) fn integer(&self) -> Result<i64, Cause> {
        match self.value {
            Value::Integer(v) => Ok(v),
            _ => self.number().map(|v| v as i64),
        }
    }
}

/// UTF-8, or else the Latin code page that most drawings use.
fn decode(t: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(t) {
        Ok(s) => Cow::Borrowed(s),
        Err(_) => Cow::Owned(t.iter().map(|b| char::from(*b)).collect()),
    }
}

/// The groups of a file, with one step back.
pub(super) struct Tags<'a> {
    bytes: &'a [u8],
    pos: usize,
    line: usize,
    kind: Kind,
    back: Option<Tag<'a>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Ascii,
    /// Group codes take two bytes.
    Binary,
    /// Group codes take one byte, as before R13.
    OldBinary,
}

pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(SENTINEL)
}

impl<'a> Tags<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let (mut kind, mut pos) = (Kind::Ascii, 0);
        if is_binary(bytes) {
            pos = SENTINEL.len();
            let old = bytes.get(pos + 1).is_some_and(|b| *b != 0);
            kind = if old { Kind::OldBinary } else { Kind::Binary };
        } else if bytes.starts_with(b"\xef\xbb\xbf") {
            pos = 3;
        }
        Self {
            bytes,
            pos,
            line: 0,
            kind,
            back: None,
        }
    }

    /// Gives a group back to be read again.
    pub(super) fn unread(&mut self, tag: Tag<'a>) {
        self.back = Some(tag);
    }

    /// The place of the next group, for messages.
    pub(super) fn place(&self) -> String {
        if self.kind == Kind::Ascii {
            format!("line {}", self.line)
        } else {
            format!("byte {}", self.pos)
        }
    }

    fn cut(&self) -> Cause {
        Cause::Truncated(format!("it ends at {} within a group", self.place()))
    }

    /// The next group; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Tag<'a>>, Cause> {
        if let Some(tag) = self.back.take() {
            return Ok(Some(tag));
        }
        if self.kind == Kind::Ascii {
            self.next_ascii()
        } else {
            self.next_binary()
        }
    }

    fn next_line(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.pos..).filter(|r| !r.is_empty())?;
        let end = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
        let (line, used) = match end {
            // A carriage return alone ends a line too, with a line feed it is one end.
            Some(e) if rest[e] == b'\r' && rest.get(e + 1) == Some(&b'\n') => (&rest[..e], e + 2),
            Some(e) => (&rest[..e], e + 1),
            None => (rest, rest.len()),
        };
        self.pos += used;
        self.line += 1;
        Some(line)
    }

    fn next_ascii(&mut self) -> Result<Option<Tag<'a>>, Cause> {
        let code = loop {
            match self.next_line() {
                None => return Ok(None),
                Some(l) if l.trim_ascii().is_empty() || l == b"\x1a" => {}
                Some(l) => break l.trim_ascii(),
            }
        };
        let Some(code) = std::str::from_utf8(code).ok().and_then(|c| c.parse().ok()) else {
            let shown: String = String::from_utf8_lossy(code).chars().take(40).collect();
            return Err(Cause::syntax(
                format!("line {}", self.line),
                format!("'{}' is not a group code of DXF", shown.escape_debug()),
            ));
        };
        let Some(value) = self.next_line() else {
            return Err(self.cut());
        };
        Ok(Some(Tag {
            code,
            value: Value::Text(value.trim_ascii()),
            at: self.line,
        }))
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Cause> {
        let bytes = self.bytes.get(self.pos..).and_then(|r| r.first_chunk::<N>());
        let bytes = *bytes.ok_or_else(|| self.cut())?;
        self.pos += N;
        Ok(bytes)
    }

    fn next_binary(&mut self) -> Result<Option<Tag<'a>>, Cause> {
        if self.pos >= self.bytes.len() {
            return Ok(None);
        }
        let at = self.pos;
        let code = if self.kind == Kind::Binary {
            i32::from(i16::from_le_bytes(self.take()?))
        } else {
            match self.take::<1>()? {
                [255] => i32::from(i16::from_le_bytes(self.take()?)),
                [c] => i32::from(c),
            }
        };
        let value = match code {
            10..=59 | 110..=149 | 210..=239 | 460..=469 | 1010..=1059 => {
                Value::Number(f64::from_le_bytes(self.take()?))
            }
            60..=79 | 170..=179 | 270..=289 | 370..=389 | 400..=409 | 1060..=1070 => {
                Value::Integer(i16::from_le_bytes(self.take()?).into())
            }
            90..=99 | 420..=429 | 440..=459 | 1071 => Value::Integer(i32::from_le_bytes(self.take()?).into()),
            160..=169 => Value::Integer(i64::from_le_bytes(self.take()?)),
            290..=299 => Value::Integer(self.take::<1>()?[0].into()),
            310..=319 | 1004 => {
                let [n] = self.take::<1>()?;
                let end = self.pos + usize::from(n);
                let data = self.bytes.get(self.pos..end).ok_or_else(|| self.cut())?;
                self.pos = end;
                Value::Text(data)
            }
            0..=9
            | 100..=109
            | 300..=309
            | 320..=369
            | 390..=399
            | 410..=419
            | 430..=439
            | 470..=481
            | 999..=1009 => {
                let rest = &self.bytes[self.pos..];
                let end = rest.iter().position(|b| *b == 0).ok_or_else(|| self.cut())?;
                self.pos += end + 1;
                Value::Text(&rest[..end])
            }
            _ => {
                return Err(Cause::syntax(
                    format!("byte {at}"),
                    format!("{code} is not a group code of DXF"),
                ));
            }
        };
        Ok(Some(Tag { code, value, at }))
    }
}
