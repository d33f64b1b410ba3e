//! `$XDG_CONFIG_HOME/codewhale/remote-setup.yaml`: what a person always answers the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::inputs::environment::Lookup;
use crate::inputs::{Spec, ssh_key, yaml};

/// The preferences file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    #[serde(default)]
    cloud: Option<String>,
    #[serde(default)]
    bridge: Option<String>,
    #[serde(default)]
    region: Option<String>,
    /// Public key, as text or as a file.
    #[serde(default)]
    ssh_public_key: Option<String>,
    /// Model by provider slug.
    #[serde(default)]
    models: BTreeMap<String, String>,
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
            Ok(text) => yaml::parse(&text, &path),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Preferences::default()),
            Err(error) => Err(Error::usage(format!("cannot read `{}`: {error}", path.display()))
                .hint("make the file readable, or move it away")),
        }
    }

    /// What they say; the model depends on the provider chosen in higher layers.
    ///
    /// # Errors
    /// A key that is not accepted.
    pub fn layer(&self, provider: Option<&str>) -> Result<Spec> {
        let ssh_public_key = match &self.ssh_public_key {
            Some(value) => Some(
                ssh_key::text_or_file(value).map_err(|error| error.context("`ssh_public_key` of the preferences"))?,
            ),
            None => None,
        };
        Ok(Spec {
            cloud: self.cloud.clone(),
            bridge: self.bridge.clone(),
            region: self.region.clone(),
            ssh_public_key,
            model: provider.and_then(|slug| self.models.get(slug).cloned()),
            ..Spec::default()
        })
    }
}

fn path(lookup: Lookup) -> Option<PathBuf> {
    let base = lookup("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| lookup("HOME").map(|home| PathBuf::from(home).join(".config")))?;
    Some(base.join("codewhale/remote-setup.yaml"))
}
