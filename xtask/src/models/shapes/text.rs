//! The model with raised and sunk text.

use super::*;

/// Block letters on a plate; the letters reach into the plate.
pub(super) fn text() -> Result<Model, String> {
    const SCALE: f64 = 2.2;
    let c = |p: &[P2]| -> Vec<P2> { p.to_vec() };
    let o = c(&[
        [1., 0.],
        [3., 0.],
        [4., 1.],
        [4., 5.],
        [3., 6.],
        [1., 6.],
        [0., 5.],
        [0., 1.],
    ]);
    let eye = c(&[
        [1.4, 1.],
        [2.6, 1.],
        [3., 1.4],
        [3., 4.6],
        [2.6, 5.],
        [1.4, 5.],
        [1., 4.6],
        [1., 1.4],
    ]);
    let f = c(&[
        [0., 0.],
        [1., 0.],
        [1., 2.5],
        [3., 2.5],
        [3., 3.5],
        [1., 3.5],
        [1., 5.],
        [4., 5.],
        [4., 6.],
        [0., 6.],
    ]);
    let see = c(&[
        [1., 0.],
        [3., 0.],
        [4., 1.],
        [4., 2.],
        [3., 2.],
        [3., 1.4],
        [2.6, 1.],
        [1.4, 1.],
        [1., 1.4],
        [1., 4.6],
        [1.4, 5.],
        [2.6, 5.],
        [3., 4.6],
        [3., 4.],
        [4., 4.],
        [4., 5.],
        [3., 6.],
        [1., 6.],
        [0., 5.],
        [0., 1.],
    ]);
    let u = c(&[
        [1., 0.],
        [3., 0.],
        [4., 1.],
        [4., 6.],
        [3., 6.],
        [3., 1.4],
        [2.6, 1.],
        [1.4, 1.],
        [1., 1.4],
        [1., 6.],
        [0., 6.],
        [0., 1.],
    ]);
    let t = c(&[
        [1.5, 0.],
        [2.5, 0.],
        [2.5, 5.],
        [4., 5.],
        [4., 6.],
        [0., 6.],
        [0., 5.],
        [1.5, 5.],
    ]);
    let plate = [[0.0, 0.0], [6.0 + 29.0 * SCALE, 6.0 + 6.0 * SCALE]];
    let mut s = Solid::default();
    s.extrude(&rect(plate[0], plate[1]), &[], [0.0, 2.0])?;
    let mut letters = 0.0;
    let word: [(&[P2], &[Vec<P2>]); 6] = [
        (&o, std::slice::from_ref(&eye)),
        (&f, &[]),
        (&f, &[]),
        (&see, &[]),
        (&u, &[]),
        (&t, &[]),
    ];
    for (i, (outer, holes)) in word.into_iter().enumerate() {
        let put = |l: &[P2]| -> Vec<P2> {
            l.iter()
                .map(|p| [3.0 + SCALE * (5.0 * i as f64 + p[0]), 3.0 + SCALE * p[1]])
                .collect()
        };
        let holes: Vec<_> = holes.iter().map(|h| put(h)).collect();
        s.extrude(&put(outer), &holes, [1.5, 3.6])?;
        letters += area(&put(outer)) - holes.iter().map(|h| area(h)).sum::<f64>();
    }
    let ground = plate[1][0] * plate[1][1];
    Ok(Model {
        overlap: Some(0.5 * letters),
        volume: Some(2.0 * ground + 1.6 * letters),
        sections: vec![
            Section::new(1.0, ground, 1),
            Section::new(1.7, ground, 1),
            Section::new(3.0, letters, 7),
        ],
        ..Model::new(
            "text.stl",
            "block letters raised on a plate; letters and plate are bodies that overlap",
            s,
            7,
        )
    })
}
