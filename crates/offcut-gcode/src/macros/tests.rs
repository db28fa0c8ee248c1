//! What PrusaSlicer's macros are known to give.

use super::{Value, Vars, expand};
use offcut_settings::PrintSettings;

fn vars() -> Vars {
    let s = PrintSettings {
        hotend_temperature: 215,
        perimeter_speed: 60.0,
        filament_type: "PETG".into(),
        ..PrintSettings::default()
    };
    let mut v = Vars::new(&s);
    v.set("foo", 0);
    v.set("name", "Prusa MK3S");
    v.set("first_layer_print_min", [10.0, 20.5]);
    v
}

fn ok(template: &str) -> String {
    expand("start_gcode", template, &mut vars()).unwrap()
}

fn error(template: &str) -> String {
    expand("start_gcode", template, &mut vars())
        .unwrap_err()
        .to_string()
}

#[test]
fn arithmetic() {
    for (t, want) in [
        ("{2*3}", "6"),
        ("{2*3/12}", "0"),
        ("{2.*3/12}", "0.5"),
        ("{10%2.5}", "0"),
        ("{7%4}", "3"),
        ("{1+2*3}", "7"),
        ("{(1+2)*3}", "9"),
        ("{-3+5}", "2"),
        ("{- -3}", "3"),
        ("{min(12, 14)}", "12"),
        ("{max(12, 14)}", "14"),
        ("{min(13.4, -1238.1)}", "-1238.1"),
        ("{int(-13.4)}", "-13"),
        ("{int(13.4)}", "13"),
        ("{round(-13.6)}", "-14"),
        ("{round(13.4)}", "13"),
        ("{abs(-2.5)}", "2.5"),
        ("[{digits(5, 15)}]", "[              5]"),
        ("{zdigits(5, 15)}", "000000000000005"),
        ("{digits(5, 15, 8)}", "     5.00000000"),
        ("{zdigits(5, 15, 8)}", "000005.00000000"),
        (
            "{interpolate_table(13.84375892476, (0, 0), (20, 20))}",
            "13.84376",
        ),
        ("{interpolate_table(13, (0, 0), (10, 10), (20, 30))}", "16"),
        ("{interpolate_table(-5, (0, 1), (10, 10))}", "1"),
        ("{interpolate_table(50, (0, 1), (10, 10))}", "10"),
    ] {
        assert_eq!(ok(t), want, "{t}");
    }
}

#[test]
fn conditions() {
    for (t, want) in [
        ("{12 == 12}", "true"),
        ("{12 != 12}", "false"),
        ("{12 <> 13}", "true"),
        ("{12 < 22}", "true"),
        ("{12 >= 12.5}", "false"),
        ("{(12 == 12) and (13 != 14)}", "true"),
        ("{(12 == 12) && (13 == 14)}", "false"),
        ("{(12 == 13) or (13 == 13)}", "true"),
        ("{(12 == 13) || (13 == 14)}", "false"),
        ("{not true}", "false"),
        ("{!false and not false}", "true"),
        ("{\"a\" == \"a\"}", "true"),
        ("{1 < 2 ? \"yes\" : \"no\"}", "yes"),
        ("{false ? nowhere : 3}", "3"),
        ("{true ? 4 : nowhere[1]}", "4"),
        ("{true or nowhere}", "true"),
        ("{name =~ /.*MK3.*/}", "true"),
        ("{name =~ /MK3/}", "false"),
        ("{name !~ /.*MK4.*/}", "true"),
        ("{is_nil(bridge_angle)}", "true"),
        ("{is_nil(temperature)}", "false"),
    ] {
        assert_eq!(ok(t), want, "{t}");
    }
}

