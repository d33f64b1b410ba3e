//! A model provider as one agent sees it.

use super::{Endpoint, Provider};
use crate::agents::{Agent, ModelRule};
use crate::tables::{Wording, Words};

/// What a provider is to an agent.
#[derive(Clone, Copy, Debug)]
pub struct View {
    pub provider: &'static Provider,
    pub agent: &'static Agent,
    rule: Option<&'static ModelRule>,
}

impl View {
    pub fn of(provider: &'static Provider, agent: &'static Agent) -> View {
        View {
            provider,
            agent,
            rule: agent.models.iter().find(|rule| rule.provider == provider.slug),
        }
    }

    /// Where the agent asks; the provider's first where the agent speaks none of its protocols.
    pub fn endpoint(&self) -> &'static Endpoint {
        self.spoken().unwrap_or(&self.provider.endpoints[0])
    }

    fn spoken(&self) -> Option<&'static Endpoint> {
        let spoken = |endpoint: &&Endpoint| self.agent.dialects.contains(&endpoint.dialect);
        self.provider.endpoints.iter().find(spoken)
    }

    /// How the provider is named to the agent.
    pub fn name(&self) -> &'static str {
        self.rule.and_then(|rule| rule.name).unwrap_or(self.provider.slug)
    }

    /// What the agent uses for `auto`, where it knows something.
    pub fn default_model(&self) -> Option<&'static str> {
        self.rule.map(|rule| rule.default_model)
    }

    /// Model ids the agent accepts must contain this, or be `auto`.
    pub fn model_prefix(&self) -> Option<&'static str> {
        self.rule.and_then(|rule| rule.model_prefix)
    }

    /// What an operator must know about `auto` and model ids.
    pub fn model_note(&self) -> Option<Words> {
        self.rule.and_then(|rule| rule.model_note)
    }

    /// The agent takes a server without a key only on the machine itself.
    pub fn loopback_only(&self) -> bool {
        self.rule.is_some_and(|rule| rule.loopback_only)
    }

    /// Why this provider cannot be deployed with this agent.
    pub fn unsupported(&self) -> Option<Wording> {
        match self.rule.and_then(|rule| rule.unsupported) {
            Some(reason) => Some(reason.into()),
            None if self.spoken().is_some() => None,
            None => Some(Wording {
                en: format!(
                    "{} does not implement its wire protocol yet, so no request would go out",
                    self.agent.display_name
                ),
                zh: format!("{} 还不支持它的协议，请求发不出去", self.agent.display_name),
            }),
        }
    }
}
