//! The questions, in the order they are asked.

use super::asking::{Asking, unset_setting};
use super::{Reply, chat, machine, model, network};
use crate::error::Result;
use crate::inputs::Spec;
use crate::model_providers::Provider;
use crate::tables::find;

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

fn is_keyless(spec: &Spec) -> bool {
    let provider = spec.provider.as_deref().and_then(|slug| find::<Provider>(slug).ok());
    provider.is_some_and(|row| row.own_server)
}
