//! What a failure means and what to do about it.

use super::messages::Diagnostic;
use crate::error::{Error, Kind};
use crate::registry::provisioning::KnownFailure;

/// The known failure that the engine's errors tell of, if any.
pub fn known(
    failures: &'static [KnownFailure],
    diagnostics: &[Diagnostic],
    plain: &[String],
) -> Option<&'static KnownFailure> {
    let said = |needle: &str| {
        diagnostics.iter().any(|diagnostic| {
            [&diagnostic.summary, &diagnostic.detail, &diagnostic.address]
                .iter()
                .any(|text| text.contains(needle))
        }) || plain.iter().any(|line| line.contains(needle))
    };
    failures
        .iter()
        .find(|failure| failure.needles.iter().any(|needle| said(needle)))
}

/// The engine's own words, whole, with the cause in front where it is known.
pub fn explain(what: &str, failure: Option<&KnownFailure>, diagnostics: &[Diagnostic], plain: &[String]) -> Error {
    let mut text = match failure {
        Some(failure) => format!("{what}: {}", failure.cause),
        None => what.to_owned(),
    };
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity == "error") {
        text.push_str(&format!("\n  {}", diagnostic.summary));
        if !diagnostic.address.is_empty() {
            text.push_str(&format!(" ({})", diagnostic.address));
        }
        for line in diagnostic.detail.lines() {
            text.push_str(&format!("\n    {line}"));
        }
    }
    if diagnostics.is_empty() {
        for line in plain.iter().rev().take(20).rev() {
            text.push_str(&format!("\n  {line}"));
        }
    }
    let error = Error::new(Kind::Failed, text);
    match failure {
        Some(failure) => error.hint(failure.hint),
        None => error,
    }
}
