//! Words of G-code: letters and decimal numbers, straight from bytes.

/// Powers of ten that are exact in f64.
const TEN: [f64; 20] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
];

const TEN_WHOLE: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

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
        if let Some((v, end)) = short_number(self.bytes, p) {
            self.at = end;
            return Some(if sign == b'-' { -v } else { v });
        }
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

/// A number of at most seven digits before and after its point, and where it ends; none when it isn't one or lies
/// too near the end of the text. All digits are found and summed up at once in a register (D. Lemire's way of
/// reading eight digits), since the loop over them would be guessed wrong once a number.
#[inline(always)]
fn short_number(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    let (whole, n) = digits(bytes, at)?;
    let mut end = at + n;
    if bytes.get(end) != Some(&b'.') {
        return (n > 0).then_some((whole as f64, end));
    }
    let (part, m) = digits(bytes, end + 1)?;
    end += 1 + m;
    let mantissa = whole * TEN_WHOLE[m] + part;
    (n + m > 0).then(|| (mantissa as f64 / TEN[m], end))
}

/// Up to seven digits: their value and how many there are; none for more.
#[inline(always)]
fn digits(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk::<8>()?);
    let values = word ^ 0x3030_3030_3030_3030;
    // The top bit of every byte that is no digit; a carry only reaches bytes behind the first of those.
    let others = (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
    let n = (others.trailing_zeros() / 8) as usize;
    if n == 8 {
        return None;
    }
    // The digits at the top, zeros below; with none of them there is nothing to shift by.
    let v = if n == 0 { 0 } else { values << (64 - 8 * n) };
    let v = (v.wrapping_mul(10) + (v >> 8)) & 0x00ff_00ff_00ff_00ff;
    let v = (v.wrapping_mul(100) + (v >> 16)) & 0x0000_ffff_0000_ffff;
    let v = (v.wrapping_mul(10_000) + (v >> 32)) & 0xffff_ffff;
    Some((v, n))
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
    fn numbers_inside_a_text_are_what_the_standard_library_reads() {
        let mut seed = 1u64;
        let mut random = |n: u64| {
            seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
            (seed >> 33) % n
        };
        for _ in 0..20_000 {
            let mut text = String::new();
            text.push_str(["", "-", "+"][random(3) as usize]);
            for _ in 0..random(10) {
                text.push(char::from(b'0' + random(10) as u8));
            }
            if random(4) > 0 {
                text.push('.');
                // Fifteen digits in all: more aren't exact in every step.
                for _ in 0..random(7) {
                    text.push(char::from(b'0' + random(10) as u8));
                }
            }
            let want: Option<f64> = text.parse().ok();
            for tail in [
                "",
                " Y1.5 E0.1",
                "Y12345678.9",
                "\n",
                "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
                ":/;;;;;;;;",
            ] {
                let whole = format!("{text}{tail}");
                let mut c = Cursor {
                    bytes: whole.as_bytes(),
                    at: 0,
                };
                assert_eq!(c.number(), want, "{whole}");
                if want.is_some() {
                    assert_eq!(c.at, text.len(), "{whole}");
                }
            }
        }
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
