//! Arithmetic, comparison and functions on values.

use super::vars::Value;
use crate::write::text::decimal;
use std::cmp::Ordering;

type Result<T> = std::result::Result<T, String>;

fn number(v: &Value) -> Result<f64> {
    match v {
        Value::Int(i) => Ok(*i as f64),
        Value::Float(f) => Ok(*f),
        Value::List(l) if l.len() == 1 => number(&l[0]),
        Value::Percent(_) => Err("a percentage cannot be used in a calculation: set it in mm or mm/s".into()),
        v => Err(format!("a number is needed here, and this is {}", v.kind())),
    }
}

/// `a op b`: whole numbers stay whole, text is joined by `+`.
pub(super) fn arithmetic(op: char, a: &Value, b: &Value) -> Result<Value> {
    if op == '+' && (matches!(a, Value::Text(_)) || matches!(b, Value::Text(_))) {
        return Ok(Value::Text(a.text() + &b.text()));
    }
    if let (Value::Int(x), Value::Int(y)) = (a, b) {
        let v = match op {
            '+' => x.checked_add(*y),
            '-' => x.checked_sub(*y),
            '*' => x.checked_mul(*y),
            _ if *y == 0 => return Err("division by zero".into()),
            '/' => x.checked_div(*y),
            _ => x.checked_rem(*y),
        };
        return v.map(Value::Int).ok_or_else(|| "the result is too large".into());
    }
    let (x, y) = (number(a)?, number(b)?);
    let v = match op {
        '+' => x + y,
        '-' => x - y,
        '*' => x * y,
        _ if y == 0.0 => return Err("division by zero".into()),
        '/' => x / y,
        _ => x % y,
    };
    if v.is_finite() {
        Ok(Value::Float(v))
    } else {
        Err("the result is too large".into())
    }
}

/// Order of two values of the same kind.
pub(super) fn compare(a: &Value, b: &Value) -> Result<Ordering> {
    match (a, b) {
        (Value::Text(x), Value::Text(y)) => Ok(x.cmp(y)),
        (Value::Bool(x), Value::Bool(y)) => Ok(x.cmp(y)),
        (Value::Int(x), Value::Int(y)) => Ok(x.cmp(y)),
        (Value::Text(_) | Value::Bool(_), _) | (_, Value::Text(_) | Value::Bool(_)) => {
            Err(format!("{} cannot be compared with {}", a.kind(), b.kind()))
        }
        _ => number(a)?
            .partial_cmp(&number(b)?)
            .ok_or_else(|| "not a number".into()),
    }
}

/// An element of a list. There is one extruder, so that any index of a single value is that value.
pub(super) fn index(v: &Value, i: i64) -> Result<Value> {
    let at = usize::try_from(i).map_err(|_| "an index cannot be negative".to_owned())?;
    match v {
        Value::List(l) => l.get(at).cloned().ok_or_else(|| {
            format!(
                "the list has {} elements, counted from 0; there is no {i}",
                l.len()
            )
        }),
        v => Ok(v.clone()),
    }
}

fn whole(v: f64) -> Result<Value> {
    if v.abs() < 9e18 {
        Ok(Value::Int(v as i64))
    } else {
        Err("the result is too large".into())
    }
}

/// Calls a function.
pub(super) fn call(name: &str, a: &[Value]) -> Result<Value> {
    let count = |want: std::ops::RangeInclusive<usize>| {
        if want.contains(&a.len()) {
            Ok(())
        } else {
            Err(format!(
                "{name}() takes {} to {} arguments, not {}",
                want.start(),
                want.end(),
                a.len()
            ))
        }
    };
    match name {
        "min" | "max" => {
            count(2..=1000)?;
            let mut best = &a[0];
            for v in &a[1..] {
                let o = compare(v, best)?;
                if (o == Ordering::Less) == (name == "min") && o != Ordering::Equal {
                    best = v;
                }
            }
            Ok(best.clone())
        }
        "int" => {
            count(1..=1)?;
            whole(number(&a[0])?.trunc())
        }
        "round" => {
            count(1..=1)?;
            whole(number(&a[0])?.round())
        }
        "floor" => {
            count(1..=1)?;
            whole(number(&a[0])?.floor())
        }
        "ceil" => {
            count(1..=1)?;
            whole(number(&a[0])?.ceil())
        }
        "abs" => {
            count(1..=1)?;
            match &a[0] {
                Value::Int(i) => i
                    .checked_abs()
                    .map(Value::Int)
                    .ok_or_else(|| "the result is too large".into()),
                v => Ok(Value::Float(number(v)?.abs())),
            }
        }
        "digits" | "zdigits" => {
            count(2..=3)?;
            let limit = |v: f64| {
                if (0.0..=64.0).contains(&v) {
                    Ok(v as usize)
                } else {
                    Err("0 to 64 digits are possible".to_owned())
                }
            };
            let (v, width) = (number(&a[0])?, limit(number(&a[1])?)?);
            let places = a.get(2).map_or(Ok(0), |v| limit(number(v)?))?;
            Ok(Value::Text(if name == "digits" {
                format!("{v:width$.places$}")
            } else {
                format!("{v:0width$.places$}")
            }))
        }
        "is_nil" => {
            count(1..=1)?;
            Ok(Value::Bool(a[0] == Value::Nil))
        }
        "size" => {
            count(1..=1)?;
            Ok(Value::Int(if let Value::List(l) = &a[0] {
                l.len() as i64
            } else {
                1
            }))
        }
        "empty" => {
            count(1..=1)?;
            Ok(Value::Bool(match &a[0] {
                Value::List(l) => l.is_empty(),
                Value::Text(t) => t.is_empty(),
                v => *v == Value::Nil,
            }))
        }
        "interpolate_table" => {
            count(2..=1000)?;
            table(number(&a[0])?, &a[1..])
        }
        _ => Err(format!(
            "there is no function {name}(): there are min, max, int, round, floor, ceil, abs, digits, zdigits, \
             interpolate_table, is_nil, size and empty"
        )),
    }
}

/// Linear between the pairs, constant beyond them.
fn table(x: f64, pairs: &[Value]) -> Result<Value> {
    let mut last: Option<(f64, f64)> = None;
    let mut found = None;
    for p in pairs {
        let Value::List(p) = p else {
            return Err("interpolate_table() takes pairs (x, y)".into());
        };
        let (px, py) = (number(&p[0])?, number(&p[1])?);
        match last {
            None if x <= px => found = found.or(Some(py)),
            Some((lx, _)) if px <= lx => {
                return Err(format!("the table's x must rise, and {} does not", decimal(px)));
            }
            Some((lx, ly)) if found.is_none() && x <= px => {
                found = Some(ly + (py - ly) * (x - lx) / (px - lx))
            }
            _ => {}
        }
        last = Some((px, py));
    }
    found
        .or(last.map(|l| l.1))
        .map(Value::Float)
        .ok_or_else(|| "the table is empty".into())
}
