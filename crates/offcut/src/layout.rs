//! How the objects of one file stand to each other.
//!
//! In: the build items of a file with their transforms. Out: one object per shape with the places of its
//! copies. Items that are copies of each other share a shape, which is sliced once; items that overlap when
//! seen from above are one object, as the file puts them, for only together they are what was meant.

use crate::Warning;
use crate::placement::Object;
use nalgebra::{Matrix4, Vector3};
use offcut_formats::ModelObject;
use offcut_geometry::hull::{convex_hull, touch};
use offcut_geometry::{Point, grid, to_mm};
use offcut_mesh::{Bounds, Mesh, repair};
use std::sync::Arc;

/// Items that are the same but for a move.
struct Shape {
    name: String,
    source: Arc<Mesh>,
    transform: Matrix4<f64>,
    mesh: Mesh,
    bounds: Bounds,
    repairs: Vec<String>,
}

/// One item: a shape, moved.
struct Item {
    shape: usize,
    by: Vector3<f64>,
    seen: Rect,
}

/// A place on the plate, mm.
type Place = [f64; 2];

/// What something covers seen from above, mm.
#[derive(Clone, Copy)]
struct Rect {
    lo: Place,
    hi: Place,
}

impl Rect {
    fn of((lo, hi): Bounds) -> Self {
        let at = |v: [f32; 3]| [f64::from(v[0]), f64::from(v[1])];
        Self {
            lo: at(lo),
            hi: at(hi),
        }
    }

    fn moved(self, by: &Vector3<f64>) -> Self {
        let at = |p: Place| [p[0] + by.x, p[1] + by.y];
        Self {
            lo: at(self.lo),
            hi: at(self.hi),
        }
    }

    fn with(self, o: Self) -> Self {
        Self {
            lo: [0, 1].map(|k| self.lo[k].min(o.lo[k])),
            hi: [0, 1].map(|k| self.hi[k].max(o.hi[k])),
        }
    }

    fn touches(&self, o: &Self) -> bool {
        (0..2).all(|k| self.lo[k] <= o.hi[k] && o.lo[k] <= self.hi[k])
    }

    fn middle(&self) -> Place {
        [0, 1].map(|k| (self.lo[k] + self.hi[k]) / 2.0)
    }
}

/// The objects of a file. Their places are relative to the middle of all, which comes second. `whole` is
/// applied to everything; `stem` names what has no name.
pub(crate) fn objects(
    items: Vec<ModelObject>,
    whole: &Matrix4<f64>,
    file: &str,
    group: usize,
    warnings: &mut Vec<Warning>,
) -> (Vec<Object>, Place) {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let several = items.len() > 1;
    let (mut shapes, items) = shapes(items, whole, file, stem, several, warnings);
    let all = items.iter().map(|i| i.seen).reduce(Rect::with);
    let middle = all.map_or([0.0; 2], |r| r.middle());
    let relative = |r: Rect| [0, 1].map(|k| r.middle()[k] - middle[k]);
    let mut out: Vec<Object> = Vec::new();
    let mut of_shape: Vec<Option<usize>> = vec![None; shapes.len()];
    let clusters = clusters(&shapes, &items);
    let apart = clusters.len();
    // The last cluster that needs a shape's mesh: an item alone takes it there instead of a copy.
    let mut last = vec![0; shapes.len()];
    let mut alone = vec![false; shapes.len()];
    for (c, cluster) in clusters.iter().enumerate() {
        for shape in cluster.iter().map(|&i| items[i].shape) {
            if cluster.len() > 1 || !alone[shape] {
                last[shape] = c;
            }
            alone[shape] |= cluster.len() == 1;
        }
    }
    for (c, cluster) in clusters.into_iter().enumerate() {
        let first = &items[cluster[0]];
        let mut seen = first.seen;
        let known = of_shape[first.shape];
        if let ([_], Some(k)) = (&cluster[..], known) {
            out[k].places.push(relative(seen));
            continue;
        }
        let mesh = if cluster.len() == 1 && last[first.shape] == c {
            std::mem::take(&mut shapes[first.shape].mesh)
        } else {
            shapes[first.shape].mesh.clone()
        };
        let shape = &shapes[first.shape];
        let mut object = Object {
            name: shape.name.clone(),
            file: file.to_owned(),
            mesh,
            bounds: shape.bounds,
            repairs: shape.repairs.clone(),
            group,
            places: Vec::new(),
        };
        if cluster.len() == 1 {
            of_shape[first.shape] = Some(out.len());
        } else {
            shift(&mut object.mesh, first.by);
            for &i in &cluster[1..] {
                let mut more = shapes[items[i].shape].mesh.clone();
                shift(&mut more, items[i].by);
                object.mesh.triangles.append(&mut more.triangles);
                object.repairs.extend_from_slice(&shapes[items[i].shape].repairs);
                seen = seen.with(items[i].seen);
            }
            object.bounds = object.mesh.bounds().unwrap_or_default();
            object.name = if apart == 1 {
                stem.to_owned()
            } else {
                format!("{} and {} more", shape.name, cluster.len() - 1)
            };
            warnings.push(Warning::new(
                "overlap",
                format!(
                    "{file}: {} overlap seen from above and are printed as one object, as the file places them",
                    named(cluster.iter().map(|&i| shapes[items[i].shape].name.as_str()))
                ),
            ));
        }
        object.places.push(relative(seen));
        object.drop_to_bed();
        out.push(object);
    }
    (out, middle)
}

