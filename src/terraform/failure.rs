//! What a failure means and what to do about it.

use crate::clouds::Failure;
use crate::error::{Error, Kind};
use crate::tables::words;
use crate::terraform::messages::Diagnostic;

/// Failures of Terraform itself, on any cloud.
const OWN: &[Failure] = &[Failure {
    needles: &["Error acquiring the state lock"],
    cause: words("another run holds the state lock", "另一次运行锁住了状态"),
    remedy: words(
        "wait for it to end; if none is running, `{terraform} force-unlock ID` with the ID above",
        "请等它结束；如果没有别的运行，请用上面的 ID 运行 `{terraform} force-unlock ID`",
    ),
    ..Failure::PLAIN
}];

/// The known failures that match the engine's errors, most specific first.
pub fn known<'a>(
    failures: &'static [Failure],
    diagnostics: &'a [Diagnostic],
    plain: &'a [String],
) -> impl Iterator<Item = &'static Failure> + 'a {
    let all = failures.iter().chain(OWN);
    all.filter(|failure| says(failure.needles, diagnostics, plain))
}

/// Addresses that the remedy removes from the state, as the state has them.
pub fn forgettable(failure: &Failure, state: Vec<String>) -> Vec<String> {
    let is_meant = |address: &String| {
        let name = address.split_once('[').map_or(address.as_str(), |(name, _)| name);
        failure.forget.contains(&name)
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

/// The engine's own words in full, with the cause before them and the remedy after, where known.
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
