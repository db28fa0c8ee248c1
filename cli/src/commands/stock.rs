//! `offcut stock`: the library of sheets and offcuts.

use super::{drawings, text};
use crate::args::{Stock, StockCommand, StockFilter};
use crate::failure::Failure;
use crate::files::{self, Target};
use crate::stock_file;
use offcut::nest::LayoutFile;
use offcut::stock::{Filter, Piece, Stock as Library};
use serde_json::{Value, json};

/// Runs the command.
pub fn run(a: &Stock) -> Result<u8, Failure> {
    let path = stock_file::path(a.stock.as_deref())?;
    let document = match &a.command {
        StockCommand::Add(add) => {
            let mut sheets = drawings::sheets(&add.sheet, add.unit.as_deref(), 0.1)?;
            if add.id.is_some() && sheets.len() > 1 {
                return Err(Failure::usage(
                    "--id names one sheet; add the others by themselves",
                ));
            }
            for s in &mut sheets {
                s.material.clone_from(&add.material);
                s.thickness = add.thickness;
            }
            let ids = stock_file::change(&path, |stock| {
                let add = |s| stock.add(s, add.id.as_deref(), add.offcut);
                Ok(sheets.iter().map(add).collect::<Result<Vec<_>, _>>()?)
            })?;
            if !a.json {
                eprintln!("added {}", ids.join(", "));
            }
            json!({ "added": ids })
        }
        StockCommand::List { filter } => {
            let stock = stock_file::read(&path)?;
            let pieces = chosen(&stock, filter);
            if !a.json {
                list(&pieces);
            }
            json!({ "pieces": pieces.iter().map(|p| facts(p)).collect::<Vec<_>>() })
        }
        StockCommand::Use { id } => {
            let (id, count) = drawings::quantity(std::path::Path::new(id), 1)?;
            let id = id.to_string_lossy().into_owned();
            stock_file::change(&path, |stock| Ok(stock.take(&id, count)?))?;
            if !a.json {
                eprintln!("took {count} of {id}");
            }
            json!({ "taken": id, "count": count })
        }
        StockCommand::Export { ids, output, format } => {
            let stock = stock_file::read(&path)?;
            let pieces: Vec<&Piece> = if ids.is_empty() {
                stock.pieces.iter().collect()
            } else {
                ids.iter().map(|i| stock.piece(i)).collect::<Result<_, _>>()?
            };
            if pieces.is_empty() {
                return Err(offcut::Error::Impossible("the stock is empty".into()).into());
            }
            let format = drawings::format(*format, output.output.as_deref())?;
            let extension = drawings::name_of(format);
            let target = Target::choose(
                output.output.as_deref(),
                &["stock".into()],
                extension,
                output.force,
            )?;
            if a.json && target == Target::Stdout {
                return Err(Failure::usage(
                    "--json and the drawing can't share standard output; use -o",
                ));
            }
            target.write_all(&drawings::bytes(&Library::drawing(&pieces), format))?;
            json!({ "output": target.path(), "exported": pieces.len() })
        }
        StockCommand::Confirm { layout } => {
            let file = files::read(layout)?;
            let layout = LayoutFile::read(&file.name, &file.bytes)?;
            let done = stock_file::change(&path, |stock| Ok(stock.confirm(&layout)?))?;
            if !a.json {
                let b = &done.booking;
                if done.before {
                    eprintln!("{}: was booked before; nothing changed", file.name);
                } else {
                    let names = |v: &[String]| {
                        if v.is_empty() {
                            "nothing".into()
                        } else {
                            v.join(", ")
                        }
                    };
                    eprintln!(
                        "{}: took {}, added {}",
                        file.name,
                        names(&b.taken),
                        names(&b.added)
                    );
                }
            }
            serde_json::to_value(&done).map_err(|e| offcut::Error::Internal(e.to_string()))?
        }
    };
    if a.json {
        let mut d = document;
        d["command"] = "stock".into();
        d["status"] = "ok".into();
        d["stock"] = path.display().to_string().into();
        d["version"] = offcut::VERSION.into();
        println!("{d:#}");
    }
    Ok(0)
}

fn chosen<'a>(stock: &'a Library, f: &StockFilter) -> Vec<&'a Piece> {
    let filter = Filter {
        material: f.material.clone(),
        thickness: f.thickness,
    };
    stock.pieces.iter().filter(|p| filter.takes(p)).collect()
}

fn size(p: &Piece) -> [f64; 2] {
    let all = || p.outline.iter().flatten();
    [0, 1].map(|k| {
        let hi = all().fold(f64::NEG_INFINITY, |m, q| m.max(q[k]));
        let lo = all().fold(f64::INFINITY, |m, q| m.min(q[k]));
        hi - lo
    })
}

fn facts(p: &Piece) -> Value {
    json!({
        "id": p.id,
        "quantity": p.quantity,
        "material": p.material,
        "thickness_mm": p.thickness_mm,
        "offcut": p.offcut,
        "from": p.from,
        "size_mm": size(p),
        "area_mm2": p.area_mm2,
    })
}

fn list(pieces: &[&Piece]) {
    for p in pieces {
        let [w, h] = size(p);
        let thick = p
            .thickness_mm
            .map_or(String::new(), |t| format!("{} mm", text::short(t)));
        println!(
            "{:<20} {:>4} x  {:>9} x {:<9} {:<14} {:<7} {}",
            p.id,
            p.quantity,
            text::short(w),
            text::short(h),
            p.material,
            thick,
            if p.offcut { "offcut" } else { "sheet" }
        );
    }
    if pieces.is_empty() {
        eprintln!("nothing in the stock that fits");
    }
}
