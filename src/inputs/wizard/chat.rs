//! The chat app, and who may talk to the agent there.

use super::Reply;
use super::asking::{Asking, named, unset_setting};
use super::select::MenuItem;
use super::text::Text;
use crate::chats::Chat;
use crate::error::Result;
use crate::inputs::Spec;
use crate::tables::{Row, words};

pub(super) fn bridge(asking: &Asking) -> Result<Reply<Spec>> {
    let agent = asking.agent()?;
    let rows = Chat::rows().iter().filter(|row| agent.bridge(row.slug).is_some());
    let values = rows.map(|row| (row.slug.to_owned(), named(asking, row, row.display_name)));
    asking.one_of(asking.help(), values.collect(), Chat::rows()[0].slug)
}

/// The first setting that has no value; the question comes again for the next one.
pub(super) fn bridge_setting(asking: &Asking) -> Result<Reply<Spec>> {
    let Some(setting) = unset_setting(asking.spec) else {
        return Ok(Reply::Given(Spec::default()));
    };
    let values = setting.allowed.iter();
    let values = values.map(|value| ((*value).to_owned(), MenuItem::new(*value)));
    let before = asking.before.bridge_settings.as_ref();
    let before = before.and_then(|given| given.get(setting.env)).map(String::as_str);
    let question = setting.label.say(asking.lang);
    match asking.value_of(question, "", values.collect(), before, setting.allowed[0])? {
        Reply::Given(value) => asking
            .answer
            .layer(&format!("{}={value}", setting.env))
            .map(Reply::Given),
        Reply::Back => Ok(Reply::Back),
    }
}

pub(super) fn allowlist(asking: &Asking) -> Result<Reply<Spec>> {
    let chat = asking.chat()?;
    let before = asking.before.allowlist.as_deref().unwrap_or_default();
    let fits = before.iter().all(|entry| (chat.allowlist_entry)(entry));
    let later = match before {
        [] => words("press Enter to pair later", "直接回车：以后再配对"),
        _ => words("type `none` to pair later", "`none`：以后再配对"),
    };
    let asked = Text {
        question: asking.question(),
        default: &if fits { before.join(", ") } else { String::new() },
        help: &format!("{}\n{}", chat.allowlist_form.say(asking.lang), asking.say(later)),
        nothing: asking.say(asking.prompt().nothing),
        ..Text::default()
    };
    asking.typed(&asked, &|ids| asking.answer.layer(if ids == "none" { "" } else { ids }))
}
