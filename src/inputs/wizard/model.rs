//! Who runs the model, and which one.

use super::Reply;
use super::asking::{Asking, named};
use super::text::Text;
use crate::error::Result;
use crate::inputs::Spec;
use crate::model_providers::FAMILIES;
use crate::model_providers::Provider;
use crate::tables::{Row, words};

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
            let own = words("{}, your own model server", "{}，你自己的模型服务器");
            choice.label = own.with(asking.lang, &[&choice.label]);
        }
        choice.words = format!("{} {} {}", choice.words, row.default_model, joined(served));
        choice.first_for = joined(made);
        (row.slug.to_owned(), choice)
    });
    asking.one_of(asking.help(), values.collect(), Provider::rows()[0].slug)
}

pub(super) fn base_url(asking: &Asking) -> Result<Reply<Spec>> {
    let provider = asking.provider()?;
    let yours = words(
        "as the machine reaches it; {} is not installed for you, you run it yourself",
        "填写从云上那台服务器能访问到的地址。这里不会安装 {}，需要你自己运行",
    );
    let asked = Text {
        question: asking.question(),
        default: asking.before.base_url.as_deref().unwrap_or(provider.default_base_url),
        help: &yours.with(asking.lang, &[&provider.display_name]),
        ..Text::default()
    };
    asking.typed(&asked, &|url| asking.answer.layer(url))
}

pub(super) fn model(asking: &Asking) -> Result<Reply<Spec>> {
    let provider = asking.provider()?;
    let keyless = provider.is_keyless();
    let help = match provider.model_note {
        Some(note) => asking.translated(note),
        None if keyless => words(
            "the name it has on your server; `auto` only works where a provider has a default",
            "填写模型在你的服务器上的名称；`auto` 只适用于有默认模型的服务商",
        )
        .say(asking.lang)
        .to_owned(),
        None => words("`auto` uses {}", "`auto` 会使用 {}").with(asking.lang, &[&provider.default_model]),
    };
    let preferred = asking.models.get(provider.slug).map(String::as_str);
    let before = asking.before.model.as_deref().or(preferred);
    let asked = Text {
        question: asking.question(),
        default: before.unwrap_or(if keyless { "" } else { "auto" }),
        help: &help,
        ..Text::default()
    };
    asking.typed(&asked, &|id| asking.answer.layer(id))
}
