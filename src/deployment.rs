//! The deployment: a spec with every question answered. After this there is no lookup.

mod answer;
mod broker;
mod chat;
mod delivery;
mod machine;
pub mod mcp;
mod model;
mod network;
pub mod pins;
mod refusal;
mod resolve;
mod secrets;
mod tags;
mod warning;

use std::collections::BTreeMap;
use std::ops::Deref;

use ipnet::IpNet;
use serde::{Serialize, Serializer};

use crate::agents::{Agent, Bridge, Download};
use crate::chats::Chat;
use crate::clouds::{Cloud, Module};
use crate::error::{Error, Result};
use crate::inputs::{McpServer, Pins, Spec};
use crate::model_providers::{Provider, View};
use crate::tables::Architecture;
use crate::tables::Bootstrap;
use crate::tables::CnbDeploy;
use crate::tables::Install;
use crate::tables::Lang;

pub use broker::Broker;
pub use secrets::{SecretFile, SecretSlot};
pub use warning::Warning;

/// A resolved spec. Only [`Deployment::resolve`] makes one, and nobody can change it.
#[derive(Clone, Debug)]
pub struct Deployment(Facts);

/// What is known about a deployment. Templates name it by these names; what is skipped is put there by `render`, in the
/// language of the text.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Facts {
    /// The spec again, with every default written out: `deployment.yaml`.
    #[serde(skip)]
    pub spec: Spec,
    pub id: String,
    pub name: String,
    #[serde(skip)]
    pub cloud: &'static Cloud,
    pub region: String,
    pub size: String,
    pub architecture: Architecture,
    pub trusted_launch: bool,
    /// Estimate for everything, US dollars a month; `None` when the size's price is not known.
    #[serde(serialize_with = "in_dollars")]
    pub monthly_usd: Option<f32>,
    #[serde(skip)]
    pub agent: &'static Agent,
    #[serde(skip)]
    pub chat: &'static Chat,
    /// The agent's own program for that chat app.
    #[serde(skip)]
    pub bridge: &'static Bridge,
    /// Every setting of the bridge a user may choose, with its value.
    #[serde(skip)]
    pub bridge_settings: Vec<(&'static str, String)>,
    pub allowlist: Vec<String>,
    #[serde(skip)]
    pub provider: &'static Provider,
    /// The provider as the agent sees it.
    #[serde(skip)]
    pub view: View,
    pub model: String,
    pub base_url: Option<String>,
    /// Who adds the model key to the runtime's requests; `None` without a key, or where the runtime has it.
    #[serde(skip)]
    pub broker: Option<Broker>,
    pub ssh_public_key: String,
    pub ssh_cidrs: Vec<IpNet>,
    pub workspace: String,
    pub port: u16,
    pub workers: u16,
    pub install: Install,
    /// MiB the runtime's container may use.
    pub container_memory_mib: u32,
    pub version: String,
    #[serde(flatten)]
    pub sources: ResolvedSources,
    /// Programs and addresses the agent gets tools from, by name.
    pub mcp_servers: BTreeMap<String, McpServer>,
    /// Asked for, or known of the release.
    #[serde(skip)]
    pub pins: Pins,
    /// How the host files reach the machine.
    pub bootstrap: Bootstrap,
    /// The CNB pipeline, on clouds that have one.
    pub cnb: Option<CnbFacts>,
    /// Language of the runbook.
    pub lang: Lang,
    /// Files of the operator's own that Terraform reads too, by their names in the bundle's folder.
    pub extra_files: Vec<String>,
    pub tags: Vec<(String, String)>,
    /// Name of the vault, on clouds that have one.
    pub vault_name: Option<String>,
    /// Every secret the machine needs, in the order they are asked for.
    #[serde(skip)]
    pub secrets: Vec<SecretSlot>,
    /// What the operator should know before going on.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// Where the machine downloads from; an empty one is the system's own default.
#[derive(Clone, Debug, Serialize)]
pub struct ResolvedSources {
    pub release_base_url: String,
    pub git_url: String,
    pub image: String,
    pub npm_registry: String,
    pub apt_mirror: String,
}

/// The CNB pipeline and its surroundings.
#[derive(Clone, Debug, Serialize)]
pub struct CnbFacts {
    /// Repository that holds the bundle: `org/repo`.
    pub repository: String,
    /// Secret repository that the pipeline reads: `org/repo`.
    pub secrets: String,
    pub deploy: CnbDeploy,
    /// Both repositories were named; otherwise they are placeholders.
    pub given: bool,
    /// What stands after `web_trigger_` and `api_trigger_` in the events.
    pub event: String,
}

/// Whole dollars are as near as an estimate comes.
fn in_dollars<S: Serializer>(usd: &Option<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    usd.map(|usd| format!("{usd:.0}")).serialize(serializer)
}

impl Deployment {
    /// What Terraform makes it with.
    ///
    /// # Errors
    /// The machine is there already, so there is nothing to plan, apply or destroy.
    pub fn module(&self) -> Result<&'static Module> {
        self.cloud.module().ok_or_else(|| {
            Error::usage(format!(
                "Terraform has no part in `{}`: {} is a machine that is there already",
                self.name, self.cloud.display_name.en
            ))
            .hint("send the host files there yourself: `ssh USER@ADDRESS 'sudo bash -s' < bootstrap.sh`")
        })
    }

    /// The command that lists what exists of it in the cloud, where no state tells.
    pub fn find_without_state(&self) -> String {
        let command = self.cloud.find_without_state.replace("{region}", &self.region);
        command.replace("{name}", &self.name).replace("{id}", &self.id)
    }
}

impl Facts {
    /// What this machine downloads and a pin can hold.
    pub fn pinnable(&self) -> &'static [Download] {
        (self.agent.downloads)(self.install, self.architecture)
    }

    /// What of that is pinned.
    pub fn pinned(&self) -> impl Iterator<Item = (Download, &str)> {
        self.pinnable()
            .iter()
            .filter_map(|&download| Some((download, self.pins.get(download)?)))
    }
}

impl Deref for Deployment {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}
