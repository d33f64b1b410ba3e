//! Who may log in: with which key, and from where.

use super::asking::Asking;
use super::frame::{Frame, Style};
use super::terminal::Terminal;
use super::text::{Text, text};
use super::{Reply, confirm};
use crate::error::{Error, Result};
use crate::inputs::{Spec, ssh_key, syntax};

pub(super) fn ssh_public_key(asking: &Asking) -> Result<Reply<Spec>> {
    let asked = Text {
        question: &asking.say("SSH public key (text, or a file)"),
        default: asking.before.ssh_public_key.as_deref().unwrap_or("~/.ssh/id_ed25519.pub"),
        help: &asking.say(
            "the key you log in to the machine with. No key yet? Make one in another terminal: `ssh-keygen -t ed25519`, then press Enter here",
        ),
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|key| ssh_key::text_or_file(key).map(drop))?;
    Ok(match reply {
        Reply::Back => Reply::Back,
        Reply::Given(key) => Reply::Given(Spec {
            ssh_public_key: Some(ssh_key::text_or_file(&key)?),
            ..Spec::default()
        }),
    })
}

/// Asks whether the public address may be looked up, since others see who asks; then for the list.
pub(super) fn allow_ssh_from(asking: &Asking) -> Result<Reply<Spec>> {
    loop {
        let services = asking.support.address_services.join(", ");
        let wanted = confirm(
            asking.lang,
            &asking.say("Look up your public address, to let only you reach SSH?"),
            &asking.say(&format!("asks {services} over the network, which then see your address")),
            false,
        )?;
        let Reply::Given(wanted) = wanted else {
            return Ok(Reply::Back);
        };
        let (offered, problem) = match wanted.then(|| found(asking)) {
            Some(Ok(address)) => (Some(address), None),
            Some(Err(error)) => (None, Some(said(asking, &error))),
            None => (None, None),
        };
        if let Reply::Given(answer) = list(asking, offered, problem.as_deref())? {
            return Ok(Reply::Given(answer));
        }
    }
}

/// The address as an entry of the list, if the list would take it.
fn found(asking: &Asking) -> Result<String> {
    let mut waiting = Frame::default();
    let services = asking.support.address_services.join(", ");
    waiting.paragraph(Style::Quiet, &asking.say(&format!("asking {services}, for 6 seconds at most")));
    Terminal::open()?.leave(&waiting)?;
    let entry = format!("{}/32", (asking.support.public_address)()?);
    asking.accepts("allow_ssh_from", layer(&entry))?;
    Ok(entry)
}

fn said(asking: &Asking, error: &Error) -> String {
    let lines = std::iter::once(error.message()).chain(error.hints().iter().map(String::as_str));
    lines.map(|line| asking.say(line)).collect::<Vec<_>>().join("\n")
}

fn list(asking: &Asking, offered: Option<String>, problem: Option<&str>) -> Result<Reply<Spec>> {
    let before = asking.before.allow_ssh_from.as_deref().map(|entries| match entries {
        [] => "none".to_owned(),
        entries => entries.join(", "),
    });
    let asked = Text {
        question: &asking.say("Who may reach SSH?"),
        default: &offered.or(before).unwrap_or_default(),
        help: &asking.say(
            "your public address as a CIDR such as `203.0.113.7/32`, several with commas between them, or `none`: no SSH at all",
        ),
        problem,
        ..Text::default()
    };
    let check = |typed: &str| match typed {
        "" => Err(Error::usage("give a CIDR, or `none`")),
        _ => asking.accepts("allow_ssh_from", layer(typed)),
    };
    Ok(match text(asking.lang, &asked, &check)? {
        Reply::Given(typed) => Reply::Given(layer(&typed)),
        Reply::Back => Reply::Back,
    })
}

fn layer(typed: &str) -> Spec {
    Spec {
        allow_ssh_from: Some(syntax::cidr_list(&[typed.to_owned()])),
        ..Spec::default()
    }
}
