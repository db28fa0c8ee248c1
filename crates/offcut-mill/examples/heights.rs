//! Heights of a tool over a mesh, and its waterlines, for comparison with other programs.
//!
//! `cargo run -p offcut-mill --example heights -- MESH.stl TOOL drop POINTS OUT [TIMES]`: POINTS holds x and y as
//! 64 bit floats, OUT gets z. `... MESH.stl TOOL level STEP COUNT [TIMES]`: so many levels, samples STEP mm apart.
//! `... MESH.stl TOOL cut CELL [TIMES]`: rows 1 mm apart over the mesh are cut into a block of cells.
//! TOOL is flat:6, ball:6, bull:6:1, cone:6:45 (half the angle) or tapered:6:0.5:10. All is done TIMES times, for clocks.

use offcut_formats::{Limits, read_model};
use offcut_geometry::Ctx;
use offcut_mesh::Mesh;
use offcut_mill::dropcutter::{DropCutter, Surface};
use offcut_mill::stock::{Body, Field, Sweep};
use offcut_mill::tools::Profile;
use offcut_mill::waterline::Waterlines;

fn tool(text: &str) -> Result<Profile, Box<dyn std::error::Error>> {
    let (kind, rest) = text.split_once(':').ok_or("TOOL is KIND:DIAMETER")?;
    let v: Vec<f64> = rest.split(':').map(str::parse).collect::<Result<_, _>>()?;
    Ok(match (kind, &v[..]) {
        ("flat", [d]) => Profile::flat(d / 2.0),
        ("ball", [d]) => Profile::ball(d / 2.0),
        ("bull", [d, c]) => Profile::bull(d / 2.0, *c),
        ("cone", [d, a]) => Profile::cone(d / 2.0, 0.0, a.to_radians()),
        ("tapered", [d, tip, a]) => Profile::tapered(d / 2.0, *tip, a.to_radians()),
        _ => return Err("no such tool".into()),
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [mesh, name, what, rest @ ..] = &args[..] else {
        return Err("MESH TOOL drop|level|cut ...".into());
    };
    let model = read_model(&std::fs::read(mesh)?, mesh, &Limits::default())?;
    let triangles = model.objects.iter().flat_map(|o| o.mesh.triangles.clone());
    let mesh = Mesh {
        triangles: triangles.collect(),
    };
    let surface = Surface::new(&mesh)?;
    let profile = tool(name)?;
    let cutter = DropCutter::new(&surface, profile);
    let (lo, hi) = surface.bounds();
    let times = |i: usize| rest.get(i).map_or(Ok(1), |t| t.parse::<u32>());
    match (what.as_str(), rest) {
        ("drop", [points, out, ..]) => {
            let bytes = std::fs::read(points)?;
            let number = |b: &[u8]| f64::from_le_bytes(std::array::from_fn(|i| b[i]));
            let places: Vec<[f64; 2]> = bytes
                .chunks_exact(16)
                .map(|b| [number(&b[..8]), number(&b[8..])])
                .collect();
            let mut z = Vec::new();
            for _ in 0..times(2)? {
                z = cutter.heights(&places, -1000.0);
            }
            std::fs::write(out, z.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>())?;
            println!("{} points", z.len());
        }
        ("level", [step, count, ..]) => {
            let (step, count) = (step.parse::<f64>()?, count.parse::<u32>()?);
            let zs: Vec<f64> = (0..count)
                .map(|i| lo[2] + (hi[2] - lo[2]) * (f64::from(i) + 0.5) / f64::from(count))
                .collect();
            let lines = Waterlines::new(cutter, step, &Ctx::quiet())?;
            let mut rings = 0;
            for _ in 0..times(2)? {
                rings = lines.levels(&zs, 0.005).iter().map(Vec::len).sum();
            }
            println!("{count} levels, {rings} rings");
        }
        ("cut", [cell, ..]) => {
            let start = Field::filled(lo, hi, cell.parse()?, hi[2]);
            let body = Body {
                profile,
                above: Vec::new(),
            };
            let sweep = |i: u32| {
                let y = lo[1] + f64::from(i);
                Sweep {
                    from: [lo[0], y, 0.5 * (lo[2] + hi[2])],
                    to: [hi[0], y, 0.5 * (lo[2] + hi[2]) + 1.0],
                }
            };
            let sweeps: Vec<Sweep> = (0..(hi[1] - lo[1]) as u32).map(sweep).collect();
            let mut field = start.clone();
            for _ in 0..times(1)? {
                field.clone_from(&start);
                field.cut(&body, &sweeps);
            }
            let covered = sweeps.len() as f64 * (hi[0] - lo[0]) * 2.0 * profile.radius / field.cell().powi(2);
            println!("{:.1} million columns under the tool each time", covered / 1e6);
        }
        _ => return Err("drop POINTS OUT, level STEP COUNT or cut CELL".into()),
    }
    Ok(())
}
