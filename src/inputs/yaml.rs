//! YAML files people write: errors name the file, the line, the key and the nearest known key.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::registry::{nearest, shown};

/// Reads a YAML mapping into `T`, which must deny unknown fields.
///
/// # Errors
/// Unknown keys, wrong types and broken syntax, with line and hint.
pub fn parse<T: DeserializeOwned + Default>(text: &str, path: &Path) -> Result<T> {
    let only_comments = text
        .lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#') || line == "---");
    if only_comments {
        return Ok(T::default());
    }
    serde_yaml::from_str(text).map_err(|error| explain(error.without_snippet(), path))
}

fn explain(error: &serde_yaml::Error, path: &Path) -> Error {
    let at = match error.location() {
        Some(location) => format!("{}, line {}", path.display(), location.line()),
        None => path.display().to_string(),
    };
    match error {
        serde_yaml::Error::SerdeUnknownField { field, expected, .. } => {
            let known = Error::usage(format!("{at}: unknown key `{}`; allowed: {}", shown(field), expected.join(", ")));
            match nearest(field, expected.iter().copied()) {
                Some(near) => known.hint(format!("did you mean `{near}`?")),
                None => known.hint("remove the key"),
            }
        }
        other => {
            let text = other.render();
            let message = text.lines().next().unwrap_or("not readable").trim();
            Error::usage(format!("{at}: {message}"))
                .hint("correct that line; `deployment.yaml` of any example shows the form")
        }
    }
}
