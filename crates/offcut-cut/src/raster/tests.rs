use super::*;

const ALL: [Dither; 9] = [
    Dither::Threshold,
    Dither::Bayer,
    Dither::FloydSteinberg,
    Dither::Jarvis,
    Dither::Stucki,
    Dither::Atkinson,
    Dither::Burkes,
    Dither::Sierra,
    Dither::Newsprint,
];

fn mean(v: &[u8]) -> f64 {
    v.iter().map(|v| f64::from(*v)).sum::<f64>() / v.len() as f64 / 255.0
}

#[test]
fn gradients_keep_their_mean_tone() {
    let (w, h) = (1024, 256);
    let gradient: Vec<u8> = (0..w * h).map(|i| (i % w * 255 / (w - 1)) as u8).collect();
    let want = mean(&gradient);
    for d in ALL {
        let mut v = gradient.clone();
        dither(&mut v, w, d, 128, 6.0);
        assert!(v.iter().all(|v| *v == 0 || *v == 255), "{d:?}");
        assert!((mean(&v) - want).abs() < 0.01, "{d:?}: {} {want}", mean(&v));
        // Locally too: every eighth of the gradient, where the kind is made for it.
        if matches!(d, Dither::Threshold | Dither::Atkinson) {
            continue;
        }
        for part in 0..8 {
            let pick =
                |v: &[u8]| -> Vec<u8> { (0..w * h).filter(|i| i % w / 128 == part).map(|i| v[i]).collect() };
            let (got, want) = (mean(&pick(&v)), mean(&pick(&gradient)));
            assert!((got - want).abs() < 0.01, "{d:?} part {part}: {got} {want}");
        }
    }
}

#[test]
fn flat_tones_keep_theirs() {
    for tone in [3u8, 60, 127, 200, 252] {
        for d in ALL {
            if matches!(d, Dither::Threshold | Dither::Atkinson) {
                continue;
            }
            let mut v = vec![tone; 256 * 256];
            dither(&mut v, 256, d, 128, 8.0);
            let want = f64::from(tone) / 255.0;
            assert!((mean(&v) - want).abs() < 0.01, "{d:?} {tone}: {}", mean(&v));
        }
    }
}

#[test]
fn the_first_rows_of_bayer_are_the_published_ones() {
    // The usual 8 x 8 matrix begins 0 32 8 40 / 48 16 56 24.
    let mut dark: Vec<u8> = vec![4; 64];
    dither(&mut dark, 8, Dither::Bayer, 0, 0.0);
    assert_eq!(dark.iter().filter(|v| **v == 255).count(), 1);
    assert_eq!(dark[0], 255, "rank 0 stands in the corner");
}

#[test]
fn resampling_keeps_the_mean_and_constants() {
    let p = Gray {
        width: 300,
        height: 200,
        data: (0..60_000).map(|i| ((i * 7919) % 256) as u8).collect(),
    };
    for (w, h) in [(100, 50), (77, 131), (600, 400)] {
        let q = resample(&p, w, h);
        assert_eq!(q.data.len(), w * h);
        assert!((mean(&q.data) - mean(&p.data)).abs() < 0.005, "{w} x {h}");
    }
    let flat = Gray {
        width: 10,
        height: 10,
        data: vec![77; 100],
    };
    assert!(resample(&flat, 33, 7).data.iter().all(|v| *v == 77));
}

fn style() -> RasterStyle {
    RasterStyle {
        dither: Dither::Grayscale,
        interval: 0.5,
        angle: 0.0,
        feed: 100.0,
        power: 0.8,
        min_power: 0.1,
        gamma: 1.0,
        brightness: 0.0,
        contrast: 0.0,
        threshold: 0.5,
        cell: 1.0,
        invert: false,
        mirror: false,
        both_ways: true,
        overscan: 5.0,
        travel_speed: 100.0,
        focus: 0.0,
    }
}

/// 4 x 3 pixels: black at the lower left, grey at the upper right, white elsewhere.
fn small() -> Gray {
    let mut data = vec![255; 12];
    (data[8], data[3]) = (0, 128);
    Gray {
        width: 4,
        height: 3,
        data,
    }
}

fn burn(p: &Gray, s: &RasterStyle) -> Program {
    let mut program = Program::default();
    let frame = Affine::scale(p.width as f64 * 0.5, p.height as f64 * 0.5);
    engrave(&mut program, p, &frame, s, &Ctx::quiet()).unwrap();
    program
}

/// Ends and powers of all raster moves, mm.
fn moves(p: &Program) -> Vec<(f64, f64, u16)> {
    let mut out = Vec::new();
    for s in &p.steps {
        if let Step::Raster { path, powers, .. } = s {
            for (v, w) in p.path(*path).iter().zip(&p.powers[*powers as usize..]) {
                out.push((f64::from(v.x) / 1e5, f64::from(v.y) / 1e5, *w));
            }
        }
    }
    out
}

#[test]
fn pixels_lie_where_they_belong_and_white_rows_are_skipped() {
    let p = burn(&small(), &style());
    let m = moves(&p);
    let black = (0.8 * f64::from(FULL_POWER)).round() as u16;
    assert_eq!(&m[..3], &[(0.0, 0.25, 0), (0.5, 0.25, black), (5.5, 0.25, 0)]);
    // The next row goes back; power by grey, between the least and the most.
    assert_eq!((m[3].0, m[3].1, m[3].2), (2.0, 1.25, 0));
    assert!(m[4].0 == 1.5 && m[4].2 > black / 3 && m[4].2 < black);
    assert_eq!((m[5].0, m.len()), (-3.5, 6));
    let travels: Vec<_> = p
        .steps
        .iter()
        .filter(|s| matches!(s, Step::Travel { .. }))
        .collect();
    assert_eq!(travels.len(), 2, "the white row in the middle is skipped");
}

#[test]
fn mirrored_and_inverted() {
    let mirrored = RasterStyle {
        mirror: true,
        ..style()
    };
    assert_eq!(moves(&burn(&small(), &mirrored))[1].0, 2.0);
    let inverted = RasterStyle {
        invert: true,
        ..style()
    };
    let m = moves(&burn(&small(), &inverted));
    assert_eq!(m[0].0, 0.5, "black stays unburnt");
}

#[test]
fn power_grows_with_darkness() {
    let p = powers(&style());
    assert!(p.windows(2).all(|w| w[0] <= w[1]) && p[0] == 0);
    assert_eq!(p[255], (0.8 * f64::from(FULL_POWER)).round() as u16);
    for gamma in [0.5, 1.0, 2.2] {
        let c = curve(&RasterStyle { gamma, ..style() });
        assert!(c.windows(2).all(|w| w[0] >= w[1]) && c[0] == 255 && c[255] == 0);
    }
}

#[test]
fn a_turned_raster_burns_the_same_area() {
    let p = Gray {
        width: 40,
        height: 40,
        data: vec![0; 1600],
    };
    let burnt = |angle: f64| {
        let program = burn(
            &p,
            &RasterStyle {
                angle,
                interval: 0.1,
                ..style()
            },
        );
        let mut sum = 0.0;
        let m = moves(&program);
        for w in m.windows(2) {
            if w[1].2 > 0 {
                sum += libm::hypot(w[1].0 - w[0].0, w[1].1 - w[0].1);
            }
        }
        sum * 0.1
    };
    assert!((burnt(0.0) - 400.0).abs() < 1e-6);
    assert!((burnt(30.0) - 400.0).abs() < 4.0, "{}", burnt(30.0));
}
