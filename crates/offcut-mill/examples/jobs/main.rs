//! Writes random jobs with their G-code and regions, for an independent check of many of them.
//!
//! `cargo run -p offcut-mill --example jobs -- FOLDER FIRST COUNT [KIND]`; with the kind `ten`, jobs 0 to 89 are nine
//! operations on ten regions, in turn.

mod shapes;

use offcut_geometry::Ctx;
use offcut_geometry::drawing::{Drawing, Layer, Paint, Path, Segment, Vec2};
use offcut_mill::{Inputs, Job, JobFile};

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    fn range(&mut self, a: f64, b: f64) -> f64 {
        a + (b - a) * self.next()
    }
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[(self.next() * list.len() as f64) as usize % list.len()]
    }
}

fn empty() -> Drawing {
    Drawing {
        layers: vec![Layer::new("0")],
        sources: vec![String::new()],
        ..Drawing::default()
    }
}

/// A closed path of the segments from `first` on.
fn contour(first: u32, d: &mut Drawing) {
    d.paths.push(Path {
        first,
        count: d.segments.len() as u32 - first,
        closed: true,
        layer: 0,
        color: None,
        paint: Paint::default(),
        text: false,
        source: 0,
    });
}

fn ring(points: &[Vec2], d: &mut Drawing) {
    let first = d.segments.len() as u32;
    for i in 0..points.len() {
        d.segments
            .push(Segment::line(points[i], points[(i + 1) % points.len()]));
    }
    contour(first, d);
}

fn circle(c: Vec2, r: f64, d: &mut Drawing) {
    let first = d.segments.len() as u32;
    let (a, b) = (c + Vec2::new(r, 0.0), c - Vec2::new(r, 0.0));
    Segment::push_arc(a, b, 1.0, &mut d.segments);
    Segment::push_arc(b, a, 1.0, &mut d.segments);
    contour(first, d);
}

/// A random region: outline of a kind, with islands.
fn region(r: &mut Rng) -> Drawing {
    let mut d = empty();
    let size = r.range(20.0, 70.0);
    let v = Vec2::new;
    match (r.next() * 7.0) as u32 {
        0 => ring(
            &[v(0.0, 0.0), v(size, 0.0), v(size, size * 0.6), v(0.0, size * 0.6)],
            &mut d,
        ),
        1 => circle(v(0.0, 0.0), size / 2.0, &mut d),
        2 => {
            let n = (r.range(3.0, 10.0) as usize) * 2;
            let inner = r.range(0.25, 0.8);
            let p: Vec<Vec2> = (0..n)
                .map(|i| {
                    Vec2::at_angle(std::f64::consts::TAU * i as f64 / n as f64)
                        * (size / 2.0 * if i % 2 == 0 { 1.0 } else { inner })
                })
                .collect();
            ring(&p, &mut d);
        }
        3 => {
            let (w, t) = (size, r.range(6.0, 18.0));
            ring(
                &[v(0.0, 0.0), v(w, 0.0), v(w, t), v(t, t), v(t, w), v(0.0, w)],
                &mut d,
            );
        }
        4 => {
            // A comb with narrow bands.
            let (n, t) = (3, r.range(3.0, 9.0));
            let mut p = vec![v(0.0, 0.0), v(size, 0.0), v(size, t)];
            for i in (0..n).rev() {
                let x = size * (i as f64 + 0.5) / n as f64;
                p.extend([
                    v(x + t / 2.0, t),
                    v(x + t / 2.0, size * 0.6),
                    v(x - t / 2.0, size * 0.6),
                    v(x - t / 2.0, t),
                ]);
            }
            p.push(v(0.0, t));
            ring(&p, &mut d);
        }
        5 => {
            let n = r.range(5.0, 14.0) as usize;
            let p: Vec<Vec2> = (0..n)
                .map(|i| {
                    Vec2::at_angle(std::f64::consts::TAU * i as f64 / n as f64)
                        * (size / 2.0 * r.range(0.35, 1.0))
                })
                .collect();
            ring(&p, &mut d);
        }
        _ => {
            let n = 240;
            let (k, a) = (r.range(3.0, 8.0).floor(), r.range(0.05, 0.35));
            let p: Vec<Vec2> = (0..n)
                .map(|i| {
                    let t = std::f64::consts::TAU * f64::from(i) / f64::from(n);
                    Vec2::at_angle(t) * (size / 2.0 * (1.0 + a * (k * t).cos()))
                })
                .collect();
            ring(&p, &mut d);
        }
    }
    let b = d.bounds();
    for _ in 0..(r.next() * 4.0) as u32 {
        let (rad, at) = (
            r.range(1.5, size * 0.09),
            v(r.range(b.min.x, b.max.x), r.range(b.min.y, b.max.y)),
        );
        let mut poly = Vec::new();
        for s in &d.segments[d.paths[0].first as usize..(d.paths[0].first + d.paths[0].count) as usize] {
            s.flatten(0.1, &mut poly);
        }
        let inside = poly
            .iter()
            .zip(poly.iter().cycle().skip(1))
            .filter(|(p, q)| {
                ((p.y > at.y) != (q.y > at.y)) && at.x < p.x + (q.x - p.x) * (at.y - p.y) / (q.y - p.y)
            })
            .count()
            % 2
            == 1;
        let far = poly
            .iter()
            .zip(poly.iter().cycle().skip(1))
            .map(|(p, q)| {
                let e = *q - *p;
                let t = ((at - *p).dot(e) / e.dot(e)).clamp(0.0, 1.0);
                (*p + e * t).dist(at)
            })
            .fold(f64::INFINITY, f64::min);
        let apart = d.paths[1..].iter().all(|p| {
            let s = &d.segments[p.first as usize];
            s.a.lerp(s.b, 0.5).dist(at) > rad + s.a.dist(s.b) / 2.0 + 0.5
        });
        if inside && far > rad + 0.5 && apart {
            circle(at, rad, &mut d);
        }
    }
    d
}

