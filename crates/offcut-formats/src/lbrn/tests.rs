use super::*;
use crate::read_drawing;
use offcut_geometry::drawing::{Curve, length};

fn near(a: f64, b: f64, tol: f64) {
    assert!((a - b).abs() <= tol, "{a} is not {b} within {tol}");
}

fn project(content: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><LightBurnProject AppVersion=\"1.7.08\" FormatVersion=\"1\">\
         <CutSetting type=\"Cut\"><index Value=\"1\"/><name Value=\"Inner\"/></CutSetting>\
         <CutSetting type=\"Scan\"><index Value=\"2\"/><name Value=\"C02\"/></CutSetting>{content}</LightBurnProject>"
    )
}

fn read(text: &str) -> Result<DrawingFile, Cause> {
    read_drawing(text.as_bytes(), "t.lbrn2", None, &Limits::default()).map_err(|e| e.cause)
}

#[test]
fn shapes_of_a_project_are_read() {
    let file = read(&project(
        "<Shape Type=\"Group\"><XForm>2 0 0 2 100 0</XForm><Children>\
         <Shape Type=\"Rect\" CutIndex=\"1\" W=\"10\" H=\"6\" Cr=\"2\"><XForm>1 0 0 1 5 5</XForm></Shape>\
         <Shape Type=\"Ellipse\" CutIndex=\"2\" Rx=\"3\" Ry=\"3\"><XForm>1 0 0 1 0 0</XForm></Shape></Children></Shape>\
         <Shape Type=\"Path\" CutIndex=\"1\" VertID=\"0\" PrimID=\"0\"><XForm>1 0 0 1 0 0</XForm>\
         <VertList>V0 0c0x1c1x1V10 0c0x10c0y5c1x1V5 9c0x1c1x8c1y9</VertList><PrimList>L0 1B1 2L2 0</PrimList></Shape>\
         <Shape Type=\"Path\" CutIndex=\"1\" VertID=\"0\" PrimID=\"0\"><XForm>1 0 0 1 0 50</XForm></Shape>",
    ))
    .unwrap();
    let d = &file.drawing;
    assert_eq!(d.paths.len(), 4);
    assert!(d.paths.iter().all(|p| p.closed));
    near(
        length(d.run(&d.paths[0])),
        2.0 * (2.0 * 6.0 + 2.0 * 2.0 + TAU * 2.0),
        1e-9,
    );
    near(length(d.run(&d.paths[1])), TAU * 6.0, 1e-9);
    // The second path is the first one's lists again.
    near(length(d.run(&d.paths[2])), length(d.run(&d.paths[3])), 1e-9);
    assert!(matches!(d.run(&d.paths[2])[1].curve, Curve::Cubic(..)));
    assert_eq!(d.layers[1].operation, Some(Operation::Engrave));
    assert_eq!(d.layers[0].color, Some(Color(0, 0, 255)));
}

#[test]
fn the_older_spelling_is_read() {
    let file = read(&project(
        "<Shape Type=\"Path\" CutIndex=\"1\"><XForm>1 0 0 1 0 0</XForm><V vx=\"0\" vy=\"0\"/><V vx=\"3\" vy=\"4\"/>\
         <P T=\"L\" p0=\"0\" p1=\"1\"/></Shape>",
    ))
    .unwrap();
    near(file.drawing.length(), 5.0, 1e-12);
}

#[test]
fn written_projects_read_the_same() {
    let text = "<svg xmlns='http://www.w3.org/2000/svg' width='90mm' height='90mm' viewBox='0 0 90 90' fill='none' stroke='red'>\
                <circle cx='20' cy='20' r='9'/><path d='M0 0H9V7'/><path d='M30 30C40 30 40 50 30 50Z'/></svg>";
    let first = read_drawing(text.as_bytes(), "a.svg", None, &Limits::default()).unwrap();
    let again = read(&write(&first.drawing)).unwrap();
    assert_eq!(first.drawing.paths.len(), again.drawing.paths.len());
    for (p, q) in first.drawing.paths.iter().zip(&again.drawing.paths) {
        near(length(first.drawing.run(p)), length(again.drawing.run(q)), 1e-5);
        assert_eq!(p.closed, q.closed);
    }
}

#[test]
fn cut_settings_are_kept() {
    let text = "<?xml version=\"1.0\"?><LightBurnProject AppVersion=\"1.7.08\" FormatVersion=\"1\">\
         <CutSetting type=\"Cut\"><index Value=\"3\"/><name Value=\"Outline\"/><minPower Value=\"20\"/>\
         <maxPower Value=\"85.5\"/><speed Value=\"12\"/><numPasses Value=\"2\"/><kerf Value=\"0.075\"/>\
         <runBlower Value=\"1\"/><priority Value=\"4\"/></CutSetting>\
         <Shape Type=\"Rect\" CutIndex=\"3\" W=\"10\" H=\"6\"/></LightBurnProject>";
    let first = read(text).unwrap().drawing;
    let s = first.layers[0].setting.unwrap();
    assert_eq!(
        (s.power, s.min_power, s.speed),
        (Some(0.855), Some(0.2), Some(12.0))
    );
    assert_eq!(
        (s.passes, s.kerf, s.air, s.priority),
        (Some(2), Some(0.075), Some(true), Some(4))
    );
    let again = read(&write(&first)).unwrap().drawing;
    assert_eq!(again.layers[0].setting, Some(s));
}

#[test]
fn broken_projects_end_in_one_error() {
    for content in [
        "<Shape Type=\"Path\" CutIndex=\"1\"><XForm>1 0 0 1 0</XForm></Shape>",
        "<Shape Type=\"Path\" CutIndex=\"1\"><VertList>V0 0V1</VertList><PrimList>L0 1</PrimList></Shape>",
        "<Shape Type=\"Path\" CutIndex=\"1\"><VertList>V0 0V1 1</VertList><PrimList>L0 7</PrimList></Shape>",
        "<Shape Type=\"Path\" CutIndex=\"1\"><VertList>V0 0V1 1</VertList><PrimList>X0 1</PrimList></Shape>",
        "<Shape Type=\"Ellipse\" Rx=\"nan\" Ry=\"1\"/>",
        "",
    ] {
        assert!(read(&project(content)).is_err(), "{content}");
    }
    assert!(read("<LightBurnProject").is_err());
}
