//! Who runs the model, and which one.

use super::Reply;
use super::asking::{Asking, layered, named, value_of};
use super::text::{Text, text};
use crate::error::Result;
use crate::inputs::Spec;
use crate::model_providers::FAMILIES;
use crate::model_providers::{Provider, View};
use crate::tables::Row;

pub(super) fn provider(asking: &Asking) -> Result<Reply<Spec>> {
    let agent = asking.agent()?;
    let views = Provider::rows().iter().map(|row| View::of(row, agent));
    let values = views.filter(|view| view.unsupported().is_none()).map(|view| {
        let row = view.provider;
        let served = FAMILIES.iter().filter(|(_, providers)| providers.contains(&row.slug));
        let (made, served): (Vec<_>, Vec<_>) = served.partition(|(_, providers)| providers[0] == row.slug);
        let joined = |families: Vec<&(&str, &[&str])>| {
            let names: Vec<_> = families.iter().map(|(family, _)| *family).collect();
            names.join(" ")
        };
        let mut choice = named(asking, row, row.display_name.en, row.display_name.say(asking.lang));
        if row.own_server {
            choice.label = asking.say(&format!("{}, your own model server", choice.label));
        }
        choice.words = format!("{} {} {}", choice.words, view.default_model().unwrap_or_default(), joined(served));
        choice.first_for = joined(made);
        (row.slug.to_owned(), choice)
    });
    let reply = value_of(
        asking,
        &asking.say("Model provider"),
        &asking.say(
            "who runs the model: type its name, or a family such as `claude`, `gpt`, `qwen`, `deepseek` or `kimi`",
        ),
        values.collect(),
        asking.before.provider.as_deref(),
        Provider::rows()[0].slug,
    )?;
    Ok(layered(reply, |slug| Spec {
        provider: Some(slug),
        ..Spec::default()
    }))
}

pub(super) fn base_url(asking: &Asking) -> Result<Reply<Spec>> {
    let view = asking.provider()?;
    let layer = |url: &str| Spec {
        base_url: Some(url.to_owned()),
        ..Spec::default()
    };
    let before = asking.before.base_url.as_deref();
    let asked = Text {
        question: &asking.say("Address of the model server"),
        default: before.unwrap_or(view.endpoint().base_url),
        help: &asking.say(&format!(
            "as the machine sees it. Nothing here installs {}: you run it yourself",
            view.provider.display_name.en
        )),
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|url| asking.accepts("base_url", layer(url)))?;
    Ok(layered(reply, |url| layer(&url)))
}

pub(super) fn model(asking: &Asking) -> Result<Reply<Spec>> {
    let view = asking.provider()?;
    let keyless = view.provider.own_server;
    let layer = |id: &str| Spec {
        model: Some(id.to_owned()),
        ..Spec::default()
    };
    let help = match (view.model_note(), view.default_model()) {
        (Some(note), _) => note.say(asking.lang).to_owned(),
        (None, Some(default)) if !keyless => asking.say(&format!("`auto` uses {default}")),
        (None, _) => asking.say("as your server names it; `auto` works only where a provider has a default"),
    };
    let preferred = asking.models.get(view.provider.slug).map(String::as_str);
    let before = asking.before.model.as_deref().or(preferred);
    let asked = Text {
        question: &asking.say("Model id"),
        default: before.unwrap_or(if keyless { "" } else { "auto" }),
        help: &help,
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|id| asking.accepts("model", layer(id)))?;
    Ok(layered(reply, |id| layer(&id)))
}