/// A plate with circles of several sizes, for operations on holes.
fn plate(r: &mut Rng) -> Drawing {
    let mut d = empty();
    let n = r.range(1.0, 4.0) as usize;
    for i in 0..n * n {
        let c = Vec2::new(28.0 * (i % n) as f64, 28.0 * (i / n) as f64);
        circle(c + Vec2::new(r.range(-1.0, 1.0), 0.0), r.range(4.2, 12.0), &mut d);
    }
    d
}

/// Open lines with corners, a closed one, and a curve.
fn lines(r: &mut Rng) -> Drawing {
    let mut d = empty();
    for k in 0..(r.range(1.0, 4.0) as usize) {
        let y = 25.0 * k as f64;
        let first = d.segments.len() as u32;
        let mut at = Vec2::new(0.0, y);
        let count = r.range(1.0, 5.0) as u32;
        for i in 0..count {
            let to = Vec2::new(at.x + r.range(8.0, 20.0), y + r.range(-6.0, 6.0));
            if i % 3 == 2 {
                Segment::push_arc(at, to, r.range(-0.8, 0.8), &mut d.segments);
            } else {
                d.segments.push(Segment::line(at, to));
            }
            at = to;
        }
        d.paths.push(Path {
            first,
            count: d.segments.len() as u32 - first,
            closed: false,
            layer: 0,
            color: None,
            paint: Paint::default(),
            text: false,
            source: 0,
        });
    }
    d
}

/// The drawing that suits a kind of operation.
fn drawing(r: &mut Rng, kind: &str) -> Drawing {
    match kind {
        "bore" | "thread" | "drill" => plate(r),
        "slot" => lines(r),
        _ => region(r),
    }
}

