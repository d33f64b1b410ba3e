//! `$XDG_CONFIG_HOME/codewhale/remote-setup.yaml`: what a person always answers the same.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use crate::error::{Error, Result, why};
use crate::inputs::environment::Lookup;
use crate::inputs::origin::{Origin, Origins};
use crate::inputs::{Spec, answers, yaml};

/// Models by provider slug; the only key that is no answer itself.
const MODELS: &str = "models";

/// Every key that the file may have.
static KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let preferred = answers::all().filter(|answer| answer.preference);
    preferred.map(|answer| answer.key).chain([MODELS]).collect()
});

/// The preferences file.
#[derive(Debug, Default)]
pub struct Preferences {
    /// Texts by key.
    answers: BTreeMap<&'static str, String>,
    models: BTreeMap<String, String>,
    /// The file they came from.
    origin: Option<Origin>,
}

impl Preferences {
    /// Reads the file; a missing one is empty.
    ///
    /// # Errors
    /// Unknown keys and unreadable files, with the path.
    pub fn load(lookup: Lookup) -> Result<Preferences> {
        let Some(path) = path(lookup) else {
            return Ok(Preferences::default());
        };
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Preferences {
                origin: Some(Origin::file(&path, &text)),
                ..yaml::parse(&text, &path)?
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Preferences::default()),
            Err(error) => Err(Error::usage(format!("cannot read `{}`: {}", path.display(), why(&error)))
                .hint("make the file readable, or move it away")),
        }
    }

    /// Models by provider slug.
    pub fn models(&self) -> &BTreeMap<String, String> {
        &self.models
    }

    /// What they say; the model depends on the provider chosen in higher layers.
    ///
    /// # Errors
    /// A key that is not accepted.
    pub fn layer(&self, provider: Option<&str>) -> Result<Spec> {
        let mut spec = Spec {
            model: provider.and_then(|slug| self.models.get(slug).cloned()),
            ..Spec::default()
        };
        for (key, text) in &self.answers {
            let read = answers::by_key(key).put(&mut spec, std::slice::from_ref(text));
            read.map_err(|error| {
                let mut origins = Origins::default();
                self.origin.iter().for_each(|origin| origins.set(key, origin.clone()));
                origins.placed(error.about(key, "", text))
            })?;
        }
        Ok(match &self.origin {
            Some(origin) => spec.given_by(origin),
            None => spec,
        })
    }
}

impl<'de> Deserialize<'de> for Preferences {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Preferences, D::Error> {
        file.deserialize_map(Reader)
    }
}

/// Takes the keys that the declarations let in.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Preferences;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("preferences")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut file: A) -> Result<Preferences, A::Error> {
        let mut read = Preferences::default();
        while let Some(key) = file.next_key::<String>()? {
            match KEYS.iter().find(|known| **known == key) {
                Some(&MODELS) => read.models = file.next_value()?,
                Some(known) => read
                    .answers
                    .extend(file.next_value::<Option<String>>()?.map(|text| (*known, text))),
                None => return Err(de::Error::unknown_field(&key, &KEYS)),
            }
        }
        Ok(read)
    }
}

fn path(lookup: Lookup) -> Option<PathBuf> {
    let base = lookup("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| lookup("HOME").map(|home| PathBuf::from(home).join(".config")))?;
    Some(base.join("codewhale/remote-setup.yaml"))
}
