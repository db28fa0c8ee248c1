//! Profiles in files.

#![allow(clippy::unwrap_used)]

use offcut_settings::SettingsError;
use offcut_settings::discovery::{discover, isolated, user_folder};
use offcut_settings::profile::resolve::Request;
use offcut_settings::table::Scope;
use std::fs;
use std::path::Path;

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn files_are_found_upwards_then_in_the_users_folder() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(
        root,
        "work/offcut.toml",
        "process = \"mine\"\n[processes.mine]\ninherits = \"fine\"\nperimeters = 7\n",
    );
    write(
        root,
        "work/a/b/x.toml",
        "kind = \"process\"\ninherits = \"../up.toml\"\nseam = \"rear\"\n",
    );
    write(root, "work/a/up.toml", "inherits = \"mine\"\nbrim_width = 9\n");
    write(
        root,
        "user/materials/pla.toml",
        "inherits = \"pla\"\nhotend_temperature = 199\n",
    );
    write(root, "user/offcut.toml", "material = \"pla\"\nperimeters = 2\n");
    let user = root.join("user");

    let library = discover(&root.join("work/a"), Some(&user)).unwrap();
    let r = Request {
        material: Some("pla".into()),
        ..Request::default()
    }
    .resolve(&library)
    .unwrap();
    assert_eq!(
        (
            r.settings.perimeters,
            r.settings.layer_height,
            r.settings.hotend_temperature
        ),
        (7, 0.12, 199)
    );
    let file = r.explain("hotend_temperature").unwrap().origin.file;
    assert!(file.ends_with("pla.toml") && file.contains("user"), "{file}");

    // A path on the command line; what it inherits is relative to it.
    let r = Request {
        process: Some("b/x.toml".into()),
        ..Request::default()
    }
    .resolve(&library)
    .unwrap();
    assert_eq!((r.settings.perimeters, r.settings.brim_width), (7, 9.0));
    let r = Request {
        profiles: vec!["b/x.toml".into()],
        ..Request::default()
    }
    .resolve(&library)
    .unwrap();
    assert_eq!((r.settings.perimeters, r.settings.brim_width), (7, 9.0));

    // Without a project, the user's own file has the defaults.
    let library = discover(root, Some(&user)).unwrap();
    assert_eq!(
        Request::default().resolve(&library).unwrap().settings.perimeters,
        2
    );
    assert!(library.names(Scope::Material).contains(&"pla".to_string()));

    let library = isolated(&root.join("work/a"));
    let r = Request {
        material: Some("pla".into()),
        ..Request::default()
    }
    .resolve(&library)
    .unwrap();
    assert_eq!(r.settings.hotend_temperature, 210);
    let missing = Request {
        profiles: vec!["nothing.toml".into()],
        ..Request::default()
    }
    .resolve(&library);
    assert!(matches!(missing, Err(SettingsError::Unreadable { .. })));
}

#[test]
fn giant_files_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "offcut.toml", &"#".repeat(2 << 20));
    assert!(matches!(
        discover(dir.path(), None),
        Err(SettingsError::Unreadable { .. })
    ));
}

#[test]
fn the_users_folder_follows_the_environment() {
    let env = |vars: &'static [(&str, &str)]| {
        user_folder(move |n| vars.iter().find(|(k, _)| *k == n).map(|(_, v)| v.into()))
    };
    assert_eq!(
        env(&[("XDG_CONFIG_HOME", "/x"), ("HOME", "/h")]),
        Some("/x/offcut".into())
    );
    assert_eq!(
        env(&[("XDG_CONFIG_HOME", "relative"), ("HOME", "/h")]),
        Some("/h/.config/offcut".into())
    );
    assert_eq!(env(&[("HOME", "/h")]), Some("/h/.config/offcut".into()));
    assert_eq!(env(&[]), None);
}
