//! How a value that is not accepted is named.

use crate::error::{Error, Result};
use crate::inputs::answers::{self, Answer};
use crate::text::shown;

pub(super) fn missing(key: &str) -> Error {
    Error::usage(format!("`{key}` is missing")).hint(format!("add `{key}` to the spec"))
}

pub(super) fn required<'a>(value: Option<&'a str>, key: &str) -> Result<&'a str> {
    value.ok_or_else(|| missing(key))
}

pub(super) fn named(key: &str) -> String {
    answers::find_by_key(key).map_or_else(|| format!("`{key}`"), Answer::name)
}

pub(super) fn check<T>(value: &str, key: &str, parse: impl Fn(&str) -> Result<T>) -> Result<T> {
    parse(value).map_err(|error| error.about(key, &named(key), value))
}

pub(super) fn refused(key: &str, value: &str, why: impl std::fmt::Display) -> Error {
    Error::usage(format!("`{}` {why}", shown(value))).about(key, &named(key), value)
}
