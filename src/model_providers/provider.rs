//! What is known of one model provider.

use serde::Serialize;

use crate::agents::Dialect;
use crate::tables::Words;

/// How the key broker on the machine stands in for the agent's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBroker {
    /// It forwards to the provider's own address and adds the key.
    Adds(KeyHeader),
    /// It cannot, for this reason, so the runtime holds the key itself.
    Cannot(Words),
}

/// The header a provider reads its key from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHeader {
    /// `Authorization: Bearer`
    Bearer,
    /// `x-api-key`
    XApiKey,
    /// Either, by the model's protocol; both are sent.
    BearerAndXApiKey,
}

/// Where a provider answers, and in which protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub dialect: Dialect,
    pub base_url: &'static str,
    /// Beginnings of the paths that are asked there, where they are not those of the base URL.
    pub paths: &'static [&'static str],
}

/// One model provider.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Provider {
    /// What users write: `[a-z0-9-]+`, unique.
    pub slug: &'static str,
    pub display_name: Words,
    /// Other accepted spellings, lower case with dashes.
    pub aliases: &'static [&'static str],
    /// Names the key may have in the operator's environment; the first is the one the runtime is given.
    /// Empty for keyless providers.
    pub env_keys: &'static [&'static str],
    /// Never empty.
    #[serde(skip)]
    pub endpoints: &'static [Endpoint],
    /// The server is its user's own: it has an address and models that nobody else knows.
    pub own_server: bool,
    #[serde(skip)]
    pub broker: KeyBroker,
    /// Where a key is made; empty for keyless providers.
    pub key_page: &'static str,
}

impl Provider {
    /// The name of the secret that holds the key; `None` for keyless providers.
    pub fn key(&self) -> Option<&'static str> {
        self.env_keys.first().copied()
    }
}

impl Endpoint {
    /// Host and path of the base URL; the path is empty or starts with `/`, without one at its end.
    pub fn upstream(&self) -> (&'static str, &'static str) {
        let address = self.base_url.split_once("://").map_or("", |(_, address)| address);
        let address = address.trim_end_matches('/');
        address.find('/').map_or((address, ""), |at| address.split_at(at))
    }
}

pub(super) const PROVIDER: Provider = Provider {
    slug: "",
    display_name: Words::same(""),
    aliases: &[],
    env_keys: &[],
    endpoints: &[],
    own_server: false,
    broker: KeyBroker::Adds(KeyHeader::Bearer),
    key_page: "",
};

const fn endpoint(dialect: Dialect, base_url: &'static str) -> Endpoint {
    Endpoint {
        dialect,
        base_url,
        paths: &[],
    }
}

pub(super) const fn chat(base_url: &'static str) -> Endpoint {
    endpoint(Dialect::ChatCompletions, base_url)
}

pub(super) const fn messages(base_url: &'static str) -> Endpoint {
    endpoint(Dialect::Messages, base_url)
}

pub(super) const fn responses(base_url: &'static str) -> Endpoint {
    endpoint(Dialect::Responses, base_url)
}

pub(super) const fn code_assist(base_url: &'static str) -> Endpoint {
    endpoint(Dialect::CodeAssist, base_url)
}
