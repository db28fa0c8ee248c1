//! Parses and evaluates in one pass; branches that are not taken are parsed with `live` off.

mod expression;

use super::MAX_OUTPUT;
use super::functions;
use super::vars::{Value, Vars};

/// Place in the template and message.
pub(super) type Fault = (usize, String);
pub(super) type Result<T> = std::result::Result<T, Fault>;

/// Deepest nesting of expressions.
const MAX_DEPTH: usize = 64;

/// An open `{if}`.
struct Branch {
    at: usize,
    /// The text around it is wanted.
    outer: bool,
    /// A branch has been taken.
    done: bool,
    /// This branch is wanted.
    live: bool,
    /// `{else}` was seen.
    last: bool,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    vars: &'a mut Vars,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, vars: &'a mut Vars) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            vars,
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        Err((self.at, message.into()))
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes a symbol after blanks.
    fn take(&mut self, symbol: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.take(symbol) {
            return Ok(());
        }
        match self.peek() {
            Some(c) if !c.is_ascii() => self.fail(format!("`{c}` is not allowed outside of quoted text")),
            Some(c) => self.fail(format!("`{symbol}` is expected before `{c}`")),
            None => self.fail(format!("`{symbol}` is missing at the end")),
        }
    }

    /// A name here, not taken.
    fn name_here(&self) -> &'a str {
        let rest = self.rest();
        let ok = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let n = rest.find(|c| !ok(c)).unwrap_or(rest.len());
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            ""
        } else {
            &rest[..n]
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.blanks();
        let found = self.name_here() == word;
        if found {
            self.at += word.len();
        }
        found
    }

    pub(super) fn template(&mut self) -> Result<String> {
        let mut out = String::new();
        let mut branches: Vec<Branch> = Vec::new();
        while let Some(c) = self.peek() {
            let live = branches.last().is_none_or(|b| b.live);
            match c {
                '{' => {
                    self.at += 1;
                    self.code(&mut branches, &mut out)?;
                }
                '[' if self.legacy_here() => {
                    let v = self.legacy(live)?;
                    out.push_str(&v.text());
                }
                _ => {
                    let n = self.rest()[c.len_utf8()..]
                        .find(['{', '['])
                        .map_or(self.rest().len(), |n| n + c.len_utf8());
                    if live {
                        out.push_str(&self.rest()[..n]);
                    }
                    self.at += n;
                }
            }
            if out.len() > MAX_OUTPUT {
                return self.fail("the text grows beyond 16 MB");
            }
        }
        match branches.last() {
            Some(b) => Err((b.at, "`{if}` has no `{endif}`: add one".into())),
            None => Ok(out),
        }
    }

    /// What stands in braces: statements between semicolons.
    fn code(&mut self, branches: &mut Vec<Branch>, out: &mut String) -> Result<()> {
        loop {
            self.blanks();
            if self.take("}") {
                return Ok(());
            }
            if self.take(";") {
                continue;
            }
            self.statement(branches, out)?;
            self.blanks();
            if !self.rest().starts_with([';', '}']) {
                self.expect("}")?;
                return Ok(());
            }
        }
    }

    fn statement(&mut self, branches: &mut Vec<Branch>, out: &mut String) -> Result<()> {
        let start = self.at;
        let live = branches.last().is_none_or(|b| b.live);
        if self.take_word("if") {
            if branches.len() >= MAX_DEPTH {
                return self.fail("conditions are nested too deeply");
            }
            let yes = self.condition(live)?;
            branches.push(Branch {
                at: start,
                outer: live,
                done: yes,
                live: yes,
                last: false,
            });
            return Ok(());
        }
        for word in ["elsif", "else", "endif"] {
            if !self.take_word(word) {
                continue;
            }
            let Some(b) = branches.last_mut() else {
                return Err((start, format!("`{word}` has no `if` before it")));
            };
            if word == "endif" {
                branches.pop();
                return Ok(());
            }
            if b.last {
                return Err((start, format!("`{word}` comes after `else`")));
            }
            let wanted = b.outer && !b.done;
            b.last = word == "else";
            let yes = if word == "else" {
                wanted
            } else {
                self.condition(wanted)?
            };
            if let Some(b) = branches.last_mut() {
                b.live = yes;
                b.done |= yes;
            }
            return Ok(());
        }
        for (word, global) in [("local", false), ("global", true)] {
            if self.take_word(word) {
                self.blanks();
                let name = self.name_here();
                if name.is_empty() {
                    return self.fail(format!("a name is expected after `{word}`"));
                }
                self.at += name.len();
                self.expect("=")?;
                let v = self.expression(live)?;
                if live {
                    self.vars.declare(name, v, global);
                }
                return Ok(());
            }
        }
        let name = self.name_here();
        let after = self.text[self.at + name.len()..].trim_start();
        if !name.is_empty() && after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=~")
        {
            self.at += name.len();
            self.expect("=")?;
            let v = self.expression(live)?;
            if live && !self.vars.assign(name, v) {
                return Err((
                    start,
                    format!("`{name}` is not declared: write `local {name} = …` or `global {name} = …`"),
                ));
            }
            return Ok(());
        }
        let v = self.expression(live)?;
        if live {
            match v {
                Value::Nil => return Err((start, "this is not set: test it with is_nil() before".into())),
                Value::Percent(_) => return Err((start, percent_message())),
                v => out.push_str(&v.text()),
            }
        }
        Ok(())
    }

    fn condition(&mut self, live: bool) -> Result<bool> {
        self.blanks();
        let at = self.at;
        match self.expression(live)? {
            _ if !live => Ok(false),
            Value::Bool(b) => Ok(b),
            v => Err((
                at,
                format!("a condition must be true or false, and this is {}", v.kind()),
            )),
        }
    }

    /// True when `[` begins an old-style placeholder.
    fn legacy_here(&self) -> bool {
        let rest = &self.rest()[1..];
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && rest.split(['\n', '{']).next().is_some_and(|l| l.contains(']'))
    }

    /// `[name]`, `[name_0]`, `[name_[other]]`.
    fn legacy(&mut self, live: bool) -> Result<Value> {
        let start = self.at;
        self.at += 1;
        let mut name = String::new();
        loop {
            match self.peek() {
                Some(']') => {
                    self.at += 1;
                    break;
                }
                Some('[') => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return self.fail("brackets are nested too deeply");
                    }
                    let v = self.legacy(live)?;
                    self.depth -= 1;
                    name.push_str(&v.text());
                }
                Some(c) if c.is_ascii_alphanumeric() || c == '_' => {
                    self.at += 1;
                    name.push(c);
                }
                _ => return self.fail("`]` is missing"),
            }
        }
        if !live {
            return Ok(Value::Text(String::new()));
        }
        if self.vars.get(&name).is_none()
            && let Some((base, index)) = name.rsplit_once('_')
            && let Ok(index) = index.parse::<i64>()
            && let Some(v) = self.vars.get(base)
        {
            return functions::index(v, index).map_err(|m| (start, m));
        }
        match self.variable(&name, start)? {
            Value::Percent(_) => Err((start, percent_message())),
            v => Ok(v),
        }
    }

    fn variable(&self, name: &str, at: usize) -> Result<Value> {
        if let Some(v) = self.vars.get(name) {
            return Ok(v.clone());
        }
        let hint = match self.vars.similar(name) {
            Some(s) => format!("; did you mean `{s}`?"),
            None => "; `offcut profile schema` lists the settings that can be named".into(),
        };
        Err((at, format!("nothing is called `{name}`{hint}")))
    }
}

fn percent_message() -> String {
    "this setting is a percentage: a macro cannot know of what; set it in mm or mm/s".into()
}
