//! What an agent makes of a model provider.

use crate::tables::Words;

/// The protocol in which a model is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `/chat/completions`, which most providers took over from OpenAI.
    ChatCompletions,
    /// OpenAI's `/responses`.
    Responses,
    /// Anthropic's `/v1/messages`.
    Messages,
    /// Google's internal one for its own tools.
    CodeAssist,
}

/// What an agent knows of one provider. One without a rule goes by its slug, and needs a model by name.
#[derive(Clone, Copy, Debug)]
pub struct ModelRule {
    pub provider: &'static str,
    /// What the provider is called there, where that is not its slug.
    pub name: Option<&'static str>,
    /// What `auto` stands for.
    pub default_model: &'static str,
    /// Model ids must contain this, or be `auto`.
    pub model_prefix: Option<&'static str>,
    /// What an operator must know about `auto` and model ids.
    pub model_note: Option<Words>,
    /// A server without a key is accepted only on the machine itself.
    pub loopback_only: bool,
    /// Why it cannot be deployed from the environment alone.
    pub unsupported: Option<Words>,
}

impl ModelRule {
    /// A provider with nothing to know but what `auto` stands for.
    pub const fn auto(provider: &'static str, default_model: &'static str) -> ModelRule {
        ModelRule {
            provider,
            name: None,
            default_model,
            model_prefix: None,
            model_note: None,
            loopback_only: false,
            unsupported: None,
        }
    }
}
