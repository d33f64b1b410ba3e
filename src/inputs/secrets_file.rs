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
use crate::tables::secret_form::SecretForm;

/// No list of secrets is as large as this many bytes.
const LARGEST: u64 = 1 << 20;

/// Secrets by environment name.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    values: BTreeMap<String, Secret>,
    /// As it stands, so that nothing but values changes.
    text: Option<Zeroizing<String>>,
    /// Where it was read.
    place: String,
    /// Permissions of the file, where others than its owner have some.
    open_mode: Option<u32>,
}

impl Secrets {
    /// Reads `NAME=value` lines; empty values are "not given yet". A missing file is empty.
    ///
    /// # Errors
    /// An unreadable file, or a line that is no assignment (by number, never by content).
    pub fn load(path: &Path) -> Result<Secrets> {
        let place = path.display().to_string();
        let text = match files::read_text(path, LARGEST) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Secrets {
                    place,
                    ..Secrets::default()
                });
            }
            Err(error) => {
                return Err(Error::usage(format!("cannot read `{place}`: {}", why(&error)))
                    .hint("make it a text file that only you can read"));
            }
        };
        let mut values = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let at = format!("{place}, line {}", index + 1);
            match assignment(line) {
                Some((name, value)) if !value.is_empty() => {
                    let secret = Secret::new(name, value).map_err(|error| error.context(&at))?;
                    values.insert(name.to_owned(), secret);
                }
                None if !is_comment(line) => {
                    return Err(Error::usage(format!("{at}: not NAME=value"))
                        .hint("write one `NAME=value` a line, without quotes"));
                }
                _ => {}
            }
        }
        let mode = fs::metadata(path).map_or(0, |data| data.permissions().mode() & 0o777);
        Ok(Secrets {
            values,
            text: Some(text),
            place,
            open_mode: (mode & 0o077 != 0).then_some(mode),
        })
    }

    /// Permissions of the file, where it is for others than its owner too.
    pub fn open_mode(&self) -> Option<u32> {
        self.open_mode
    }

    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.values.get(name)
    }

    pub fn set(&mut self, name: &str, secret: Secret) {
        self.values.insert(name.to_owned(), secret);
    }

    /// Names that have a line, with a value or without, in the file's order.
    pub fn names(&self) -> Vec<&str> {
        let lines = self
            .text
            .as_deref()
            .map(|text| text.as_str())
            .unwrap_or_default()
            .lines();
        lines.filter_map(assignment).map(|(name, _)| name).collect()
    }

    /// Takes `name` from another name of it in the file, or else from the environment; says under which name it
    /// was found there.
    ///
    /// # Errors
    /// A value that is set and has the wrong form.
    pub fn fill(
        &mut self,
        name: &str,
        accepted: &[String],
        form: &SecretForm,
        lookup: Lookup,
    ) -> Result<Option<String>> {
        let in_file = std::iter::once(name).chain(accepted.iter().map(String::as_str));
        if let Some((found, secret)) = in_file
            .filter_map(|other| Some((other, self.values.get(other)?)))
            .next()
        {
            secret.check(found, form, &self.place)?;
            let secret = secret.clone();
            self.set(name, secret);
            return Ok(None);
        }
        for variable in accepted {
            if let Some(value) = lookup(variable).map(Zeroizing::new) {
                let secret = Secret::new(variable, &value)?;
                secret.check(variable, form, "the environment")?;
                self.set(name, secret);
                return Ok(Some(variable.clone()));
            }
        }
        Ok(None)
    }

    /// The file's text: every line it had, with the values of today, then the wanted names that it lacked.
    pub fn to_text(&self, header: &str, wanted: &[&str]) -> Zeroizing<String> {
        let mut lines = Zeroizing::new(String::new());
        let assign = |text: &mut String, name: &str| {
            text.push_str(name);
            text.push('=');
            text.push_str(self.values.get(name).map(Secret::expose).unwrap_or_default());
            text.push('\n');
        };
        let before = match &self.text {
            Some(text) => text.as_str(),
            None => header,
        };
        let mut there = Vec::new();
        for line in before.lines() {
            match assignment(line) {
                // Of a name that is there twice, every reader takes the last.
                Some((name, _)) if there.contains(&name) => {}
                Some((name, _)) => {
                    assign(&mut lines, name);
                    there.push(name);
                }
                None => {
                    lines.push_str(line);
                    lines.push('\n');
                }
            }
        }
        let added = self
            .values
            .keys()
            .map(String::as_str)
            .filter(|name| !wanted.contains(name));
        for name in wanted.iter().copied().chain(added).filter(|name| !there.contains(name)) {
            assign(&mut lines, name);
        }
        lines
    }
}

/// Name and value, without blanks around them; `None` for every other line.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=').filter(|_| !is_comment(line))?;
    Some((name.trim(), value.trim()))
}

fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}
