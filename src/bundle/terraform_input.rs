//! Finds the files in a folder that Terraform would read by itself.
//!
//! Source: https://developer.hashicorp.com/terraform/language/files and
//! https://opentofu.org/docs/language/files

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;

use crate::error::Result;
use crate::render::RenderedFile;

const ENDINGS: &[&str] = &[".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json"];

/// Settings of Terraform's command line.
const NAMES: &[&str] = &[".terraformrc", "terraform.rc"];

/// Names, relative to the bundle, of all such files in its folders with configuration.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn in_folders(directory: &Path, files: &[RenderedFile]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in folders(files) {
        let path = directory.join(folder);
        let Ok(entries) = fs::read_dir(&path) else {
            // A missing folder means missing generated files, which are reported elsewhere.
            continue;
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read `{}`", path.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_read(&name) {
                found.push(match folder {
                    "" => name,
                    folder => format!("{folder}/{name}"),
                });
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_read(name: &str) -> bool {
    NAMES.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The folders with generated configuration: the root and the module.
fn folders(files: &[RenderedFile]) -> BTreeSet<&str> {
    files
        .iter()
        .filter(|file| file.path.ends_with(".tf"))
        .map(|file| file.path.rsplit_once('/').map_or("", |(folder, _)| folder))
        .collect()
}
