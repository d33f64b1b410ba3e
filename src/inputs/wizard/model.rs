//! Who runs the model, and which one.

use super::Reply;
use super::asking::{Asking, named};
use super::text::Text;
use crate::error::Result;
use crate::inputs::Spec;
use crate::model_providers::FAMILIES;
use crate::model_providers::{Provider, View};
use crate::tables::{Row, words};

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
        let mut choice = named(asking, row, row.display_name);
        if row.own_server {
            let own = words("{}, your own model server", "{}，你自己的模型服务器");
            choice.label = own.with(asking.lang, &[&choice.label]);
        }
        choice.words = format!("{} {} {}", choice.words, view.default_model().unwrap_or_default(), joined(served));
        choice.first_for = joined(made);
        (row.slug.to_owned(), choice)
    });
    asking.one_of(asking.help(), values.collect(), Provider::rows()[0].slug)
}

pub(super) fn base_url(asking: &Asking) -> Result<Reply<Spec>> {
    let view = asking.provider()?;
    let yours = words(
        "as the machine reaches it; {} is not installed for you, you run it yourself",
        "填写从云上那台服务器能访问到的地址。这里不会安装 {}，需要你自己运行",
    );
    let asked = Text {
        question: asking.question(),
        default: asking.before.base_url.as_deref().unwrap_or(view.endpoint().base_url),
        help: &yours.with(asking.lang, &[&view.provider.display_name.say(asking.lang)]),
        ..Text::default()
    };
    asking.typed(&asked, &|url| asking.answer.layer(url))
}

pub(super) fn model(asking: &Asking) -> Result<Reply<Spec>> {
    let view = asking.provider()?;
    let keyless = view.provider.own_server;
    let help = match (view.model_note(), view.default_model()) {
        (Some(note), _) => note.say(asking.lang).to_owned(),
        (None, Some(default)) if !keyless => words("`auto` uses {}", "`auto` 会使用 {}").with(asking.lang, &[&default]),
        (None, _) => words(
            "the name it has on your server; `auto` only works where a provider has a default",
            "填写模型在你的服务器上的名称；`auto` 只适用于有默认模型的服务商",
        )
        .say(asking.lang)
        .to_owned(),
    };
    let preferred = asking.models.get(view.provider.slug).map(String::as_str);
    let before = asking.before.model.as_deref().or(preferred);
    let asked = Text {
        question: asking.question(),
        default: before.unwrap_or(if keyless { "" } else { "auto" }),
        help: &help,
        ..Text::default()
    };
    asking.typed(&asked, &|id| asking.answer.layer(id))
}
