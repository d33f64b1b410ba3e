//! The questions a person is asked, on stderr. Escape goes back, Ctrl-C ends the run; until the end nothing is written.

mod asking;
mod chat;
mod flow;
mod frame;
mod line;
mod machine;
mod model;
mod network;
mod questions;
mod select;
mod terminal;
mod text;

use std::net::Ipv4Addr;

use crate::error::{Error, Result};
use crate::inputs::{Secret, Spec};
use crate::tables::secret_form::SecretForm;
use crate::tables::translation::say;
use crate::tables::{Lang, words};

pub use flow::{Decision, Wizard};
use text::{Text, stopped, text};

/// An answer, or Escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    Given(T),
    /// The question before is wanted again.
    Back,
}

/// What the questions need from further right.
#[derive(Clone, Copy)]
pub struct Support<'a> {
    /// Whether the answer with this key is accepted, beside the answers so far: what flags are held against too.
    pub accepts: &'a dyn Fn(&Spec, &str) -> Result<()>,
    /// Services that tell a caller its address.
    pub address_services: &'a [&'a str],
    /// The address that all of them see.
    pub public_address: &'a dyn Fn() -> Result<Ipv4Addr>,
}

/// Asks for one secret of this form without showing it; Enter leaves it for later.
///
/// # Errors
/// Interrupted.
pub fn secret(name: &str, label: &str, form: SecretForm) -> Result<Option<Secret>> {
    match hidden(Lang::En, name, label, form)? {
        Reply::Given(secret) => Ok(secret),
        Reply::Back => Err(stopped(Lang::En)),
    }
}

/// The same between questions, so that one can go back.
fn hidden(lang: Lang, name: &str, label: &str, form: SecretForm) -> Result<Reply<Option<Secret>>> {
    let asked = Text {
        question: &format!("{} ({name})", say(lang, label)),
        help: words("press Enter to add it to secrets.env later", "直接回车：以后在 secrets.env 里填写").say(lang),
        masked: true,
        nothing: words("later", "以后填写").say(lang),
        ..Text::default()
    };
    let check = |typed: &str| match typed {
        "" => Ok(()),
        _ => Secret::new(name, typed)?.check(name, &form, "this answer"),
    };
    match text(lang, &asked, &check)? {
        Reply::Back => Ok(Reply::Back),
        Reply::Given(typed) if typed.is_empty() => Ok(Reply::Given(None)),
        Reply::Given(typed) => Secret::new(name, &typed).map(|secret| Reply::Given(Some(secret))),
    }
}

/// Asks yes or no.
fn confirm(lang: Lang, question: &str, help: &str, default: bool) -> Result<Reply<bool>> {
    let yes_or_no = |typed: &str| match typed.to_lowercase().as_str() {
        "y" | "yes" | "是" => Some(true),
        "n" | "no" | "否" => Some(false),
        "" => Some(default),
        _ => None,
    };
    let asked = Text {
        question: &format!("{question} [{}]", if default { "Y/n" } else { "y/N" }),
        help,
        nothing: if default { words("yes", "是") } else { words("no", "否") }.say(lang),
        ..Text::default()
    };
    let check = |typed: &str| match yes_or_no(typed) {
        Some(_) => Ok(()),
        None => Err(Error::usage("type `y` for yes or `n` for no")),
    };
    Ok(match text(lang, &asked, &check)? {
        Reply::Back => Reply::Back,
        Reply::Given(typed) => Reply::Given(yes_or_no(&typed).unwrap_or(default)),
    })
}
