//! Every answer that can be given, and the three ways to give it.

/// One spec key with its flag and environment variables.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Key in `deployment.yaml`.
    pub key: &'static str,
    /// Flag without the dashes; empty when there is none.
    pub flag: &'static str,
    /// Variable name after `CODEWHALE_` and, for old set-ups, after `DEEPSEEK_`; empty when there is
    /// none: a local endpoint (`CODEWHALE_BASE_URL`) means nothing on another machine.
    pub variable: &'static str,
    /// What a person should give, for the list of missing values.
    pub wants: &'static str,
}

impl Field {
    /// Environment variables in the order they are read: the current name, then the old one.
    pub fn variables(&self) -> [String; 2] {
        [
            format!("CODEWHALE_{}", self.variable),
            format!("DEEPSEEK_{}", self.variable),
        ]
    }

    /// How messages name it: by flag where there is one.
    pub fn name(&self) -> String {
        if self.flag.is_empty() {
            format!("`{}`", self.key)
        } else {
            format!("`--{}`", self.flag)
        }
    }
}

const fn field(key: &'static str, flag: &'static str, variable: &'static str, wants: &'static str) -> Field {
    Field {
        key,
        flag,
        variable,
        wants,
    }
}

/// In the order they are asked for and listed.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    field("cloud", "cloud", "CLOUD", "a cloud"),
    field("region", "region", "REGION", "a region of the cloud"),
    field("size", "size", "SIZE", "a machine size of the cloud"),
    field("bridge", "bridge", "BRIDGE", "a chat bridge"),
    field("allowlist", "allowlist", "CHAT_ALLOWLIST", "chat ids, separated by commas"),
    field("provider", "provider", "PROVIDER", "a model provider"),
    field("model", "model", "MODEL", "a model that the provider has"),
    field("base_url", "base-url", "", "the address of your model server, such as `http://localhost:11434/v1`"),
    field("name", "name", "NAME", "a name for the deployment"),
    field("ssh_public_key", "ssh-public-key", "SSH_PUBLIC_KEY", "a public key, or a file with one"),
    field("allow_ssh_from", "allow-ssh-from", "ALLOW_SSH_FROM", "your address as a CIDR such as `203.0.113.7/32`, or `none`"),
    field("allow_vault_from", "allow-vault-from", "ALLOW_VAULT_FROM", "nothing: it has no effect any more"),
    field("workspace", "workspace", "WORKSPACE", "an absolute path on the machine"),
    field("port", "port", "RUNTIME_PORT", "a port from 1024 to 65535"),
    field("workers", "workers", "RUNTIME_WORKERS", "a number from 1 to 8"),
    field("install", "install", "INSTALL", "`native` or `docker`"),
    field("codewhale_version", "codewhale-version", "VERSION", "a released version"),
    field("mirror", "mirror", "MIRROR", "a download mirror"),
    field("bootstrap", "bootstrap", "BOOTSTRAP", "a way of the host files to the machine"),
    field("cnb", "cnb-repository", "", "`org/repo` on cnb.cool"),
    field("lang", "lang", "LANG", "a language of the questions and the runbook"),
    field("tags", "tag", "", "NAME=VALUE"),
    field("bridge_settings", "bridge-setting", "", "NAME=VALUE"),
];

/// The row of a spec key.
///
/// # Panics
/// When the key has no row, which a test rules out.
pub fn by_key(key: &str) -> &'static Field {
    FIELDS
        .iter()
        .find(|field| field.key == key)
        .unwrap_or_else(|| panic!("no field row for `{key}`"))
}
