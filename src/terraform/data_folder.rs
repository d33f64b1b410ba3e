//! The engine's data folder of each bundle: in the operator's cache, never in the bundle.
//!
//! A bundle from elsewhere may bring a `.terraform` of its own, whose programs Terraform would start if the lock file
//! lists their hashes, and whose settings may point to another state.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::error::{Error, Kind, Result};
use crate::process::environment::Environment;
use crate::render::sha256;

/// Terraform's and OpenTofu's name for it.
const VARIABLE: &str = "TF_DATA_DIR";

/// Makes the folder of one bundle, and has the engine use it.
///
/// # Errors
/// No folder to keep it in, or one that cannot be written.
pub fn use_for(directory: &Path, id: &str, environment: &mut Environment) -> Result<()> {
    let below = |name: &str, path: &str| {
        let home = environment.get(name).map(Path::new).filter(|home| home.is_absolute())?;
        Some(home.join(path))
    };
    let cache = below("XDG_CACHE_HOME", "remote-setup").or_else(|| below("HOME", ".cache/remote-setup"));
    let cache = cache.ok_or_else(|| {
        Error::new(Kind::Failed, "the engine has no data folder: neither HOME nor XDG_CACHE_HOME is set")
            .hint("set HOME to your home folder")
    })?;
    let key = sha256(format!("{}\n{id}", directory.display()).as_bytes());
    let folder = cache.join("terraform").join(&key[..16]);
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .with_context(|| format!("cannot create `{}`", folder.display()))?;
    environment.set(VARIABLE, &folder.to_string_lossy());
    Ok(())
}

/// The engine's folder of a bundle.
pub fn of(directory: &Path, environment: &Environment) -> PathBuf {
    match environment.get(VARIABLE) {
        Some(folder) => PathBuf::from(folder),
        None => directory.join(".terraform"),
    }
}

/// The variable that an engine command typed by hand needs to find it.
pub fn assignment(environment: &Environment) -> Option<(&'static str, &str)> {
    Some((VARIABLE, environment.get(VARIABLE)?))
}
