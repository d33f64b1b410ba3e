//! What every question has at hand.

use std::collections::BTreeMap;

use super::select::{Choice, select};
use super::{Reply, Support};
use crate::agents::Agent;
use crate::chats::{Chat, Setting};
use crate::clouds::Cloud;
use crate::error::Result;
use crate::inputs::{Spec, agent};
use crate::model_providers::View;
use crate::tables::Lang;
use crate::tables::Row;
use crate::tables::find;
use crate::tables::translation::say;

/// What a question knows while it is asked.
pub(super) struct Asking<'a> {
    pub lang: Lang,
    /// The answers so far.
    pub spec: &'a Spec,
    /// What was answered before, offered again.
    pub before: &'a Spec,
    /// Preferred models, by provider.
    pub models: &'a BTreeMap<String, String>,
    pub support: &'a Support<'a>,
}

impl Asking<'_> {
    pub fn say(&self, english: &str) -> String {
        say(self.lang, english).into_owned()
    }

    /// A name and, in the language's own brackets, what else is to be known of it.
    pub fn with(&self, name: &str, more: &str) -> String {
        match self.lang {
            Lang::En => format!("{name} ({more})"),
            Lang::ZhCn => format!("{name}（{more}）"),
        }
    }

    /// Holds an answer against what flags are held against.
    pub fn accepts(&self, key: &str, answer: Spec) -> Result<()> {
        (self.support.accepts)(&answer.over(self.spec.clone()), key)
    }

    pub fn cloud(&self) -> Result<&'static Cloud> {
        find(self.spec.cloud.as_deref().unwrap_or_default())
    }

    pub fn agent(&self) -> Result<&'static Agent> {
        agent::of(self.spec)
    }

    pub fn chat(&self) -> Result<&'static Chat> {
        find(self.spec.bridge.as_deref().unwrap_or_default())
    }

    pub fn provider(&self) -> Result<View> {
        let provider = find(self.spec.provider.as_deref().unwrap_or_default())?;
        Ok(View::of(provider, self.agent()?))
    }
}

pub(super) fn unset_setting(spec: &Spec) -> Option<&'static Setting> {
    let chat: &Chat = find(spec.bridge.as_deref()?).ok()?;
    let given = spec.bridge_settings.as_ref();
    chat.settings
        .iter()
        .find(|setting| !given.is_some_and(|given| given.contains_key(setting.env)))
}

pub(super) fn layered<T>(reply: Reply<T>, layer: impl FnOnce(T) -> Spec) -> Reply<Spec> {
    match reply {
        Reply::Given(answer) => Reply::Given(layer(answer)),
        Reply::Back => Reply::Back,
    }
}

/// A list of values, with the one from before among them whether the tables know it or not.
pub(super) fn value_of(
    asking: &Asking,
    question: &str,
    help: &str,
    mut values: Vec<(String, Choice)>,
    before: Option<&str>,
    default: &str,
) -> Result<Reply<String>> {
    if let Some(own) = before
        && !values.iter().any(|(value, _)| value == own)
    {
        values.insert(0, (own.to_owned(), Choice::new(own)));
    }
    let wanted = before.unwrap_or(default);
    let start = values.iter().position(|(value, _)| value == wanted).unwrap_or(0);
    let choices: Vec<Choice> = values.iter().map(|(_, choice)| choice.clone()).collect();
    Ok(match select(asking.lang, question, help, &choices, start)? {
        Reply::Given(chosen) => Reply::Given(values.swap_remove(chosen).0),
        Reply::Back => Reply::Back,
    })
}

pub(super) fn named<R: Row>(asking: &Asking, row: &R, name: &str, said: &str) -> Choice {
    Choice {
        label: asking.with(said, row.slug()),
        // Who knows the English name finds it by that, too.
        words: format!("{name} {}", row.aliases().join(" ")),
        ..Choice::default()
    }
}