/// The shapes on which adaptive clearing is compared: rectangle, two islands, L, star, 25 islands.
fn goal(seed: u64) -> Drawing {
    let mut d = empty();
    let v = Vec2::new;
    let box_ = [v(0.0, 0.0), v(100.0, 0.0), v(100.0, 60.0), v(0.0, 60.0)];
    match seed {
        2 => ring(
            &[
                v(0.0, 0.0),
                v(80.0, 0.0),
                v(80.0, 30.0),
                v(30.0, 30.0),
                v(30.0, 80.0),
                v(0.0, 80.0),
            ],
            &mut d,
        ),
        3 => {
            let p: Vec<Vec2> = (0..14)
                .map(|i| {
                    Vec2::at_angle(std::f64::consts::TAU * f64::from(i) / 14.0)
                        * if i % 2 == 0 { 50.0 } else { 25.0 }
                })
                .collect();
            ring(&p, &mut d);
        }
        _ => ring(&box_, &mut d),
    }
    if seed == 1 {
        circle(v(30.0, 30.0), 8.0, &mut d);
        circle(v(70.0, 30.0), 8.0, &mut d);
    }
    if seed == 4 {
        for i in 0..25 {
            circle(
                v(10.0 + 20.0 * f64::from(i % 5), 6.0 + 12.0 * f64::from(i / 5)),
                1.5,
                &mut d,
            );
        }
    }
    d
}

/// What is drawn by lot when no kind is asked for.
const KINDS: [&str; 17] = [
    "pocket", "pocket", "pocket", "profile", "profile", "profile", "engrave", "facing", "adaptive", "rest",
    "bore", "slot", "chamfer", "thread", "drill", "vcarve", "pocket",
];

