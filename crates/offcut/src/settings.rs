//! Settings and profiles, as front ends need them: see `offcut_settings`.

use serde_json::{Map, Value, json};

pub use offcut_settings::cut::{
    CUT_SETTINGS, CutSettings, CutSources, Library as CutLibrary, Resolved as CutResolved, Source,
    cut_reference, cut_schema, laser_text, lasers, resolve as resolve_cut,
};
pub use offcut_settings::discovery::{discover, isolated, user_folder};
pub use offcut_settings::import::{Fate, Import, import_prusa};
pub use offcut_settings::profile::explain::{Explanation, with_unit};
pub use offcut_settings::profile::resolve::{Request, Resolved};
pub use offcut_settings::profile::source::Library;
pub use offcut_settings::profile::{Profile, Project};
pub use offcut_settings::reference::reference_markdown;
pub use offcut_settings::schema::schema;
pub use offcut_settings::table::{Kind, Scope, SettingOf};
pub use offcut_settings::tabled::Tabled;
pub use offcut_settings::value::Raw;
pub use offcut_settings::{PrintSettings, SETTINGS, SettingsError};

/// The profiles of a library by kind: names and descriptions.
///
/// # Errors
/// When a profile can't be read.
pub fn list(library: &Library) -> Result<Map<String, Value>, crate::Error> {
    let mut document = Map::new();
    for scope in Scope::ALL {
        let mut entries = Vec::new();
        for name in library.names(scope) {
            let chain = library.chain(scope, &name, "")?;
            let about = chain.last().map(|p| p.description.clone()).unwrap_or_default();
            entries.push(json!({ "name": name, "description": about }));
        }
        document.insert(scope.plural().into(), entries.into());
    }
    Ok(document)
}