#[test]
fn branches_nest_and_only_the_taken_one_is_evaluated() {
    let t = "{if foo == 0}zero{if filament_type[0] == \"PETG\"} petg{else} {nowhere}{endif}\
             {elsif nowhere > 1}never{else}{if nowhere}x{endif}{endif}!";
    assert_eq!(ok(t), "zero petg!");
    assert_eq!(ok("{if false}a{elsif true}b{elsif true}c{else}d{endif}"), "b");
    assert_eq!(ok("{if false}a{elsif false}b{else}d{endif}"), "d");
    assert!(error("{if true}a").contains("endif"));
    assert!(error("a{endif}").contains("no `if`"));
    assert!(error("{if 3}a{endif}").contains("true or false"));
}

#[test]
fn names() {
    assert_eq!(ok("M104 S[temperature] ; [filament_type]"), "M104 S215 ; PETG");
    assert_eq!(ok("M104 S{temperature[0]}"), "M104 S215");
    assert_eq!(
        ok("[temperature_[foo]] {temperature[foo]} [temperature_0]"),
        "215 215 215"
    );
    assert_eq!(ok("M190 S{first_layer_bed_temperature[0]}"), "M190 S60");
    assert_eq!(ok("{nozzle_diameter[0] * 2}"), "0.8");
    assert_eq!(
        ok("X{first_layer_print_min[0] - 5} Y{first_layer_print_min[1]}"),
        "X5 Y20.5"
    );
    assert_eq!(ok("{print_bed_max[0]}"), "220");
    assert_eq!(ok("{external_perimeter_speed}"), "30");
    assert_eq!(ok("POLYGON=[[0,0],[1,1]]"), "POLYGON=[[0,0],[1,1]]");
    assert!(error("{infill_overlap * 2}").contains("percentage"));
    assert!(error("[infill_overlap]").contains("percentage"));
    assert!(error("{first_layer_print_min[2]}").contains("2 elements"));
}

#[test]
fn every_setting_has_its_name() {
    let json = serde_json::to_value(PrintSettings::default()).unwrap();
    for key in json.as_object().unwrap().keys() {
        let r = expand("x", &format!("{{is_nil({key})}}"), &mut vars());
        assert!(r.is_ok(), "{key}: {r:?}");
    }
}

#[test]
fn variables_live_as_promised() {
    let mut v = vars();
    let t = "{global counter = 0}{counter = counter + 1}{local a = 2; a = a * 10}{counter} {a}";
    for n in 1..4 {
        assert_eq!(expand("layer_gcode", t, &mut v).unwrap(), format!("{n} 20"));
    }
    assert!(
        expand("layer_gcode", "{a}", &mut v).is_err(),
        "local variables end with their text"
    );
    assert_eq!(
        expand("layer_gcode", "{if false}{global x = 1}{endif}{counter}", &mut v).unwrap(),
        "3"
    );
    assert!(error("{unknown = 1}").contains("not declared"));
}

#[test]
fn layer_numbers() {
    let mut v = vars();
    v.set_layer(199, 20.0);
    v.set("max_layer_z", Value::Float(20.0));
    assert_eq!(
        expand("layer_gcode", ";[layer_num] {layer_z} {layer_num + 1}", &mut v).unwrap(),
        ";199 20 200"
    );
}

#[test]
fn errors_say_where_and_what() {
    assert_eq!(
        error("G28\nM104 S{temprature}"),
        "start_gcode, line 2, column 8: nothing is called `temprature`; did you mean `temperature`?"
    );
    assert!(error("{1/0}").contains("division by zero"));
    assert!(error("{1 + }").contains("a value is expected"));
    assert!(error("{2 * \"a\"}").contains("a number is needed"));
    assert!(error("{größe}").contains("outside of quoted text"));
    assert_eq!(ok("{\"größe\"} ü"), "größe ü");
    assert!(error("{foo(1)}").contains("no function foo()"));
    assert!(error(&format!("{{{}1", "(".repeat(10_000))).contains("deep"));
    assert!(error(&format!("{{{}1", "-".repeat(10_000))).contains("deep"));
}
