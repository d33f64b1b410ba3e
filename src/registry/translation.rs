//! Simplified Chinese for the texts of the tables that the runbook shows.
//!
//! Keyed by the English, which stays where it is used. Names, code and addresses need no entry; a
//! test finds every other text without one, and every entry without a text.

use std::borrow::Cow;

mod azure;
mod common;
mod lighthouse;

/// The Chinese of a text of the tables.
pub fn chinese(english: &str) -> Option<Cow<'static, str>> {
    let exact = entries().find(|(text, _)| *text == english);
    exact
        .map(|(_, chinese)| Cow::Borrowed(*chinese))
        .or_else(|| composed(english))
}

/// For names: those without an entry are the same in both languages.
pub fn chinese_or_same(english: &'static str) -> Cow<'static, str> {
    chinese(english).unwrap_or(Cow::Borrowed(english))
}

/// Every translation, English first. `{}` stands for a name or an address.
pub fn entries() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let tables = [
        common::NAMES,
        common::SECRETS,
        common::BRIDGES,
        common::BROKER,
        common::MODELS,
        common::DOWNLOADS,
        azure::AZURE,
        lighthouse::LIGHTHOUSE,
    ];
    tables.into_iter().flatten()
}

/// A text made from a name: `DeepSeek API key` from `{} API key`.
fn composed(english: &str) -> Option<Cow<'static, str>> {
    entries().find_map(|(pattern, chinese)| {
        let (before, after) = pattern.split_once("{}")?;
        let name = english.strip_prefix(before)?.strip_suffix(after)?;
        let name = common::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(name, |(_, own)| own);
        // No space stands between Chinese words.
        let spaced = name.ends_with(|c: char| c.is_ascii());
        let chinese = if spaced { (*chinese).to_owned() } else { chinese.replace("{} ", "{}") };
        Some(Cow::Owned(chinese.replace("{}", name)))
    })
}
