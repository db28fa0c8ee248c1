//! The words of one line: several G and M codes, one number for every other letter.

use crate::read::lex::Cursor;

/// Codes of one letter in a line at most; more are refused.
const CODES: usize = 10;

/// The words of a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LineWords {
    values: [f64; 26],
    given: u32,
    g: [u16; CODES],
    g_count: usize,
    m: [u16; CODES],
    m_count: usize,
}

impl LineWords {
    /// Reads words up to the line's end; comments go to `comment`. Returns false when the line has rubbish in it.
    #[inline(always)]
    pub fn read<'a>(&mut self, c: &mut Cursor<'a>, mut comment: impl FnMut(&'a [u8])) -> bool {
        (self.given, self.g_count, self.m_count) = (0, 0, 0);
        loop {
            c.skip_blanks();
            let b = c.peek();
            let letter = (b | 0x20).wrapping_sub(b'a');
            if letter >= 26 {
                match b {
                    b'\n' => return true,
                    b'*' | b'/' => return true,
                    b';' => {
                        let rest = c.bytes.get(c.at + 1..).unwrap_or(&[]);
                        let n = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                        comment(rest[..n].trim_ascii());
                        return true;
                    }
                    b'(' => {
                        let rest = c.bytes.get(c.at + 1..).unwrap_or(&[]);
                        let n = rest.iter().position(|b| matches!(b, b')' | b'\n'));
                        let n = n.unwrap_or(rest.len());
                        comment(rest[..n].trim_ascii());
                        c.at += n + 1;
                        if c.peek() == b')' {
                            c.at += 1;
                        }
                        continue;
                    }
                    _ => return false,
                }
            }
            c.at += 1;
            let Some(v) = c.number() else {
                // Marlin's `M3 I`: a letter alone.
                if letter == b'I' - b'A' && self.m_count > 0 {
                    continue;
                }
                return false;
            };
            match letter {
                6 => {
                    if self.g_count == CODES || !(0.0..6000.0).contains(&v) {
                        return false;
                    }
                    self.g[self.g_count] = (v * 10.0 + 0.5) as u16;
                    self.g_count += 1;
                }
                12 => {
                    if self.m_count == CODES || !(0.0..6000.0).contains(&v) {
                        return false;
                    }
                    self.m[self.m_count] = (v * 10.0 + 0.5) as u16;
                    self.m_count += 1;
                    if matches!(v as u16, 117 | 118 | 23) {
                        // Free text follows.
                        return true;
                    }
                }
                _ => {
                    if self.given >> letter & 1 == 1 {
                        return false;
                    }
                    self.values[usize::from(letter)] = v;
                    self.given |= 1 << letter;
                }
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.given == 0 && self.g_count == 0 && self.m_count == 0
    }

    /// G codes in tenths, as written.
    pub fn g(&self) -> &[u16] {
        &self.g[..self.g_count]
    }

    /// M codes in tenths, as written.
    pub fn m(&self) -> &[u16] {
        &self.m[..self.m_count]
    }

    pub fn has_m(&self, m: u16) -> bool {
        self.m().contains(&m)
    }

    /// S belongs to a code of its own: a wait, a fan, an acceleration, a temperature.
    pub fn takes_s(&self) -> bool {
        self.g().contains(&40) || self.m().iter().any(|m| *m >= 1000)
    }

    #[inline(always)]
    pub fn get(&self, letter: u8) -> Option<f64> {
        let i = letter - b'A';
        (self.given >> i & 1 == 1).then(|| self.values[usize::from(i)])
    }

    #[inline(always)]
    pub fn has(&self, letter: u8) -> bool {
        self.given >> (letter - b'A') & 1 == 1
    }
}