fn job(r: &mut Rng, kind: &str) -> String {
    let tool = match kind {
        "chamfer" | "vcarve" => r.pick(&["vee-60", "vee-90"]),
        "drill" => r.pick(&["drill-3", "drill-6"]),
        "thread" => r.pick(&["flat-3.175", "flat-4"]),
        _ => r.pick(&["flat-6", "flat-3.175", "flat-4", "flat-8", "flat-2"]),
    };
    let thick = r.pick(&[3.0, 6.0, 12.0]);
    let depth = (thick * r.range(0.2, 1.0) * 100.0f64).round() / 100.0;
    let finish = r.pick(&["", "finish = 0.2\n"]);
    let direction = r.pick(&["climb", "conventional"]);
    let body = match kind {
        "pocket" => format!(
            "kind = \"pocket\"\ndepth = {depth}\nstepover = {}\npattern = \"{}\"\nangle = {}\n{finish}direction = \"{direction}\"\n",
            r.pick(&[0.2, 0.4, 0.45, 0.7, 0.9]),
            r.pick(&["offset", "zigzag", "spiral"]),
            r.pick(&[0.0, 30.0, 90.0])
        ),
        "rest" => format!(
            "kind = \"pocket\"\ndepth = {depth}\n\n[[operation]]\nkind = \"pocket\"\ntool = \"flat-1.5\"\nafter = {}\ndepth = {depth}\n",
            if tool == "flat-2" {
                2.0
            } else {
                tool[5..].parse::<f64>().unwrap_or(6.0)
            }
        ),
        "profile" => format!(
            "kind = \"profile\"\n{}side = \"{}\"\nentry = \"{}\"\n{finish}direction = \"{direction}\"\n{}{}",
            r.pick(&["", "depth = 2.5\n"]),
            r.pick(&["outside", "inside", "on"]),
            r.pick(&["ramp", "plunge"]),
            r.pick(&["", "onion_skin = 0.3\n"]),
            r.pick(&["", "tabs = { width = 4, height = 1.5 }\n"])
        ),
        "facing" => format!(
            "kind = \"facing\"\ndepth = {}\nstepover = {}\nalong_y = {}\none_way = {}\n",
            r.range(0.2, 2.0),
            r.pick(&[0.4, 0.7]),
            r.next() < 0.5,
            r.next() < 0.5
        ),
        "bore" => format!(
            "kind = \"bore\"\ndepth = {depth}\nstepover = {}\n{}",
            r.pick(&[0.2, 0.4, 0.8]),
            r.pick(&["", "leave = 0.2\n", "pitch = 0.5\n"])
        ),
        "slot" => format!(
            "kind = \"slot\"\ndepth = {depth}\n{}",
            match r.next() {
                x if x < 0.5 => String::new(),
                _ => format!(
                    "width = {}\n",
                    tool[5..].parse::<f64>().unwrap_or(6.0) * r.range(1.05, 2.5)
                ),
            }
        ),
        "chamfer" => format!(
            "kind = \"chamfer\"\nside = \"{}\"\nwidth = {}\n",
            r.pick(&["outside", "inside"]),
            r.pick(&[0.3, 0.5, 1.0])
        ),
        "thread" => format!(
            "kind = \"thread\"\ndepth = {depth}\npitch = {}\npasses = {}\nleft = {}\n",
            r.pick(&[0.5, 1.0, 1.5]),
            r.pick(&[1, 2]),
            r.next() < 0.5
        ),
        "drill" => format!(
            "kind = \"drill\"\ndepth = {depth}\npeck = {}\nchip_break = {}\n",
            r.pick(&[0.0, 1.0, 2.5]),
            r.next() < 0.5
        ),
        "vcarve" => format!("kind = \"vcarve\"\ndepth = {}\n", r.pick(&[1.0, 2.0, 2.5])),
        "adaptive" => format!(
            "kind = \"adaptive\"\ndepth = {depth}\nstepover = {}\n",
            r.pick(&[0.1, 0.2, 0.3])
        ),
        _ => format!("kind = \"{kind}\"\ndepth = {}\n", r.range(0.1, 1.0)),
    };
    format!(
        "material = \"{}\"\n[input]\ndrawing = \"x\"\n[stock]\nmargin = [12, 12, 0]\nthickness = {thick}\n[origin]\nxy = \"{}\"\nz = \"{}\"\n[machine]\ndialect = \"linuxcnc\"\n[[operation]]\ntool = \"{tool}\"\n{body}",
        r.pick(&["plywood", "aluminium", "acrylic"]),
        r.pick(&["corner", "center"]),
        r.pick(&["top", "bed"])
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, folder, first, count, rest @ ..] = &args[..] else {
        return Err("FOLDER FIRST COUNT [KIND]".into());
    };
    let ctx = Ctx::quiet();
    for seed in first.parse::<u64>()?..first.parse::<u64>()? + count.parse::<u64>()? {
        let mut r = Rng(seed.wrapping_mul(7919));
        let kind = match rest.first() {
            Some(k) => k.as_str(),
            None => r.pick(&KINDS),
        };
        let (drawing, text) = if kind == "ten" {
            let mut d = empty();
            shapes::shape(seed % shapes::COUNT, &mut d);
            let kinds = shapes::OPERATIONS;
            (
                d,
                job(&mut r, kinds[(seed / shapes::COUNT) as usize % kinds.len()]),
            )
        } else if kind == "goal" {
            (goal(seed), "[input]\ndrawing = \"x\"\n[stock]\nmargin = [5, 5, 0]\nthickness = 6\n[[operation]]\ntool = \"flat-6\"\nkind = \"adaptive\"\ndepth = 3\nstepover = 0.2\n".into())
        } else {
            (drawing(&mut r, kind), job(&mut r, kind))
        };
        let path = |ext: &str| format!("{folder}/{seed}.{ext}");
        std::fs::write(path("toml"), &text)?;
        let made = JobFile::read(&text, "job")
            .and_then(|f| {
                Job::new(
                    &f,
                    &Inputs {
                        drawing: Some(drawing),
                        ..Inputs::default()
                    },
                )
            })
            .and_then(|job| {
                let planned = offcut_mill::plan(&job, &ctx)?;
                Ok((job, planned))
            });
        match made {
            Err(e) => println!("{seed}\terror\t{e}"),
            Ok((job, planned)) => {
                let program = offcut_mill::program(&job, &planned.toolpaths);
                let machine = offcut_mill::program::machine(&job)?;
                std::fs::write(
                    path("nc"),
                    offcut_gcode::cnc::write(&program, &machine, &[], &ctx)?,
                )?;
                std::fs::write(
                    path("json"),
                    offcut_mill::audit::regions(&job, &planned, &ctx).to_string(),
                )?;
                let mut list = vec!["--gcode".into(), path("nc"), "--region".into(), path("json")];
                list.extend(offcut_mill::audit::arguments(&job, &planned));
                std::fs::write(path("args"), list.join("\n"))?;
                println!("{seed}\tok\t{}", planned.notes.join("; "));
            }
        }
    }
    Ok(())
}
