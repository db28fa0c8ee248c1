//! Which settings a job document asks for: profiles by name, profiles of its own, single settings.

use crate::settings::{Library, Profile, Project, Raw, Request, Resolved, Scope};
use crate::{Error, document};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The fields that every command with settings shares.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    machine: Option<String>,
    material: Option<String>,
    process: Option<String>,
    #[serde(default)]
    profiles: Vec<ProfileText>,
    #[serde(default)]
    settings: Map<String, Value>,
}

/// A profile that the job brings along, in TOML.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileText {
    /// Its name.
    pub name: String,
    /// TOML.
    pub text: String,
}

const KEYS: [&str; 5] = ["machine", "material", "process", "profiles", "settings"];

impl Chosen {
    /// Takes the fields out of a document.
    pub fn take(d: &mut Map<String, Value>) -> Result<Self, Error> {
        let mine: Map<String, Value> = KEYS
            .into_iter()
            .filter_map(|k| Some((k.to_owned(), d.remove(k)?)))
            .collect();
        super::read::fields(mine)
    }

    /// The built-in profiles and those of the job.
    pub fn library(&self) -> Result<Library, Error> {
        let parse = |p: &ProfileText| Profile::parse(&p.name, &format!("{}.toml", p.name), &p.text, None);
        let profiles = self.profiles.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        if let Some(p) = profiles.iter().find(|p| p.scope.is_none()) {
            return Err(Error::Usage(format!(
                "{}: says no kind; add kind = \"machine\", \"material\" or \"process\"",
                p.file
            )));
        }
        let own = Project {
            profiles,
            ..Project::default()
        };
        Ok(Library::new(vec![Box::new(own)]))
    }

    fn request(&self) -> Result<Request, Error> {
        let raw = |(key, value): (&String, &Value)| {
            let value = match value {
                Value::Null => Raw::Unset,
                Value::Bool(b) => Raw::Bool(*b),
                Value::Number(n) => match n.as_i64() {
                    Some(i) => Raw::Integer(i),
                    None => Raw::Number(n.as_f64().unwrap_or(f64::NAN)),
                },
                Value::String(s) => Raw::Text(s.clone()),
                Value::Array(a) => {
                    let text: Vec<String> = a.iter().map(Value::to_string).collect();
                    Raw::Text(text.join("x"))
                }
                Value::Object(_) => {
                    return Err(Error::Usage(format!("job: `{key}` can't be an object")));
                }
            };
            Ok((key.clone(), value))
        };
        Ok(Request {
            machine: self.machine.clone(),
            material: self.material.clone(),
            process: self.process.clone(),
            job: self.settings.iter().map(raw).collect::<Result<_, _>>()?,
            ..Request::default()
        })
    }

    /// The settings, ready for work.
    pub fn resolve(&self) -> Result<Resolved, Error> {
        Ok(self.request()?.resolve(&self.library()?)?)
    }

    /// Every setting with its value, who set it and what it would be without the job's own; a clash of
    /// settings is a field, so that a form can show both.
    pub fn document(&self) -> Result<Value, Error> {
        let (library, request) = (self.library()?, self.request()?);
        let resolved = request.resolve_unchecked(&library)?;
        let plain = Request {
            job: Vec::new(),
            ..request.clone()
        };
        let inherited = plain.resolve_unchecked(&library)?;
        let values =
            |r: &Resolved| serde_json::to_value(&r.settings).map_err(|e| Error::Internal(e.to_string()));
        let mut origins = Map::new();
        for key in resolved.keys_set() {
            let o = resolved.explain(key)?.origin;
            origins.insert(
                key.into(),
                json!({ "level": o.level.name(), "profile": o.profile }),
            );
        }
        let (warnings, fault) = match request.resolve(&library) {
            Ok(r) => (r.warnings, None),
            Err(e) => (Vec::new(), Some(document::Fault::from(&Error::from(e)))),
        };
        let warnings: Vec<Value> = warnings
            .iter()
            .map(|w| json!({ "code": "settings", "key": w.key, "message": w.message }))
            .collect();
        let selection: Map<String, Value> = Scope::ALL
            .into_iter()
            .zip(&resolved.selection)
            .map(|(s, name)| (s.name().to_owned(), name.clone().into()))
            .collect();
        let facts = json!({
            "settings": values(&resolved)?,
            "inherited": values(&inherited)?,
            "origins": origins,
            "selection": selection,
            "warnings": warnings,
            "clash": fault,
        });
        document::done("settings", &facts, &[])
    }
}
