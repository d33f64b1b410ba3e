//! YAML files people write: errors name the file, the line, the key and the nearest known key, in our own words.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_yaml::Error as Broken;

use crate::error::{Error, Result};
use crate::inputs::answers::{self, LIST, NAMES, TEXT, WrittenForm};
use crate::text::nearest;
use crate::text::shown;

/// Reads a YAML mapping into `T`, which must deny unknown fields.
///
/// # Errors
/// Unknown keys, wrong types and broken syntax, with line and hint.
pub fn parse<T: DeserializeOwned + Default>(text: &str, path: &Path) -> Result<T> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let only_comments = text
        .lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#') || line == "---");
    if only_comments {
        return Ok(T::default());
    }
    serde_yaml::from_str(text).map_err(|error| explain(error.without_snippet(), text, path))
}

/// The line, from 1, on which a top-level key has a value: the value's own in a list or map.
pub fn line_of(text: &str, key: &str, value: &str) -> Option<usize> {
    let top = key.split('.').next().unwrap_or(key);
    let begins = |(_, line): &(usize, &str)| key_of(line) == Some(top) && !line.starts_with(char::is_whitespace);
    let (first, _) = text.lines().enumerate().find(begins)?;
    let block = |line: &&str| line.is_empty() || line.starts_with([' ', '-', '#', '\t', '}', ']']);
    let deeper = text.lines().skip(first + 1).take_while(block);
    let lines: Vec<&str> = text.lines().skip(first).take(1).chain(deeper).collect();
    let exact = lines.iter().position(|line| stands_alone(line, value));
    let offset = exact.or_else(|| lines.iter().position(|line| !value.is_empty() && line.contains(value)));
    Some(first + 1 + offset.unwrap_or(0))
}

/// Whether a value is the item, the name or the value of a line, and no part of a longer one.
fn stands_alone(line: &str, value: &str) -> bool {
    let bare = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    let item = line.trim().trim_start_matches("- ");
    let behind = line.split_once(':').map(|(_, value)| bare(value));
    bare(item) == value || key_of(line) == Some(value) || behind.as_deref() == Some(value)
}

/// The key that a line begins with.
fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim().trim_matches(['"', '\'']);
    let is_key = key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) && !key.starts_with('-');
    (is_key && !key.is_empty() && (rest.is_empty() || rest.starts_with(char::is_whitespace))).then_some(key)
}

/// What stands behind a key, and how it is written there.
fn form(key: &str) -> (String, &'static str) {
    let parts = |answer: &answers::Answer| answer.key.split_once('.').is_some_and(|(whole, _)| whole == key);
    let of = |form: WrittenForm| (form.what.to_owned(), form.written);
    match key {
        // Inside of an MCP server, and in the preferences.
        "args" => of(LIST),
        "env" | "models" => of(NAMES),
        _ if answers::all().any(parts) => of(NAMES),
        _ => answers::find_by_key(key).map_or_else(|| of(TEXT), answers::Answer::form),
    }
}

fn explain(error: &Broken, text: &str, path: &Path) -> Error {
    let error = innermost(error);
    let line = error
        .location()
        .and_then(|location| usize::try_from(location.line()).ok());
    let at = match line {
        Some(line) => format!("{}, line {line}", path.display()),
        None => path.display().to_string(),
    };
    let refused = |what: String| Error::usage(format!("{at}: {what}"));
    let within = |hint: &str| match line {
        Some(line) => format!("correct line {line} of {}: {hint}", path.display()),
        None => format!("correct {}: {hint}", path.display()),
    };
    let written = line.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
    match error {
        Broken::SerdeUnknownField { field, expected, .. } => {
            let error = refused(format!("unknown key `{}`; allowed: {}", shown(field), expected.join(", ")));
            match nearest(field, expected.iter().copied()) {
                Some(near) => error.hint(within(&format!("did you mean `{near}`?"))),
                None => error.hint(within("remove the key")),
            }
        }
        Broken::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().map(shown).unwrap_or_default();
            refused(format!("the key `{key}` appears twice")).hint(within("keep one of the two"))
        }
        Broken::MultipleDocuments { .. } => refused("the file holds more than one document; one is allowed".to_owned())
            .hint(format!("keep one of them in {}, and remove the `---` between them", path.display())),
        Broken::UnknownAnchor { .. } => {
            refused("an alias (`*name`) without an anchor: no `&name` comes before it".to_owned())
                .hint(within("write the value itself"))
        }
        Broken::Budget { .. }
        | Broken::AliasReplayLimitExceeded { .. }
        | Broken::AliasExpansionLimitExceeded { .. }
        | Broken::AliasReplayStackDepthExceeded { .. } => {
            refused("it is nested too deeply or repeats too much".to_owned())
                .hint(format!("write the values out in {}", path.display()))
        }
        error if is_about_a_value(error) => match wrong_value(text, line) {
            Some((key, value)) => {
                let (what, written) = form(key);
                let error = match value {
                    "" => refused(format!("`{key}` is not {what}")),
                    value => refused(format!("`{key}`: `{}` is not {what}", shown(value))),
                };
                error.hint(within(written))
            }
            None => refused("this is not a list of answers; allowed: one `key: value` a line".to_owned())
                .hint(within("write it like the `deployment.yaml` of any bundle")),
        },
        _ if written.starts_with('\t') || written.trim_start_matches(' ').starts_with('\t') => {
            refused("this line is indented with a tab; YAML allows only spaces".to_owned())
                .hint(within("replace the tab with spaces"))
        }
        _ => refused("this is not valid YAML; allowed: one `key: value` a line".to_owned()).hint(within(
            "close every quote and bracket and indent consistently; the `deployment.yaml` of any bundle shows the form",
        )),
    }
}

/// What happened, without what was put around it.
fn innermost(error: &Broken) -> &Broken {
    match error {
        Broken::AliasError { error, .. } | Broken::WithSnippet { error, .. } => innermost(error),
        other => other,
    }
}

/// The text is YAML, and a value in it has another type than its key takes.
fn is_about_a_value(error: &Broken) -> bool {
    matches!(
        error,
        Broken::SerdeInvalidType { .. }
            | Broken::SerdeInvalidValue { .. }
            | Broken::SerdeInvalidLength { .. }
            | Broken::InvalidScalar { .. }
            | Broken::InvalidBooleanStrict { .. }
            | Broken::NullIntoString { .. }
            | Broken::NonFiniteFloat { .. }
            | Broken::TaggedScalarCannotDeserializeIntoString { .. }
            | Broken::BinaryNotUtf8 { .. }
            | Broken::InvalidBinaryBase64 { .. }
            | Broken::QuotingRequired { .. }
            | Broken::UnsupportedTag { .. }
            | Broken::Unexpected { .. }
            | Broken::UnexpectedValueForUnit { .. }
            | Broken::MergeValueNotMapOrSeqOfMaps { .. }
            | Broken::MergeKeyNotAllowed { .. }
    )
}

/// The key on or above a line, and what is written behind it there.
fn wrong_value(text: &str, line: Option<usize>) -> Option<(&str, &str)> {
    let lines: Vec<&str> = text.lines().take(line?).collect();
    let above = lines.iter().rev().find(|line| key_of(line).is_some())?;
    let value = above.split_once(':').map_or("", |(_, value)| value.trim());
    let own = lines.last() == Some(above);
    let item = lines.last().map_or("", |line| line.trim().trim_start_matches("- "));
    Some((key_of(above)?, if own { value } else { item }))
}
