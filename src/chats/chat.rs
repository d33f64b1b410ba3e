//! What is known of one chat app.

use serde::Serialize;

use crate::tables::Words;
use crate::tables::secret_form::SecretForm;

/// A value a bridge cannot start without and that must never be committed.
#[derive(Clone, Copy, Debug)]
pub struct SecretKey {
    pub env: &'static str,
    /// What a person calls it.
    pub label: Words,
    pub form: SecretForm,
}

/// A non-secret setting of a bridge.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub env: &'static str,
    pub label: Words,
    /// The first is the default.
    pub allowed: &'static [&'static str],
}

/// One chat app. Which bridge an agent has to it is in the agent's row.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Chat {
    pub slug: &'static str,
    pub display_name: Words,
    pub aliases: &'static [&'static str],
    #[serde(skip)]
    pub secrets: &'static [SecretKey],
    /// Settings a user may choose (`bridge_settings` in the spec).
    #[serde(skip)]
    pub settings: &'static [Setting],
    /// The form of one allowlist entry, in words.
    pub allowlist_form: Words,
    #[serde(skip)]
    pub allowlist_entry: fn(&str) -> bool,
    /// Shown before its secrets are asked for: where they come from.
    pub setup_hint: Words,
    /// What a stranger sees in the chat, for the runbook's pairing section.
    pub refusal_ids: Words,
    /// What else must be true for a bridge to work.
    pub caution: Words,
    /// Where its servers are.
    pub hosts: &'static [&'static str],
}
