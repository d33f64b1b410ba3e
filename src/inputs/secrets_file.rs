//! `secrets.env`: every secret value once, on the operator's machine only.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result, why};
use crate::files;
use crate::inputs::Secret;
use crate::inputs::environment::Lookup;

/// No list of secrets is as large as this many bytes.
const LARGEST: u64 = 1 << 20;

/// Secrets by environment name.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    values: BTreeMap<String, Secret>,
    /// The file is there and nobody but its owner can read it.
    private: bool,
}

impl Secrets {
    /// Reads `NAME=value` lines; empty values are "not given yet". A missing file is empty.
    ///
    /// # Errors
    /// An unreadable file, or a line that is no assignment (by number, never by content).
    pub fn load(path: &Path) -> Result<Secrets> {
        let text = match files::read_text(path, LARGEST) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Secrets::default()),
            Err(error) => {
                return Err(Error::usage(format!("cannot read `{}`: {}", path.display(), why(&error)))
                    .hint("make it a text file that only you can read"));
            }
        };
        let mut values = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let at = format!("{}, line {}", path.display(), index + 1);
            let Some((name, value)) = line.split_once('=') else {
                return Err(
                    Error::usage(format!("{at}: not NAME=value")).hint("write one `NAME=value` a line, without quotes")
                );
            };
            if !value.trim().is_empty() {
                let name = name.trim();
                let secret = Secret::new(name, value).map_err(|error| error.context(&at))?;
                values.insert(name.to_owned(), secret);
            }
        }
        let private = fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 == 0);
        Ok(Secrets { values, private })
    }

    /// Whether the file was there and readable by its owner alone.
    pub fn is_private(&self) -> bool {
        self.private
    }

    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.values.get(name)
    }

    pub fn set(&mut self, name: &str, secret: Secret) {
        self.values.insert(name.to_owned(), secret);
    }

    /// Takes `name` from another name of it in the file, or else from the environment; says under which name it
    /// was found there.
    ///
    /// # Errors
    /// A value that is set and has the wrong form.
    pub fn fill(&mut self, name: &str, accepted: &[String], lookup: Lookup) -> Result<Option<String>> {
        if self.values.contains_key(name) {
            return Ok(None);
        }
        if let Some(secret) = accepted.iter().find_map(|other| self.values.get(other)).cloned() {
            self.set(name, secret);
            return Ok(None);
        }
        for variable in accepted {
            if let Some(value) = lookup(variable).map(Zeroizing::new) {
                self.set(name, Secret::new(variable, &value)?);
                return Ok(Some(variable.clone()));
            }
        }
        Ok(None)
    }

    /// The file's text: the wanted names in order, then whatever else it held.
    pub fn to_text(&self, header: &str, wanted: &[&str]) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!("{header}\n"));
        let others = self
            .values
            .keys()
            .map(String::as_str)
            .filter(|name| !wanted.contains(name));
        for name in wanted.iter().copied().chain(others) {
            text.push_str(name);
            text.push('=');
            if let Some(secret) = self.values.get(name) {
                text.push_str(secret.expose());
            }
            text.push('\n');
        }
        text
    }
}
