//! Who may log in: with which key, and from where.

use super::asking::Asking;
use super::frame::{Frame, Style};
use super::terminal::Terminal;
use super::text::Text;
use super::{Reply, confirm};
use crate::error::{Error, Result};
use crate::inputs::Spec;
use crate::tables::words;

pub(super) fn ssh_public_key(asking: &Asking) -> Result<Reply<Spec>> {
    let asked = Text {
        question: asking.question(),
        default: asking
            .before
            .ssh_public_key
            .as_deref()
            .unwrap_or("~/.ssh/id_ed25519.pub"),
        help: asking.help(),
        ..Text::default()
    };
    asking.typed(&asked, &|key| asking.answer.layer(key))
}

/// Asks whether the public address may be looked up, since others see who asks; then for the list.
pub(super) fn allow_ssh_from(asking: &Asking) -> Result<Reply<Spec>> {
    loop {
        let services = asking.support.address_services.join(", ");
        let wanted = confirm(
            asking.lang,
            asking.say(words(
                "Look up your public address, so that only you can reach SSH?",
                "要查询你的公网地址，只允许它连接 SSH 吗？",
            )),
            &words("asks {}, which will see your address", "会访问 {}，它们会看到你的地址")
                .with(asking.lang, &[&services]),
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
    let asks = words("asking {} (up to 6 seconds)", "正在询问 {}（最多 6 秒）");
    waiting.paragraph(Style::Quiet, &asks.with(asking.lang, &[&services]));
    Terminal::open()?.leave(&waiting)?;
    let entry = format!("{}/32", (asking.support.public_address)()?);
    asking.accepts(asking.answer.layer(&entry)?)?;
    Ok(entry)
}

fn said(asking: &Asking, error: &Error) -> String {
    let lines = std::iter::once(error.message()).chain(error.hints().iter().map(String::as_str));
    lines.map(|line| asking.translated(line)).collect::<Vec<_>>().join("\n")
}

fn list(asking: &Asking, offered: Option<String>, problem: Option<&str>) -> Result<Reply<Spec>> {
    let before = asking.before.allow_ssh_from.as_deref().map(|entries| match entries {
        [] => "none".to_owned(),
        entries => entries.join(", "),
    });
    let asked = Text {
        question: asking.question(),
        default: &offered.or(before).unwrap_or_default(),
        help: asking.help(),
        problem,
        ..Text::default()
    };
    asking.typed(&asked, &|typed| match typed {
        "" => Err(Error::usage("give a CIDR, or `none`")),
        _ => asking.answer.layer(typed),
    })
}
