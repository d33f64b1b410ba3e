//! Which secrets a deployment needs, and every name each one goes by.

use crate::chats::Bridge;
use crate::model_providers::Provider;
use crate::tables::secret_form;
use crate::tables::secret_form::SecretForm;

/// The service whose file on the machine holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretFile {
    Broker,
    Runtime,
    Bridge,
}

/// One secret: names only, never a value.
#[derive(Clone, Debug)]
pub struct SecretSlot {
    /// Name in `secrets.env` and in the services' environment.
    pub env: &'static str,
    /// Names it may have in the operator's environment, in the order they are read.
    pub accepted: Vec<String>,
    /// What a person calls it.
    pub label: String,
    /// Where a person gets it.
    pub hint: String,
    pub form: SecretForm,
    pub files: &'static [SecretFile],
    /// Made by us when nobody gives it.
    pub generated: bool,
}

impl SecretSlot {
    /// Name in the vault: letters, digits and dashes.
    pub fn vault_name(&self) -> String {
        self.env.to_lowercase().replace('_', "-")
    }

    /// Name of the Terraform variable that carries the value.
    pub fn terraform_variable(&self) -> String {
        self.env.to_lowercase()
    }
}

/// The bearer both services share.
pub(super) const RUNTIME_TOKEN: &str = "CODEWHALE_RUNTIME_TOKEN";

pub(super) fn slots(provider: &'static Provider, bridge: &'static Bridge, brokered: bool) -> Vec<SecretSlot> {
    let key = provider.key().map(|env| SecretSlot {
        env,
        accepted: provider.env_keys.iter().map(ToString::to_string).collect(),
        label: format!("{} API key", provider.display_name),
        hint: format!("Make one at {}", provider.key_page),
        form: secret_form::MODEL_KEY,
        files: if brokered { &[SecretFile::Broker] } else { &[SecretFile::Runtime] },
        generated: false,
    });
    let token = SecretSlot {
        env: RUNTIME_TOKEN,
        accepted: vec![RUNTIME_TOKEN.to_owned(), "DEEPSEEK_RUNTIME_TOKEN".to_owned()],
        label: "Runtime token".to_owned(),
        hint: "Made for you".to_owned(),
        form: secret_form::RUNTIME_TOKEN,
        files: &[SecretFile::Runtime, SecretFile::Bridge],
        generated: true,
    };
    let bridge_secrets = bridge.secrets.iter().map(|secret| SecretSlot {
        env: secret.env,
        accepted: vec![secret.env.to_owned()],
        label: secret.label.to_owned(),
        hint: bridge.setup_hint.to_owned(),
        form: secret.form,
        files: &[SecretFile::Bridge],
        generated: false,
    });
    key.into_iter().chain([token]).chain(bridge_secrets).collect()
}
