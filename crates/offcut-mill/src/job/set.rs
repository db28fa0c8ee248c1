//! Single keys of a job, set from outside.

use crate::MillError;
use toml::{Table, Value};

/// Sets one key: `path.to.key=value`, parts of the path may be numbers of a list; values as in TOML, texts also bare.
pub(super) fn assign(table: &mut Table, text: &str) -> Result<(), MillError> {
    let bad = |what: &str| MillError::Job(format!("--set {text}: {what}"));
    let (path, value) = text
        .split_once('=')
        .ok_or_else(|| bad("a key and a value are needed, as stock.thickness=6"))?;
    let value = value.trim();
    let parsed: Value = match format!("v = {value}").parse::<Table>() {
        Ok(mut t) => t.remove("v").unwrap_or_else(|| Value::String(value.into())),
        Err(_) => Value::String(value.into()),
    };
    let parts: Vec<&str> = path.trim().split('.').collect();
    let Some((last, way)) = parts.split_last() else {
        return Err(bad("the key is missing"));
    };
    let mut at = table;
    let mut way = way.iter().peekable();
    while let Some(part) = way.next() {
        let next = at
            .entry((*part).to_owned())
            .or_insert_with(|| Value::Table(Table::new()));
        at = match next {
            Value::Table(t) => t,
            Value::Array(list) => {
                let index = way.next().and_then(|i| i.parse::<usize>().ok());
                match index.and_then(|i| list.get_mut(i)) {
                    Some(Value::Table(t)) => t,
                    _ => {
                        return Err(bad(&format!(
                            "'{part}' is a list; name an entry of it, as {part}.0.{last}"
                        )));
                    }
                }
            }
            _ => return Err(bad(&format!("'{part}' is no table"))),
        };
    }
    at.insert((*last).to_owned(), parsed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_reach_tables_and_lists() {
        let Ok(mut t) = "a = 1\n[[operation]]\nkind = \"pocket\"".parse::<Table>() else {
            unreachable!()
        };
        for s in [
            "stock.size=[1, 2, 3]",
            "operation.0.depth=2",
            "machine.dialect=linuxcnc",
        ] {
            assert!(assign(&mut t, s).is_ok(), "{s}");
        }
        assert_eq!(t["stock"]["size"][2].as_integer(), Some(3));
        assert_eq!(t["operation"][0]["depth"].as_integer(), Some(2));
        assert_eq!(t["machine"]["dialect"].as_str(), Some("linuxcnc"));
        for s in ["x", "operation.depth=1", "operation.7.depth=1", "a.b=1"] {
            assert!(assign(&mut t, s).is_err(), "{s}");
        }
    }
}
