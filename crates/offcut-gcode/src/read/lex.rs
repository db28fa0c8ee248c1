//! Words of G-code: letters and decimal numbers, straight from bytes.

/// Powers of ten that are exact in f64.
const TEN: [f64; 20] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
];

/// A place in a text.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Cursor<'a> {
    /// The byte here; a line's end past the end.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(b'\n')
    }

    #[inline(always)]
    pub fn skip_blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
    }

    /// The rest of the line, without its end; the cursor moves to the next line.
    #[inline]
    pub fn rest_of_line(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let n = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        self.at += n + 1;
        &rest[..n]
    }

    /// A decimal number, blanks before it skipped; none when there is none.
    #[inline(always)]
    pub fn number(&mut self) -> Option<f64> {
        self.skip_blanks();
        let start = self.at;
        let mut p = start;
        let sign = self.bytes.get(p).copied().unwrap_or(0);
        p += usize::from(sign == b'-' || sign == b'+');
        let first = p;
        let mut mantissa: u64 = 0;
        let mut b = self.bytes.get(p).copied().unwrap_or(0);
        while b.is_ascii_digit() {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(b - b'0'));
            p += 1;
            b = self.bytes.get(p).copied().unwrap_or(0);
        }
        let mut digits = p - first;
        let mut decimals = 0;
        if b == b'.' {
            p += 1;
            let dot = p;
            b = self.bytes.get(p).copied().unwrap_or(0);
            while b.is_ascii_digit() {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(b - b'0'));
                p += 1;
                b = self.bytes.get(p).copied().unwrap_or(0);
            }
            decimals = p - dot;
            digits += decimals;
        }
        if digits == 0 {
            return None;
        }
        self.at = p;
        let v = if digits <= 18 {
            mantissa as f64 / TEN[decimals]
        } else {
            return long_number(&self.bytes[start..p]);
        };
        Some(if sign == b'-' { -v } else { v })
    }
}

/// A number of more than 18 digits.
#[cold]
fn long_number(text: &[u8]) -> Option<f64> {
    let v: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    v.is_finite().then_some(v)
}

/// The numbers of one command, by letter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    values: [f64; 26],
    /// Bit n: letter A + n was given.
    pub given: u32,
    /// Letters without a number (as in `G28 X`).
    pub bare: u32,
}

impl Words {
    pub const fn new() -> Self {
        Self {
            values: [0.0; 26],
            given: 0,
            bare: 0,
        }
    }

    #[inline(always)]
    pub fn clear(&mut self) {
        self.given = 0;
        self.bare = 0;
    }

    /// Reads words up to the line's end or a comment.
    #[inline(always)]
    pub fn read(&mut self, c: &mut Cursor) {
        self.clear();
        loop {
            c.skip_blanks();
            let b = c.peek();
            let letter = (b | 0x20).wrapping_sub(b'a');
            if letter >= 26 {
                if matches!(b, b'\n' | b';' | b'*') {
                    return;
                }
                self.stray(c, b);
                continue;
            }
            c.at += 1;
            match c.number() {
                Some(v) => {
                    self.values[usize::from(letter)] = v;
                    self.given |= 1 << letter;
                }
                None => self.bare |= 1 << letter,
            }
        }
    }

    /// A byte that begins no word: a comment in parentheses or rubbish.
    #[cold]
    fn stray(&mut self, c: &mut Cursor, b: u8) {
        c.at += 1;
        if b == b'(' {
            while !matches!(c.peek(), b')' | b'\n') {
                c.at += 1;
            }
            c.at += usize::from(c.peek() == b')');
        } else {
            self.bare |= 1 << 31;
        }
    }

    /// The number of a letter.
    #[inline(always)]
    pub fn get(&self, letter: u8) -> Option<f64> {
        let i = letter - b'A';
        (self.given >> i & 1 == 1).then(|| self.values[usize::from(i)])
    }

    /// True when the letter was given, with or without a number.
    #[inline]
    pub fn has(&self, letter: u8) -> bool {
        (self.given | self.bare) >> (letter - b'A') & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(s: &str) -> Option<f64> {
        Cursor {
            bytes: s.as_bytes(),
            at: 0,
        }
        .number()
    }

    #[test]
    fn numbers() {
        assert_eq!(number("12.345"), Some(12.345));
        assert_eq!(number(" -.5 "), Some(-0.5));
        assert_eq!(number("+7."), Some(7.0));
        assert_eq!(number("1e5"), Some(1.0), "E begins a word");
        assert_eq!(number("-"), None);
        assert_eq!(number("."), None);
        assert_eq!(number("nan"), None);
        assert_eq!(number("0.1234567890123456789012"), Some(0.123_456_789_012_345_68));
        assert!(number(&"9".repeat(400)).is_none());
    }

    #[test]
    fn words_without_blanks_and_with_rubbish() {
        let mut w = Words::new();
        let mut c = Cursor {
            bytes: b"x1Y-2.5(to Z9)E.25 ! F ;Z3",
            at: 0,
        };
        w.read(&mut c);
        assert_eq!(
            (w.get(b'X'), w.get(b'Y'), w.get(b'Z')),
            (Some(1.0), Some(-2.5), None)
        );
        assert_eq!(w.get(b'E'), Some(0.25));
        assert!(w.has(b'F') && w.get(b'F').is_none());
        assert_eq!(c.peek(), b';');
    }
}
