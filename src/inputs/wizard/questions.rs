//! The questions, in the order they are asked. What they say is in the declarations of their answers.

use super::asking::{Asking, unset_setting};
use super::{Reply, chat, machine, model, network};
use crate::error::Result;
use crate::inputs::Spec;
use crate::inputs::answers::{self, Answer, PROMPT, Prompt, keyless};

/// One question of the spec.
pub(super) struct Question {
    /// Of the answer.
    pub key: &'static str,
    /// Whether it is asked.
    open: fn(&Spec, &Answer) -> bool,
    /// Keys of answers that mean nothing when this one changes.
    pub settles: &'static [&'static str],
    /// Asks; the answer is a layer of its own.
    pub ask: fn(&Asking) -> Result<Reply<Spec>>,
}

impl Question {
    pub fn answer(&self) -> &'static Answer {
        answers::by_key(self.key)
    }

    pub fn prompt(&self) -> Prompt {
        self.answer().prompt.unwrap_or(PROMPT)
    }

    pub fn is_open(&self, spec: &Spec) -> bool {
        (self.open)(spec, self.answer())
    }

    /// Takes its answer out.
    pub fn take(&self, spec: &mut Spec) -> Spec {
        self.answer().take(spec)
    }
}

fn unsaid(spec: &Spec, answer: &Answer) -> bool {
    !spec.said().iter().any(|key| key == answer.key)
}

/// In the order they are asked.
#[rustfmt::skip]
pub(super) const QUESTIONS: &[Question] = &[
    Question { key: "cloud", open: unsaid, settles: &["region", "size"], ask: machine::cloud },
    Question { key: "region", open: unsaid, settles: &[], ask: machine::region },
    Question { key: "size", open: unsaid, settles: &[], ask: machine::size },
    // Settings and chat ids of one app mean nothing to another.
    Question { key: "bridge", open: unsaid, settles: &["bridge_settings", "allowlist"], ask: chat::bridge },
    Question { key: "bridge_settings", open: |spec, _| unset_setting(spec).is_some(), settles: &[], ask: chat::bridge_setting },
    Question { key: "provider", open: unsaid, settles: &["base_url", "model"], ask: model::provider },
    Question { key: "base_url", open: |spec, answer| keyless(spec) && unsaid(spec, answer), settles: &[], ask: model::base_url },
    Question { key: "model", open: unsaid, settles: &[], ask: model::model },
    Question { key: "ssh_public_key", open: unsaid, settles: &[], ask: network::ssh_public_key },
    Question { key: "allow_ssh_from", open: unsaid, settles: &[], ask: network::allow_ssh_from },
    Question { key: "allowlist", open: unsaid, settles: &[], ask: chat::allowlist },
];
