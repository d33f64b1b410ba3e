//! The spec: what the user asked for. The same shape is a YAML file, a set of flags, an
//! environment and the preferences, so that they can be laid over each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Pins;
use super::origin::{Origin, Origins};

/// The only version of `deployment.yaml` so far.
pub const VERSION: u32 = 1;

macro_rules! spec {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)+) => {
        /// Everything a user can ask for; `None` is "not said here".
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Spec {
            $(
                $(#[$doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )+
            /// Where each of them was given.
            #[serde(skip)]
            pub origins: Origins,
        }

        impl Spec {
            /// The keys of `deployment.yaml`, in the order they are written.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($field)),+];

            /// Fills what is not said here from a layer of lower precedence.
            #[must_use]
            pub fn or(self, lower: Spec) -> Spec {
                let origins = self.origins_above(&lower);
                Spec { $($field: self.$field.or(lower.$field),)+ origins }
            }

            /// Keys that are said here; entries of maps as `key.name` too.
            fn said(&self) -> Vec<String> {
                let mut keys: Vec<String> = Vec::new();
                $(if self.$field.is_some() { keys.push(stringify!($field).to_owned()) })+
                keys.extend(self.entries());
                keys
            }
        }
    };
}

spec! {
    /// Version of this file's format.
    version: u32,
    /// Six characters that make global names unique; made once, then kept.
    id: String,
    name: String,
    cloud: String,
    region: String,
    size: String,
    /// Who works on the machine; the first of the table when nobody says.
    agent: String,
    bridge: String,
    /// Non-secret settings of the bridge, by environment name.
    bridge_settings: BTreeMap<String, String>,
    /// Chat ids the bridge answers; empty until paired.
    allowlist: Vec<String>,
    provider: String,
    model: String,
    /// Endpoint of a keyless provider.
    base_url: String,
    ssh_public_key: String,
    /// CIDRs that may reach SSH; `[]` for no SSH rule at all.
    allow_ssh_from: Vec<String>,
    /// Read from files of version 0.1, and without effect.
    allow_vault_from: Vec<String>,
    workspace: String,
    port: u16,
    workers: u8,
    install: String,
    codewhale_version: String,
    mirror: String,
    /// Programs and addresses the agent gets tools from, by name.
    mcp_servers: BTreeMap<String, McpServer>,
    /// How the host files reach the machine.
    bootstrap: String,
    /// The CNB pipeline, on clouds that have one.
    cnb: Cnb,
    /// Language of the questions and the runbook.
    lang: String,
    /// Files of your own beside the generated ones, which Terraform reads too.
    extra_files: Vec<String>,
    /// Download addresses that differ from the mirror's.
    sources: Sources,
    /// Contents that the machine takes and nothing else, of one version.
    pins: Pins,
    tags: BTreeMap<String, String>,
}

/// Download addresses; each moves one kind of download to a mirror of yours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// `<this>/v<version>/<asset>` serves the release binaries and their checksums.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_base_url: Option<String>,
    /// Git remote that has the tag `v<version>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_url: Option<String>,
    /// Container image without its tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub npm_registry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apt_mirror: Option<String>,
}

/// An MCP server: a program with arguments and settings, or an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct McpServer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The CNB pipeline's surroundings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cnb {
    /// Repository that holds the bundle: `org/repo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Secret repository that the pipeline reads: `org/repo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<String>,
    /// How it reaches the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy: Option<String>,
}

impl Spec {
    /// The same, all of it from one source.
    #[must_use]
    pub fn given_by(mut self, origin: &Origin) -> Spec {
        self.origins = Origins::all(&self.said(), origin);
        self
    }

    fn entries(&self) -> Vec<String> {
        let named = |key: &'static str, map: &Option<BTreeMap<String, String>>| -> Vec<String> {
            map.iter()
                .flat_map(BTreeMap::keys)
                .map(|name| format!("{key}.{name}"))
                .collect()
        };
        let cnb = self.cnb.clone().unwrap_or_default();
        let cnb = [
            ("cnb.repository", cnb.repository),
            ("cnb.secrets", cnb.secrets),
            ("cnb.deploy", cnb.deploy),
        ];
        let cnb = cnb.into_iter().filter(|(_, value)| value.is_some());
        let mut entries = named("tags", &self.tags);
        entries.extend(named("bridge_settings", &self.bridge_settings));
        entries.extend(cnb.map(|(key, _)| key.to_owned()));
        entries
    }

    fn origins_above(&self, lower: &Spec) -> Origins {
        self.origins.clone().above(&lower.origins, &self.said())
    }

    /// Lays `self` over `lower`; tags, bridge settings and `cnb` are merged name by name.
    #[must_use]
    pub fn over(mut self, lower: Spec) -> Spec {
        let origins = self.origins_above(&lower);
        self.tags = merged(self.tags, lower.tags.clone());
        self.bridge_settings = merged(self.bridge_settings, lower.bridge_settings.clone());
        self.cnb = match (self.cnb, lower.cnb.clone()) {
            (Some(upper), Some(lower)) => Some(Cnb {
                repository: upper.repository.or(lower.repository),
                secrets: upper.secrets.or(lower.secrets),
                deploy: upper.deploy.or(lower.deploy),
            }),
            (upper, lower) => upper.or(lower),
        };
        Spec {
            origins,
            ..self.or(lower)
        }
    }
}

fn merged(
    upper: Option<BTreeMap<String, String>>,
    lower: Option<BTreeMap<String, String>>,
) -> Option<BTreeMap<String, String>> {
    match (upper, lower) {
        (Some(upper), Some(mut lower)) => {
            lower.extend(upper);
            Some(lower)
        }
        (upper, lower) => upper.or(lower),
    }
}
