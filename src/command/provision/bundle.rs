//! Finds the bundle that a verb is for.

use std::path::{Path, PathBuf};

use crate::command::DEFAULT_FOLDER;
use crate::error::{Error, Result};
use crate::files;
use crate::files::folders_under;
use crate::layout::{LOCK_FILE, SPEC_FILE};

/// The folder named, the current one, or the only one under `./codewhale-deploy`.
///
/// # Errors
/// No bundle there, or more than one.
pub(in crate::command) fn find(named: Option<&Path>) -> Result<PathBuf> {
    let is_bundle = |folder: &Path| {
        [LOCK_FILE, SPEC_FILE]
            .iter()
            .any(|name| files::is_file(&folder.join(name)))
    };
    if let Some(named) = named {
        if is_bundle(named) {
            return Ok(named.to_owned());
        }
        return Err(Error::usage(format!("`{}` holds no bundle", named.display()))
            .hint(format!("generate one: `remote-setup --out {}`", named.display())));
    }
    if is_bundle(Path::new(".")) {
        return Ok(PathBuf::from("."));
    }
    let found: Vec<PathBuf> = folders_under(Path::new(DEFAULT_FOLDER))
        .into_iter()
        .filter(|folder| is_bundle(folder))
        .collect();
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Error::usage(format!("no bundle here, and none under ./{DEFAULT_FOLDER}"))
            .hint("generate one with `remote-setup`, or name its folder")),
        several => {
            let names: Vec<String> = several.iter().map(|folder| folder.display().to_string()).collect();
            Err(Error::usage(format!("several bundles: {}", names.join(", ")))
                .hint(format!("name one: `{}`", names[0])))
        }
    }
}
