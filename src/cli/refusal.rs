//! A command line that cannot be read, in our words.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::Error;
use crate::text::shown;

/// What is wrong with the command line, and what to type instead.
pub fn refused(error: &clap::Error) -> Error {
    let given = |kind: ContextKind| texts(error.get(kind));
    let first = |kind: ContextKind| given(kind).into_iter().next().unwrap_or_default();
    let flag = bare(&first(ContextKind::InvalidArg));
    let value = first(ContextKind::InvalidValue);
    let allowed = given(ContextKind::ValidValue).join(", ");
    let what = match error.kind() {
        ErrorKind::UnknownArgument if flag.starts_with('-') => format!("unknown option `{flag}`"),
        ErrorKind::UnknownArgument => format!("`{flag}` is one argument too many"),
        ErrorKind::InvalidSubcommand => format!("`{}` is not a verb", shown(&first(ContextKind::InvalidSubcommand))),
        ErrorKind::InvalidValue if value.is_empty() && allowed.is_empty() => format!("`{flag}` needs a value"),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{flag}` needs a value; allowed: {allowed}"),
        ErrorKind::InvalidValue if allowed.is_empty() => format!("`{flag}` does not take `{}`", shown(&value)),
        ErrorKind::InvalidValue => format!("`{flag}`: `{}` is not accepted; allowed: {allowed}", shown(&value)),
        ErrorKind::ValueValidation => format!("`{flag}` does not take `{}`", shown(&value)),
        ErrorKind::TooManyValues => format!("`{flag}` takes no value, and got `{}`", shown(&value)),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("`{flag}` needs a value"),
        ErrorKind::NoEquals => format!("`{flag}` needs its value behind a `=`"),
        ErrorKind::ArgumentConflict => {
            conflict(&given(ContextKind::PriorArg), &flag, &first(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => {
            let missing: Vec<String> = given(ContextKind::InvalidArg)
                .iter()
                .map(|arg| format!("`{}`", bare(arg)))
                .collect();
            format!("{} is missing", missing.join(" and "))
        }
        ErrorKind::InvalidUtf8 => "a part of the command line is not text in UTF-8".to_owned(),
        _ => "the command line cannot be read".to_owned(),
    };
    Error::usage(what).hint(hint(error))
}

fn conflict(others: &[String], flag: &str, verb: &str) -> String {
    let others: Vec<String> = others.iter().map(|arg| format!("`{}`", bare(arg))).collect();
    match (verb, others.as_slice()) {
        ("", []) => format!("`{flag}` is given twice; once is allowed"),
        ("", [other]) if *other == format!("`{flag}`") => format!("`{flag}` is given twice; once is allowed"),
        ("", others) => format!("`{flag}` cannot be used with {}", others.join(" and ")),
        (verb, _) => format!("options before `{verb}` cannot be used with it"),
    }
}

/// The nearest right thing, or where to look.
fn hint(error: &clap::Error) -> String {
    let near = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let near = near
        .into_iter()
        .find_map(|kind| texts(error.get(kind)).into_iter().next());
    match (near, error.kind()) {
        (Some(near), _) => format!("did you mean `{}`?", bare(&near)),
        (None, ErrorKind::ArgumentConflict) => "leave one of them out".to_owned(),
        (None, ErrorKind::InvalidSubcommand) => "see the verbs with `remote-setup --help`".to_owned(),
        (None, _) => "see `--help` for what is accepted".to_owned(),
    }
}

/// `--cloud` out of `--cloud <CLOUD>`, `FILE` out of `<FILE>...`.
fn bare(arg: &str) -> String {
    let name = arg.split([' ', '=']).next().unwrap_or(arg);
    shown(name.trim_end_matches("...").trim_matches(['<', '>', '[', ']']))
}

fn texts(value: Option<&ContextValue>) -> Vec<String> {
    match value {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}
