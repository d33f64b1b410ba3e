//! Where each answer was given, so that an error sends nobody to the wrong place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::yaml;
use crate::error::{Error, Place};

/// One source of answers.
#[derive(Clone, Debug)]
pub enum Origin {
    Flag,
    /// A variable of the environment, by its name.
    Variable(String),
    /// A file of YAML, with its text.
    File(PathBuf, Arc<str>),
}

impl Origin {
    pub fn file(path: &Path, text: &str) -> Origin {
        Origin::File(path.to_owned(), text.into())
    }

    fn place(&self, key: &str, value: &str) -> Option<Place> {
        match self {
            // The command line is what messages speak of anyhow.
            Origin::Flag => None,
            Origin::Variable(name) => Some(Place {
                named: format!("`{name}`"),
                within: format!("`{name}`"),
                keyed: false,
            }),
            Origin::File(path, text) => {
                // The preferences have a model for each provider.
                let line = yaml::line_of(text, key, value).or_else(|| yaml::line_of(text, &format!("{key}s"), value));
                let path = path.display();
                let (named, within) = match line {
                    Some(line) => (format!("{path}, line {line}"), format!("line {line} of {path}")),
                    None => (path.to_string(), path.to_string()),
                };
                Some(Place {
                    named: format!("{named}: `{key}`"),
                    within,
                    keyed: true,
                })
            }
        }
    }
}

/// The source of every answer that was given, by key; entries of maps by `key.name` too.
#[derive(Clone, Debug, Default)]
pub struct Origins(BTreeMap<String, Origin>);

/// Where an answer was given is no part of it.
impl PartialEq for Origins {
    fn eq(&self, _: &Origins) -> bool {
        true
    }
}

impl Origins {
    /// All of these from one source.
    pub fn all(keys: &[String], origin: &Origin) -> Origins {
        Origins(keys.iter().map(|key| (key.clone(), origin.clone())).collect())
    }

    pub fn set(&mut self, key: &str, origin: Origin) {
        self.0.insert(key.to_owned(), origin);
    }

    pub fn forget(&mut self, key: &str) {
        self.0.retain(|known, _| known.split('.').next() != Some(key));
    }

    /// With those of a lower layer for what is not said above.
    #[must_use]
    pub fn above(mut self, lower: &Origins, said: &[String]) -> Origins {
        for (key, origin) in &lower.0 {
            if !said.contains(key) {
                self.0.insert(key.clone(), origin.clone());
            }
        }
        self
    }

    /// An error in the words of the place where its answer was given.
    #[must_use]
    pub fn placed(&self, error: Error) -> Error {
        error.placed(|key, value| {
            let entry = self.0.get(&format!("{key}.{value}"));
            let origin = entry
                .or_else(|| self.0.get(key))
                .or_else(|| self.0.get(key.split('.').next().unwrap_or(key)))
                .or_else(|| self.only_file())?;
            origin.place(key, value)
        })
    }

    /// The file that all answers stand in, so what is missing is missing there.
    fn only_file(&self) -> Option<&Origin> {
        let all = self.0.values().all(|origin| matches!(origin, Origin::File(..)));
        self.0.values().next().filter(|_| all)
    }
}
