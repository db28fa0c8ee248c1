//! Settings and profiles, as front ends need them: see `offcut_settings`.

pub use offcut_settings::discovery::{discover, isolated, user_folder};
pub use offcut_settings::import::{Fate, Import, import_prusa};
pub use offcut_settings::profile::explain::{Explanation, with_unit};
pub use offcut_settings::profile::resolve::{Request, Resolved};
pub use offcut_settings::profile::source::Library;
pub use offcut_settings::reference::reference_markdown;
pub use offcut_settings::schema::schema;
pub use offcut_settings::table::Scope;
pub use offcut_settings::{PrintSettings, SETTINGS, SettingsError};
