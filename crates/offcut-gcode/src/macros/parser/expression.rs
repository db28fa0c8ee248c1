//! Expressions of the macro language: what stands between braces, by precedence from the weakest.

use super::super::functions::{self, call};
use super::*;

impl Parser<'_> {
    /// `a ? b : c` and everything below.
    pub(super) fn expression(&mut self, live: bool) -> Result<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("the expression is nested too deeply");
        }
        self.blanks();
        let at = self.at;
        let first = self.or(live)?;
        let v = if self.take("?") {
            let yes = match &first {
                _ if !live => false,
                Value::Bool(b) => *b,
                v => {
                    return Err((
                        at,
                        format!("`?` needs true or false before it, and this is {}", v.kind()),
                    ));
                }
            };
            let a = self.expression(live && yes)?;
            self.expect(":")?;
            let b = self.expression(live && !yes)?;
            if yes { a } else { b }
        } else {
            first
        };
        self.depth -= 1;
        Ok(v)
    }

    fn or(&mut self, live: bool) -> Result<Value> {
        let mut v = self.and(live)?;
        loop {
            let at = self.at;
            if !(self.take("||") || self.take_word("or")) {
                return Ok(v);
            }
            let left = self.truth(&v, live, at)?;
            let r = self.and(live && !left)?;
            v = Value::Bool(left || self.truth(&r, live && !left, at)?);
        }
    }

    fn and(&mut self, live: bool) -> Result<Value> {
        let mut v = self.equality(live)?;
        loop {
            let at = self.at;
            if !(self.take("&&") || self.take_word("and")) {
                return Ok(v);
            }
            let left = self.truth(&v, live, at)?;
            let r = self.equality(live && left)?;
            v = Value::Bool(left && self.truth(&r, live && left, at)?);
        }
    }

    fn truth(&self, v: &Value, live: bool, at: usize) -> Result<bool> {
        match v {
            _ if !live => Ok(false),
            Value::Bool(b) => Ok(*b),
            v => Err((
                at,
                format!("true or false is needed here, and this is {}", v.kind()),
            )),
        }
    }

    fn equality(&mut self, live: bool) -> Result<Value> {
        let mut v = self.relation(live)?;
        loop {
            self.blanks();
            let at = self.at;
            if self.take("=~") {
                v = self.matches(&v, live, at)?;
            } else if self.take("!~") {
                let m = self.matches(&v, live, at)?;
                v = Value::Bool(m == Value::Bool(false));
            } else if self.take("==") || self.take("!=") || self.take("<>") {
                let equal = &self.text[at..at + 2] == "==";
                let r = self.relation(live)?;
                if live {
                    let same = functions::compare(&v, &r).map_err(|m| (at, m))? == std::cmp::Ordering::Equal;
                    v = Value::Bool(same == equal);
                }
            } else {
                return Ok(v);
            }
        }
    }

    /// The right side of `=~`: `/pattern/`, which must match the whole text.
    fn matches(&mut self, v: &Value, live: bool, at: usize) -> Result<Value> {
        self.expect("/")?;
        let start = self.at;
        let mut pattern = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err((start, "the pattern has no closing `/`".into()));
            };
            self.at += c.len_utf8();
            match c {
                '/' => break,
                '\\' if self.peek() == Some('/') => {
                    self.at += 1;
                    pattern.push('/');
                }
                c => pattern.push(c),
            }
        }
        if !live {
            return Ok(Value::Bool(false));
        }
        let Value::Text(text) = v else {
            return Err((at, format!("`=~` needs text before it, and this is {}", v.kind())));
        };
        match regex_lite::Regex::new(&format!(r"\A(?s:{pattern})\z")) {
            Ok(r) => Ok(Value::Bool(r.is_match(text))),
            Err(e) => Err((start, format!("the pattern is not valid: {e}"))),
        }
    }

    fn relation(&mut self, live: bool) -> Result<Value> {
        use std::cmp::Ordering::{Greater, Less};
        let mut v = self.sum(live)?;
        loop {
            self.blanks();
            let at = self.at;
            let rest = self.rest();
            if rest.starts_with("<>") {
                return Ok(v);
            }
            let op = ["<=", ">=", "<", ">"].into_iter().find(|o| rest.starts_with(o));
            let Some(op) = op else { return Ok(v) };
            self.at += op.len();
            let r = self.sum(live)?;
            if live {
                let o = functions::compare(&v, &r).map_err(|m| (at, m))?;
                v = Value::Bool(match op {
                    "<=" => o != Greater,
                    ">=" => o != Less,
                    "<" => o == Less,
                    _ => o == Greater,
                });
            }
        }
    }

    fn sum(&mut self, live: bool) -> Result<Value> {
        let mut v = self.product(live)?;
        loop {
            self.blanks();
            let at = self.at;
            let op = match self.peek() {
                Some(c @ ('+' | '-')) => c,
                _ => return Ok(v),
            };
            self.at += 1;
            let r = self.product(live)?;
            if live {
                v = functions::arithmetic(op, &v, &r).map_err(|m| (at, m))?;
            }
        }
    }

    fn product(&mut self, live: bool) -> Result<Value> {
        let mut v = self.unary(live)?;
        loop {
            self.blanks();
            let at = self.at;
            let op = match self.peek() {
                Some(c @ ('*' | '/' | '%')) => c,
                _ => return Ok(v),
            };
            self.at += 1;
            let r = self.unary(live)?;
            if live {
                v = functions::arithmetic(op, &v, &r).map_err(|m| (at, m))?;
            }
        }
    }

    fn unary(&mut self, live: bool) -> Result<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("the expression is nested too deeply");
        }
        self.blanks();
        let at = self.at;
        let v = if self.take("-") {
            let v = self.unary(live)?;
            if live {
                functions::arithmetic('-', &Value::Int(0), &v).map_err(|m| (at, m))?
            } else {
                v
            }
        } else if self.take("+") {
            self.unary(live)?
        } else if self.take_word("not") || (!self.rest().starts_with("!=") && self.take("!")) {
            let v = self.unary(live)?;
            Value::Bool(!self.truth(&v, live, at)?)
        } else {
            self.primary(live)?
        };
        self.depth -= 1;
        Ok(v)
    }

    fn primary(&mut self, live: bool) -> Result<Value> {
        self.blanks();
        let start = self.at;
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let v = self.expression(live)?;
                self.expect(")")?;
                Ok(v)
            }
            Some('"') => self.quoted(),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.named(live, start),
            Some(c) if !c.is_ascii() => self.fail(format!("`{c}` is not allowed outside of quoted text")),
            Some(c) => self.fail(format!("a value is expected before `{c}`")),
            None => self.fail("a value is missing at the end"),
        }
    }

    fn quoted(&mut self) -> Result<Value> {
        let start = self.at;
        self.at += 1;
        let mut s = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err((start, "the text has no closing quote".into()));
            };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(Value::Text(s)),
                '\\' => {
                    let Some(e) = self.peek() else { continue };
                    self.at += e.len_utf8();
                    s.push(match e {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        e => e,
                    });
                }
                c => s.push(c),
            }
        }
    }

    fn number(&mut self) -> Result<Value> {
        let rest = self.rest();
        let n = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let text = &rest[..n];
        let v = if text.contains('.') {
            text.parse().map(Value::Float).ok()
        } else {
            text.parse().map(Value::Int).ok()
        };
        let Some(v) = v else {
            return self.fail(format!("`{text}` is not a number"));
        };
        self.at += n;
        Ok(v)
    }

    /// A function's call, a variable, an element of a list.
    fn named(&mut self, live: bool, start: usize) -> Result<Value> {
        let name = self.name_here();
        self.at += name.len();
        if let Some(c) = self.peek().filter(|c| !c.is_ascii()) {
            return self.fail(format!("`{c}` is not allowed outside of quoted text"));
        }
        match name {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            _ => {}
        }
        if self.take("(") {
            return self.function(name, live, start);
        }
        let mut v = if live {
            self.variable(name, start)?
        } else {
            Value::Nil
        };
        if self.rest().starts_with('[') {
            self.at += 1;
            let at = self.at;
            let i = self.expression(live)?;
            self.expect("]")?;
            if live {
                let Value::Int(i) = i else {
                    return Err((
                        at,
                        format!("an index must be a whole number, and this is {}", i.kind()),
                    ));
                };
                v = functions::index(&v, i).map_err(|m| (at, m))?;
            }
        }
        Ok(v)
    }

    fn function(&mut self, name: &str, live: bool, start: usize) -> Result<Value> {
        let mut arguments = Vec::new();
        // is_nil() must be able to look at what is not set, interpolate_table takes pairs.
        while !self.take(")") {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            if name == "interpolate_table" && !arguments.is_empty() {
                self.expect("(")?;
                let x = self.expression(live)?;
                self.expect(",")?;
                let y = self.expression(live)?;
                self.expect(")")?;
                arguments.push(Value::List(vec![x, y]));
            } else {
                arguments.push(self.expression(live)?);
            }
            if arguments.len() > 1000 {
                return self.fail("too many arguments");
            }
        }
        if !live {
            return Ok(Value::Nil);
        }
        call(name, &arguments).map_err(|m| (start, m))
    }
}