/// Repairs and transforms every shape once, and finds which items have which.
fn shapes(
    items: Vec<ModelObject>,
    whole: &Matrix4<f64>,
    file: &str,
    stem: &str,
    several: bool,
    warnings: &mut Vec<Warning>,
) -> (Vec<Shape>, Vec<Item>) {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut placed = Vec::new();
    for (k, item) in items.into_iter().enumerate() {
        let transform = whole * item.transform;
        let known = shapes.iter().position(|s| {
            Arc::ptr_eq(&s.source, &item.mesh)
                && s.transform.fixed_view::<3, 3>(0, 0) == transform.fixed_view::<3, 3>(0, 0)
        });
        if let Some(shape) = known {
            let by = transform.column(3) - shapes[shape].transform.column(3);
            placed.push((shape, by.xyz()));
            continue;
        }
        // A file of one object owns its mesh, which needs no copy then.
        let source = if several {
            Arc::clone(&item.mesh)
        } else {
            Arc::default()
        };
        let (mut mesh, report) = repair(Arc::unwrap_or_clone(item.mesh));
        if transform != Matrix4::identity() {
            mesh.transform(&transform);
        }
        let repairs = report.messages();
        if !repairs.is_empty() {
            let what = repairs.join(", ");
            warnings.push(Warning::new("repair", format!("{file}: {what}")));
        }
        let Some(bounds) = mesh.bounds() else {
            continue;
        };
        placed.push((shapes.len(), Vector3::zeros()));
        shapes.push(Shape {
            name: match (item.name.is_empty(), several) {
                (false, _) => item.name,
                (true, false) => stem.to_owned(),
                (true, true) => format!("{stem} {}", k + 1),
            },
            source,
            transform,
            mesh,
            bounds,
            repairs,
        });
    }
    let seen: Vec<Rect> = shapes.iter().map(|s| Rect::of(s.bounds)).collect();
    let items = placed
        .into_iter()
        .map(|(shape, by)| Item {
            shape,
            by,
            seen: seen[shape].moved(&by),
        })
        .collect();
    (shapes, items)
}

/// Items that overlap seen from above, directly or through others; in the order of the file.
fn clusters(shapes: &[Shape], items: &[Item]) -> Vec<Vec<usize>> {
    let mut hulls: Vec<Option<Vec<Place>>> = vec![None; shapes.len()];
    let mut root: Vec<usize> = (0..items.len()).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    for (i, a) in items.iter().enumerate() {
        for (j, b) in items[..i].iter().enumerate() {
            if !a.seen.touches(&b.seen) || find(&mut root, i) == find(&mut root, j) {
                continue;
            }
            let mut moved = |item: &Item| -> Vec<Point> {
                let hull = hulls[item.shape].get_or_insert_with(|| outline(&shapes[item.shape].mesh));
                hull.iter()
                    .map(|p| at([p[0] + item.by.x, p[1] + item.by.y]))
                    .collect()
            };
            if touch(&moved(a), &moved(b)) {
                let (low, high) = {
                    let (p, q) = (find(&mut root, i), find(&mut root, j));
                    (p.min(q), p.max(q))
                };
                root[high] = low;
            }
        }
    }
    let mut out: Vec<Vec<usize>> = Vec::new();
    let mut at: Vec<Option<usize>> = vec![None; items.len()];
    for i in 0..items.len() {
        let r = find(&mut root, i);
        match at[r] {
            Some(k) => out[k].push(i),
            None => {
                at[r] = Some(out.len());
                out.push(vec![i]);
            }
        }
    }
    out
}

/// Names for a sentence, not too many.
fn named<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 4;
    let rest = names.len().saturating_sub(MOST);
    let mut text = names.take(MOST).collect::<Vec<_>>().join(", ");
    if rest > 0 {
        text += &format!(" and {rest} more");
    }
    text
}

fn at(p: Place) -> Point {
    Point::new(grid(p[0]), grid(p[1]))
}

fn shift(mesh: &mut Mesh, by: Vector3<f64>) {
    if by != Vector3::zeros() {
        mesh.transform(&Matrix4::new_translation(&by));
    }
}

