//! Which secrets a deployment needs, and every name each one goes by.

use crate::agents::Agent;
use crate::chats::Chat;
use crate::model_providers::Provider;
use crate::tables::secret_form;
use crate::tables::secret_form::SecretForm;
use crate::tables::{Wording, words};

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
    pub label: Wording,
    /// Where a person gets it.
    pub hint: Wording,
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

pub(super) fn slots(
    agent: &'static Agent,
    provider: &'static Provider,
    chat: &'static Chat,
    brokered: bool,
) -> Vec<SecretSlot> {
    let key = provider.key().map(|env| SecretSlot {
        env,
        accepted: provider.env_keys.iter().map(ToString::to_string).collect(),
        label: key_of(provider),
        hint: Wording {
            en: format!("Create one at {}", provider.key_page),
            zh: format!("在 {} 创建", provider.key_page),
        },
        form: secret_form::MODEL_KEY,
        files: if brokered { &[SecretFile::Broker] } else { &[SecretFile::Runtime] },
        generated: false,
    });
    let token = SecretSlot {
        env: agent.token.env,
        accepted: [agent.token.env]
            .iter()
            .chain(agent.token.other_names)
            .map(ToString::to_string)
            .collect(),
        label: words("Runtime token", "运行时令牌").into(),
        hint: words("Made for you", "自动生成").into(),
        form: secret_form::RUNTIME_TOKEN,
        files: &[SecretFile::Runtime, SecretFile::Bridge],
        generated: true,
    };
    let chat_secrets = chat.secrets.iter().map(|secret| SecretSlot {
        env: secret.env,
        accepted: vec![secret.env.to_owned()],
        label: secret.label.into(),
        hint: chat.setup_hint.into(),
        form: secret.form,
        files: &[SecretFile::Bridge],
        generated: false,
    });
    key.into_iter().chain([token]).chain(chat_secrets).collect()
}

fn key_of(provider: &Provider) -> Wording {
    let name = provider.display_name;
    // No space stands between Chinese words.
    let space = if name.zh.ends_with(|c: char| c.is_ascii()) { " " } else { "" };
    Wording {
        en: format!("{} API key", name.en),
        zh: format!("{}{space}的 API 密钥", name.zh),
    }
}
