//! `--spec`: the answers in a YAML file, and what an earlier run left in a bundle's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::{Error, Result, why};
use crate::files;
use crate::inputs::origin::Origin;
use crate::inputs::{Spec, ssh_key, yaml};

/// Specs are pages, not books.
const LONGEST: u64 = 1 << 20;

/// Reads a spec a person named.
///
/// # Errors
/// An unreadable file, unknown keys, and a public key that is not accepted, with file and line.
pub fn load(path: &Path) -> Result<Spec> {
    let text = files::read_text(path, LONGEST).map_err(|error| {
        Error::usage(format!("cannot read `{}`: {}", path.display(), why(&error)))
            .hint("name a file such as the deployment.yaml of a bundle")
    })?;
    let spec: Spec = yaml::parse(&text, path)?;
    let mut spec = spec.given_by(&Origin::file(path, &text));
    if let Some(key) = &spec.ssh_public_key {
        let read = ssh_key::text_or_file(key).map_err(|error| error.about("ssh_public_key", "", key));
        spec.ssh_public_key = Some(read.map_err(|error| spec.origins.placed(error))?);
    }
    Ok(spec)
}

/// What an earlier run made up (id, owner tag), so that global names and tags stay the same; and what it was pinned to,
/// which nobody should lose by leaving it out.
pub fn made_up_before(own_spec: &Path) -> Spec {
    let Some(old) = files::read_text(own_spec, LONGEST)
        .ok()
        .and_then(|text| yaml::parse::<Spec>(&text, own_spec).ok())
    else {
        return Spec::default();
    };
    let owner = old.tags.and_then(|mut tags| tags.remove_entry("owner"));
    Spec {
        id: old.id,
        pins: old.pins,
        tags: owner.map(|entry| BTreeMap::from([entry])),
        ..Spec::default()
    }
}

/// Whether two paths name one file.
pub fn is_same(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
