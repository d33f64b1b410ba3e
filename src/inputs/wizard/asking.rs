//! What every question knows, and the two ways to ask.

use std::collections::BTreeMap;

use super::select::{MenuItem, select};
use super::text::{Text, text};
use super::{Reply, Support};
use crate::agents::Agent;
use crate::chats::{Chat, Setting};
use crate::clouds::Cloud;
use crate::error::Result;
use crate::inputs::answers::{Answer, PROMPT, Prompt};
use crate::inputs::{Spec, agent};
use crate::model_providers::View;
use crate::tables::translation::say;
use crate::tables::{Lang, Row, Words, find};

/// What a question knows while it is asked.
pub(super) struct Asking<'a> {
    pub lang: Lang,
    /// The answer that is asked for.
    pub answer: &'static Answer,
    /// The answers so far.
    pub spec: &'a Spec,
    /// What was answered before, offered again.
    pub before: &'a Spec,
    /// Preferred models, by provider.
    pub models: &'a BTreeMap<String, String>,
    pub support: &'a Support<'a>,
}

impl Asking<'_> {
    pub fn say(&self, words: Words) -> &'static str {
        words.say(self.lang)
    }

    /// A text of the tables.
    pub fn translated(&self, english: &str) -> String {
        say(self.lang, english).into_owned()
    }

    pub fn prompt(&self) -> Prompt {
        self.answer.prompt.unwrap_or(PROMPT)
    }

    pub fn question(&self) -> &'static str {
        self.say(self.prompt().question)
    }

    pub fn help(&self) -> &'static str {
        self.say(self.prompt().help)
    }

    /// A name and, in the language's own brackets, what else is to be known of it.
    pub fn with(&self, name: &str, more: &str) -> String {
        match self.lang {
            Lang::En => format!("{name} ({more})"),
            Lang::ZhCn => format!("{name}（{more}）"),
        }
    }

    /// Holds an answer against what flags are held against.
    pub fn accepts(&self, answer: Spec) -> Result<()> {
        (self.support.accepts)(&answer.over(self.spec.clone()), self.answer.key)
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

    /// What was answered before.
    pub fn earlier(&self) -> Option<String> {
        self.answer.shown(self.before)
    }

    /// Asks for one of these values.
    pub fn one_of(&self, help: &str, values: Vec<(String, MenuItem)>, default: &str) -> Result<Reply<Spec>> {
        match self.value_of(self.question(), help, values, self.earlier().as_deref(), default)? {
            Reply::Given(value) => self.answer.layer(&value).map(Reply::Given),
            Reply::Back => Ok(Reply::Back),
        }
    }

    /// Asks for a text, until it is accepted as it is read.
    pub fn typed(&self, asked: &Text, read: &dyn Fn(&str) -> Result<Spec>) -> Result<Reply<Spec>> {
        match text(self.lang, asked, &|typed| self.accepts(read(typed)?))? {
            Reply::Given(typed) => read(&typed).map(Reply::Given),
            Reply::Back => Ok(Reply::Back),
        }
    }

    /// A list of values, with the one from before among them whether the tables know it or not.
    pub fn value_of(
        &self,
        question: &str,
        help: &str,
        mut values: Vec<(String, MenuItem)>,
        before: Option<&str>,
        default: &str,
    ) -> Result<Reply<String>> {
        if let Some(own) = before
            && !values.iter().any(|(value, _)| value == own)
        {
            values.insert(0, (own.to_owned(), MenuItem::new(own)));
        }
        let wanted = before.unwrap_or(default);
        let start = values.iter().position(|(value, _)| value == wanted).unwrap_or(0);
        let choices: Vec<MenuItem> = values.iter().map(|(_, choice)| choice.clone()).collect();
        Ok(match select(self.lang, question, help, &choices, start)? {
            Reply::Given(chosen) => Reply::Given(values.swap_remove(chosen).0),
            Reply::Back => Reply::Back,
        })
    }
}

pub(super) fn unset_setting(spec: &Spec) -> Option<&'static Setting> {
    let chat: &Chat = find(spec.bridge.as_deref()?).ok()?;
    let given = spec.bridge_settings.as_ref();
    chat.settings
        .iter()
        .find(|setting| !given.is_some_and(|given| given.contains_key(setting.env)))
}

pub(super) fn named<R: Row>(asking: &Asking, row: &R, name: Words) -> MenuItem {
    MenuItem {
        label: asking.with(name.say(asking.lang), row.slug()),
        // Who knows the English name finds it by that, too.
        words: format!("{} {}", name.en, row.aliases().join(" ")),
        ..MenuItem::default()
    }
}
