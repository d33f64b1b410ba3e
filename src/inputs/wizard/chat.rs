//! The chat app, and who may talk to the agent there.

use super::Reply;
use super::asking::{Asking, layered, named, unset_setting, value_of};
use super::select::Choice;
use super::text::{Text, text};
use crate::chats::Chat;
use crate::error::Result;
use crate::inputs::{Spec, syntax};
use crate::tables::Row;

pub(super) fn bridge(asking: &Asking) -> Result<Reply<Spec>> {
    let agent = asking.agent()?;
    let rows = Chat::rows().iter().filter(|row| agent.bridge(row.slug).is_some());
    let values = rows.map(|row| {
        (
            row.slug.to_owned(),
            named(asking, row, row.display_name.en, row.display_name.say(asking.lang)),
        )
    });
    let reply = value_of(
        asking,
        &asking.say("Which chat app will you talk through?"),
        &asking.say("it needs a bot or app of your own there; you will be told how to make one"),
        values.collect(),
        asking.before.bridge.as_deref(),
        Chat::rows()[0].slug,
    )?;
    Ok(layered(reply, |slug| Spec {
        bridge: Some(slug),
        ..Spec::default()
    }))
}

/// The first setting that has no value; the question comes again for the next one.
pub(super) fn bridge_setting(asking: &Asking) -> Result<Reply<Spec>> {
    let Some(setting) = unset_setting(asking.spec) else {
        return Ok(Reply::Given(Spec::default()));
    };
    let values = setting.allowed.iter();
    let values = values.map(|value| ((*value).to_owned(), Choice::new(*value)));
    let before = asking.before.bridge_settings.as_ref();
    let reply = value_of(
        asking,
        setting.label.say(asking.lang),
        "",
        values.collect(),
        before.and_then(|given| given.get(setting.env)).map(String::as_str),
        setting.allowed[0],
    )?;
    Ok(layered(reply, |value| Spec {
        bridge_settings: Some([(setting.env.to_owned(), value)].into()),
        ..Spec::default()
    }))
}

pub(super) fn allowlist(asking: &Asking) -> Result<Reply<Spec>> {
    let chat = asking.chat()?;
    let layer = |ids: &str| Spec {
        allowlist: Some(if ids == "none" { Vec::new() } else { syntax::list(ids) }),
        ..Spec::default()
    };
    let before = asking.before.allowlist.as_deref().unwrap_or_default();
    let fits = before.iter().all(|entry| (chat.allowlist_entry)(entry));
    let later = match before {
        [] => asking.say("Enter to pair later"),
        _ => asking.say("`none` to pair later"),
    };
    let asked = Text {
        question: &asking.say("Chat ids that may talk to it"),
        default: &if fits { before.join(", ") } else { String::new() },
        help: &format!("{}\n{}", chat.allowlist_form.say(asking.lang), later),
        nothing: &asking.say("nobody yet"),
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|ids| asking.accepts("allowlist", layer(ids)))?;
    Ok(layered(reply, |ids| layer(&ids)))
}
