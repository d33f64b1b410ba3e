//! Simplified Chinese for messages that are not in a row of the tables.
//!
//! Keyed by the English text at the place of use. Names, code and addresses need no entry.

use std::borrow::Cow;

use super::Lang;

mod wizard;

/// A text in the language of the questions. Names, values and addresses stay as they are.
pub fn say(lang: Lang, english: &str) -> Cow<'_, str> {
    match lang {
        Lang::En => Cow::Borrowed(english),
        Lang::ZhCn => spoken(english).map_or(Cow::Borrowed(english), Cow::Owned),
    }
}

/// Every translation, English first. Each `{}` stands for a value.
pub fn spoken_entries() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let tables = [wizard::SETTINGS, wizard::CHECKS];
    tables.into_iter().flatten()
}

/// The Chinese of a text.
fn spoken(english: &str) -> Option<String> {
    let exact = spoken_entries().find(|(text, _)| *text == english);
    exact
        .map(|(_, chinese)| (*chinese).to_owned())
        .or_else(|| counted(english))
        .or_else(|| spoken_entries().find_map(|(pattern, chinese)| filled(pattern, chinese, english)))
}

/// A counted noun: `1 file`, `2 files`.
fn counted(english: &str) -> Option<String> {
    let (number, noun) = english.split_once(' ')?;
    let noun = noun.strip_suffix('s').unwrap_or(noun);
    let (_, chinese) = wizard::COUNTED.iter().find(|(known, _)| *known == noun)?;
    let is_number = number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!("{number} {chinese}"))
}

/// The Chinese text with the values that the English one has for each `{}`, in the same order.
fn filled(pattern: &str, chinese: &str, english: &str) -> Option<String> {
    let (first, rest) = pattern.split_once("{}")?;
    let mut english = english.strip_prefix(first)?;
    let mut values = Vec::new();
    let mut pieces = rest.split("{}").peekable();
    while let Some(piece) = pieces.next() {
        let at = match pieces.peek() {
            Some(_) => english.find(piece)?,
            None => english.strip_suffix(piece)?.len(),
        };
        values.push(&english[..at]);
        english = &english[at + piece.len()..];
    }
    let mut pieces = chinese.split("{}");
    let mut text = pieces.next()?.to_owned();
    for (piece, value) in pieces.zip(values) {
        let value = spoken(value).unwrap_or_else(|| value.to_owned());
        // Chinese words have no space between them.
        let is_chinese = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
        if is_chinese(value.chars().next()) {
            text.truncate(text.trim_end().len());
        }
        text.push_str(&value);
        text.push_str(if is_chinese(value.chars().last()) { piece.trim_start() } else { piece });
    }
    Some(text)
}