/// The convex outline seen from above.
fn outline(mesh: &Mesh) -> Vec<Place> {
    const PIECE: usize = 10_000;
    let mut hull: Vec<Point> = Vec::new();
    for piece in mesh.triangles.chunks(PIECE) {
        let corner = |v: &[f32; 3]| at([f64::from(v[0]), f64::from(v[1])]);
        hull.extend(piece.iter().flatten().map(corner));
        hull = convex_hull(&hull);
    }
    hull.iter().map(|p| [to_mm(p.x), to_mm(p.y)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slab(size: [f32; 3]) -> Arc<Mesh> {
        Arc::new(Mesh::boxed([0.0; 3], size))
    }

    fn item(name: &str, mesh: &Arc<Mesh>, at: [f64; 3]) -> ModelObject {
        ModelObject {
            name: name.into(),
            mesh: Arc::clone(mesh),
            transform: Matrix4::new_translation(&Vector3::from(at)),
        }
    }

    fn laid(items: Vec<ModelObject>, whole: Matrix4<f64>) -> (Vec<Object>, Place, Vec<Warning>) {
        let mut w = Vec::new();
        let (objects, middle) = objects(items, &whole, "dir/plate.3mf", 0, &mut w);
        (objects, middle, w)
    }

    #[test]
    fn items_apart_are_objects_that_keep_their_places() {
        let (a, b) = (slab([10.0, 20.0, 5.0]), slab([4.0, 4.0, 8.0]));
        let items = vec![
            item("a", &a, [100.0, 50.0, 3.0]),
            item("", &b, [130.0, 90.0, 0.0]),
        ];
        let (o, middle, w) = laid(items, Matrix4::identity());
        assert_eq!(w, []);
        // Together they cover X 100 to 134 and Y 50 to 94.
        assert_eq!(middle, [117.0, 72.0]);
        assert_eq!([&*o[0].name, &*o[1].name], ["a", "plate.3mf 2"]);
        assert_eq!([o[0].size(), o[1].size()], [[10.0, 20.0, 5.0], [4.0, 4.0, 8.0]]);
        assert_eq!(o[0].places, [[-12.0, -12.0]]);
        assert_eq!(o[1].places, [[15.0, 20.0]]);
        // Each stands on the bed.
        assert!(o.iter().all(|o| o.mesh.bounds().unwrap().0[2] == 0.0));
    }

    #[test]
    fn equal_items_are_copies_of_one_object() {
        let a = slab([10.0, 20.0, 5.0]);
        let mut turned = item("a", &a, [0.0, 60.0, 0.0]);
        turned.transform *= Matrix4::new_rotation(Vector3::z() * std::f64::consts::FRAC_PI_2);
        let items = vec![
            item("a", &a, [0.0; 3]),
            item("a", &a, [30.0, 0.0, 0.0]),
            turned,
            item("a", &a, [60.0, 0.0, 0.0]),
        ];
        let (o, _, w) = laid(items, Matrix4::identity());
        assert_eq!(w, []);
        assert_eq!(o.len(), 2, "a turned one is another shape");
        let x: Vec<f64> = o[0].places.iter().map(|p| p[0] - o[0].places[0][0]).collect();
        assert_eq!(x, [0.0, 30.0, 60.0]);
        assert_eq!(o[1].places.len(), 1);
    }

    #[test]
    fn items_over_each_other_stay_one_object() {
        let (base, tower) = (slab([20.0, 20.0, 2.0]), slab([5.0, 5.0, 10.0]));
        let items = vec![
            item("base", &base, [0.0; 3]),
            item("tower", &tower, [3.0, 3.0, 2.0]),
            item("tower", &tower, [40.0, 0.0, 0.0]),
        ];
        let (o, _, w) = laid(items, Matrix4::identity());
        assert_eq!(o.len(), 2);
        assert_eq!(o[0].size(), [20.0, 20.0, 12.0], "the tower stands on the base");
        assert_eq!(o[0].mesh.triangles.len(), 24);
        assert_eq!((&*o[1].name, o[1].places.len()), ("tower", 1));
        assert_eq!(w.len(), 1);
        assert_eq!(w[0].code, "overlap");
        assert!(w[0].message.contains("base, tower"), "{}", w[0].message);
    }

    #[test]
    fn the_layout_turns_with_its_objects() {
        let a = slab([2.0, 2.0, 2.0]);
        let items = vec![item("a", &a, [0.0; 3]), item("b", &a, [10.0, 0.0, 0.0])];
        let quarter = Matrix4::new_rotation(Vector3::z() * std::f64::consts::FRAC_PI_2);
        let (o, _, _) = laid(items, quarter);
        let [[x, y], [u, v]] = o[0].places[..] else {
            panic!("two copies")
        };
        assert!((u - x).abs() < 1e-6 && (v - y - 10.0).abs() < 1e-6);
    }
}
