//! Who runs the model, and which one.

use super::Reply;
use super::asking::{Asking, layered, named, value_of};
use super::text::{Text, text};
use crate::error::Result;
use crate::inputs::Spec;
use crate::model_providers::FAMILIES;
use crate::model_providers::Provider;
use crate::tables::Row;

pub(super) fn provider(asking: &Asking) -> Result<Reply<Spec>> {
    let rows = Provider::rows().iter().filter(|row| row.unsupported.is_none());
    let values = rows.map(|row| {
        let served = FAMILIES.iter().filter(|(_, providers)| providers.contains(&row.slug));
        let (made, served): (Vec<_>, Vec<_>) = served.partition(|(_, providers)| providers[0] == row.slug);
        let joined = |families: Vec<&(&str, &[&str])>| {
            let names: Vec<_> = families.iter().map(|(family, _)| *family).collect();
            names.join(" ")
        };
        let mut choice = named(asking, row, row.display_name);
        if row.is_keyless() {
            choice.label = asking.say(&format!("{}, your own model server", choice.label));
        }
        choice.words = format!("{} {} {}", choice.words, row.default_model, joined(served));
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
    let provider = asking.provider()?;
    let layer = |url: &str| Spec {
        base_url: Some(url.to_owned()),
        ..Spec::default()
    };
    let before = asking.before.base_url.as_deref();
    let asked = Text {
        question: &asking.say("Address of the model server"),
        default: before.unwrap_or(provider.default_base_url),
        help: &asking.say(&format!(
            "as the machine sees it. Nothing here installs {}: you run it yourself",
            provider.display_name
        )),
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|url| asking.accepts("base_url", layer(url)))?;
    Ok(layered(reply, |url| layer(&url)))
}

pub(super) fn model(asking: &Asking) -> Result<Reply<Spec>> {
    let provider = asking.provider()?;
    let keyless = provider.is_keyless();
    let layer = |id: &str| Spec {
        model: Some(id.to_owned()),
        ..Spec::default()
    };
    let help = match provider.model_note {
        Some(note) => asking.say(note),
        None if keyless => asking.say("as your server names it; `auto` works only where a provider has a default"),
        None => asking.say(&format!("`auto` uses {}", provider.default_model)),
    };
    let preferred = asking.models.get(provider.slug).map(String::as_str);
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
