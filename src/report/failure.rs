//! Errors for programs: one object on stdout, whatever went wrong.

use serde::Serialize;

use super::{SCHEMA_VERSION, error_text, json};
use crate::error::Error;

/// An error, as every JSON object has it under `error`.
#[derive(Serialize)]
struct ErrorBody<'a> {
    kind: &'static str,
    message: &'a str,
    hints: &'a [String],
    exit_code: u8,
}

/// The object when there is only the error to report.
#[derive(Serialize)]
struct ErrorObject<'a> {
    schema_version: u32,
    error: ErrorBody<'a>,
}

/// The object of a verb, with the error that ended it.
#[derive(Serialize)]
struct Ending<'a, T> {
    #[serde(flatten)]
    object: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorBody<'a>>,
}

impl<'a> From<&'a Error> for ErrorBody<'a> {
    fn from(error: &'a Error) -> Self {
        ErrorBody {
            kind: error.kind().word(),
            message: error.message(),
            hints: error.hints(),
            exit_code: error.kind().exit_code(),
        }
    }
}

/// Prints `Error:` and its hints for the person, and the object for a program that asked for one.
pub fn error(error: &Error, as_json: bool) {
    error_text(error);
    if as_json && !error.is_printed() {
        // With stdout closed, there is nowhere to report it.
        let _ = json(&ErrorObject {
            schema_version: SCHEMA_VERSION,
            error: error.into(),
        });
    }
}

/// Prints the one object of a verb, with its error if any, and returns the result.
///
/// # Errors
/// The given error, and a stdout that cannot be written to.
pub fn ending(object: &impl Serialize, ended: Result<(), Error>) -> Result<(), Error> {
    let error = ended.as_ref().err().map(ErrorBody::from);
    json(&Ending { object, error })?;
    ended.map_err(Error::printed)
}
