//! `$XDG_CONFIG_HOME/codewhale/remote-setup.yaml`: what a person always answers the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use serde::Deserialize;

use crate::error::{Error, Result, why};
use crate::inputs::environment::Lookup;
use crate::inputs::origin::Origin;
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
    /// The file they came from.
    #[serde(skip)]
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
        let spec = Spec {
            cloud: self.cloud.clone(),
            bridge: self.bridge.clone(),
            region: self.region.clone(),
            ssh_public_key: self.ssh_public_key.clone(),
            model: provider.and_then(|slug| self.models.get(slug).cloned()),
            ..Spec::default()
        };
        let mut spec = match &self.origin {
            Some(origin) => spec.given_by(origin),
            None => spec,
        };
        if let Some(value) = &self.ssh_public_key {
            let read = ssh_key::text_or_file(value).map_err(|error| error.about("ssh_public_key", "", value));
            spec.ssh_public_key = Some(read.map_err(|error| spec.origins.placed(error))?);
        }
        Ok(spec)
    }
}

fn path(lookup: Lookup) -> Option<PathBuf> {
    let base = lookup("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| lookup("HOME").map(|home| PathBuf::from(home).join(".config")))?;
    Some(base.join("codewhale/remote-setup.yaml"))
}
