//! The questions, in the order they are asked.

use std::collections::BTreeMap;

use super::select::{Choice, select};
use super::{Reply, Support, chat, machine, model, network};
use crate::error::Result;
use crate::inputs::Spec;
use crate::registry::translation::say;
use crate::registry::{Bridge, Cloud, Lang, Provider, Row, find};

/// One question of the spec.
pub(super) struct Question {
    pub key: &'static str,
    /// Its answer's name in a list.
    pub label: &'static str,
    /// Whether it has no answer yet and needs one.
    pub open: fn(&Spec) -> bool,
    /// Takes its answer out.
    pub take: fn(&mut Spec) -> Spec,
    /// Keys of answers that mean nothing when this one changes.
    pub settles: &'static [&'static str],
    /// Asks; the answer is a layer of its own.
    pub ask: fn(&Asking) -> Result<Reply<Spec>>,
}

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

    pub fn bridge(&self) -> Result<&'static Bridge> {
        find(self.spec.bridge.as_deref().unwrap_or_default())
    }

    pub fn provider(&self) -> Result<&'static Provider> {
        find(self.spec.provider.as_deref().unwrap_or_default())
    }
}

macro_rules! taking {
    ($($field:ident),+) => {
        |spec| Spec { $($field: spec.$field.take(),)+ ..Spec::default() }
    };
}

/// In the order they are asked.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        key: "cloud",
        label: "Cloud",
        open: |spec| spec.cloud.is_none(),
        take: taking!(cloud),
        settles: &["region", "size"],
        ask: machine::cloud,
    },
    Question {
        key: "region",
        label: "Region",
        open: |spec| spec.region.is_none(),
        take: taking!(region),
        settles: &[],
        ask: machine::region,
    },
    Question {
        key: "size",
        label: "Machine size",
        open: |spec| spec.size.is_none(),
        take: taking!(size),
        settles: &[],
        ask: machine::size,
    },
    Question {
        key: "bridge",
        label: "Chat app",
        open: |spec| spec.bridge.is_none(),
        take: taking!(bridge),
        // Settings and chat ids of one app mean nothing to another.
        settles: &["bridge_settings", "allowlist"],
        ask: chat::bridge,
    },
    Question {
        key: "bridge_settings",
        label: "Where the app lives",
        open: |spec| unset_setting(spec).is_some(),
        take: taking!(bridge_settings),
        settles: &[],
        ask: chat::bridge_setting,
    },
    Question {
        key: "provider",
        label: "Model provider",
        open: |spec| spec.provider.is_none(),
        take: taking!(provider),
        settles: &["base_url", "model"],
        ask: model::provider,
    },
    Question {
        key: "base_url",
        label: "Model server",
        open: |spec| spec.base_url.is_none() && is_keyless(spec),
        take: taking!(base_url),
        settles: &[],
        ask: model::base_url,
    },
    Question {
        key: "model",
        label: "Model",
        open: |spec| spec.model.is_none(),
        take: taking!(model),
        settles: &[],
        ask: model::model,
    },
    Question {
        key: "ssh_public_key",
        label: "SSH public key",
        open: |spec| spec.ssh_public_key.is_none(),
        take: taking!(ssh_public_key),
        settles: &[],
        ask: network::ssh_public_key,
    },
    Question {
        key: "allow_ssh_from",
        label: "Who may reach SSH",
        open: |spec| spec.allow_ssh_from.is_none(),
        take: taking!(allow_ssh_from),
        settles: &[],
        ask: network::allow_ssh_from,
    },
    Question {
        key: "allowlist",
        label: "Who may talk to it",
        open: |spec| spec.allowlist.is_none(),
        take: taking!(allowlist),
        settles: &[],
        ask: chat::allowlist,
    },
];

pub(super) fn unset_setting(spec: &Spec) -> Option<&'static crate::registry::Setting> {
    let bridge: &Bridge = find(spec.bridge.as_deref()?).ok()?;
    let given = spec.bridge_settings.as_ref();
    bridge
        .settings
        .iter()
        .find(|setting| !given.is_some_and(|given| given.contains_key(setting.env)))
}

fn is_keyless(spec: &Spec) -> bool {
    let provider = spec.provider.as_deref().and_then(|slug| find::<Provider>(slug).ok());
    provider.is_some_and(|row| row.is_keyless())
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

pub(super) fn named<R: Row>(asking: &Asking, row: &R, name: &'static str) -> Choice {
    Choice {
        label: asking.with(&asking.say(name), row.slug()),
        // Who knows the English name finds it by that, too.
        words: format!("{name} {}", row.aliases().join(" ")),
        ..Choice::default()
    }
}
