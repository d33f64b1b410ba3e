//! What a failure means and what to do about it.

use crate::clouds::provisioning::KnownFailure;
use crate::clouds::provisioning::Stale;
use crate::error::{Error, Kind};
use crate::terraform::messages::Diagnostic;

/// The known failure that the engine's errors tell of, if any.
pub fn known(
    failures: &'static [KnownFailure],
    diagnostics: &[Diagnostic],
    plain: &[String],
) -> Option<&'static KnownFailure> {
    failures
        .iter()
        .find(|failure| says(failure.needles, diagnostics, plain))
}

/// What the state should forget, if the engine's errors tell of something like that.
pub fn stale(all: &'static [Stale], diagnostics: &[Diagnostic], plain: &[String]) -> Option<&'static Stale> {
    all.iter().find(|stale| says(stale.needles, diagnostics, plain))
}

/// Its addresses that exist in the state, as they stand there.
pub fn forgettable(stale: &Stale, state: Vec<String>) -> Vec<String> {
    let is_meant = |address: &String| {
        let name = address.split_once('[').map_or(address.as_str(), |(name, _)| name);
        stale.addresses.contains(&name)
    };
    state.into_iter().filter(is_meant).collect()
}

fn says(needles: &[&str], diagnostics: &[Diagnostic], plain: &[String]) -> bool {
    let said = |needle: &str| {
        diagnostics.iter().any(|diagnostic| {
            [&diagnostic.summary, &diagnostic.detail, &diagnostic.address]
                .iter()
                .any(|text| text.contains(needle))
        }) || plain.iter().any(|line| line.contains(needle))
    };
    needles.iter().any(|needle| said(needle))
}

/// The engine's own words, whole, with the cause in front and the way out behind them where they are known.
pub fn explain(what: &str, known: Option<(&str, String)>, diagnostics: &[Diagnostic], plain: &[String]) -> Error {
    let mut text = match &known {
        Some((cause, _)) => format!("{what}: {cause}"),
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
    match known {
        Some((_, hint)) => error.hint(hint),
        None => error,
    }
}
