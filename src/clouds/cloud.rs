//! What a cloud's row says.

use serde::Serialize;

use super::failure::Failure;
use super::metadata::MetadataAddress;
use super::module::{Module, Provisioner};
use super::provisioning::Provisioning;
use super::size::{Region, Size};
use super::tags::TagRules;
use super::user_data::{CommandService, UserData};
use super::vault::Vault;
use crate::tables::{Architecture, Bootstrap, Install, Words};

/// One cloud. Templates read its columns by name, except skipped ones: the deployment fills those in, or no template shows them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cloud {
    /// Also names `modules/<slug>`.
    pub slug: &'static str,
    pub display_name: Words,
    pub aliases: &'static [&'static str],
    /// Where secrets rest between the operator and the machine; without one they are pushed to the machine over SSH, into files of
    /// root.
    pub vault: Option<Vault>,
    /// How a new machine takes its first script; `None` where something else brings it.
    pub user_data: Option<UserData>,
    /// What runs commands on the machine without SSH.
    pub command_service: Option<CommandService>,
    /// Ways to install the runtime; the first is the default.
    pub installs: &'static [Install],
    /// Ways of the host files to the machine; the first is the default.
    pub bootstraps: &'static [Bootstrap],
    pub default_region: &'static str,
    /// Known regions; others are passed on with a warning.
    #[serde(skip)]
    pub regions: &'static [Region],
    pub default_size: &'static str,
    /// Sizes with known memory and price; others are passed on with a warning.
    #[serde(skip)]
    pub sizes: &'static [Size],
    /// Reads the architecture out of a size name; `None` when it is not a size name at all.
    #[serde(skip)]
    pub size_architecture: fn(&str) -> Option<Architecture>,
    pub size_form: &'static str,
    /// Whether secure boot and a virtual TPM can be asked for.
    #[serde(skip)]
    pub trusted_launch: fn(&str) -> bool,
    /// Whether its firewall rules take IPv6 sources.
    pub ssh_ipv6: bool,
    /// Closed to agents; the first is where a machine learns of its identity.
    #[serde(skip)]
    pub metadata: &'static [MetadataAddress],
    /// Whether bundles have a CNB pipeline.
    pub cnb: bool,
    #[serde(skip)]
    pub tags: TagRules,
    /// Estimate for everything but the machine, US dollars a month.
    pub other_monthly_usd: f32,
    /// What that estimate counts.
    pub other_cost_note: Words,
    /// When the prices were looked up, `YYYY-MM`.
    pub priced: &'static str,
    #[serde(rename = "module")]
    pub provisioner: Provisioner,
    #[serde(skip)]
    pub provisioning: Provisioning,
    /// What the operator needs before applying.
    pub prerequisites: &'static [Words],
    /// In the order of the runbook. Of those that fit the engine's message the first counts, so the more special come first.
    #[serde(skip)]
    pub failures: &'static [Failure],
    /// What the emulator plays of it: its providers, the same as [`Cloud::providers`].
    #[serde(skip)]
    pub rehearsal: &'static [rehearse::Provider],
    /// Shell command that lists what a deployment made, where no state tells; `{id}`, `{name}` and `{region}` stand for the
    /// deployment's.
    #[serde(skip)]
    pub find_without_state: &'static str,
    /// How to remove what that command lists.
    pub remove_without_state: Words,
    /// How the machine costs less while nobody needs it, or why it cannot; code and prose, for the runbook.
    pub pause: Words,
    /// What stays behind after destroying.
    pub after_destroy: Words,
    /// What applying creates, one line each, for the summary and the runbook.
    pub creates: &'static [Words],
}

impl Cloud {
    /// Terraform's part; `None` where the machine is there already.
    pub fn module(&self) -> Option<&'static Module> {
        match self.provisioner {
            Provisioner::Terraform(module) => Some(module),
            Provisioner::Existing => None,
        }
    }

    /// Sources of all Terraform providers, its own first.
    pub fn providers(&self) -> Vec<&'static str> {
        let all = self.module().into_iter().flat_map(|module| module.providers);
        all.map(|provider| provider.source).collect()
    }

    /// Whether a plan tells what the machine costs.
    pub fn tells_price(&self) -> bool {
        self.module().is_some_and(Module::tells_price)
    }

    pub fn region(&self, slug: &str) -> Option<&'static Region> {
        self.regions.iter().find(|region| region.slug == slug)
    }

    /// Scripts that bring the secrets to the services on the machine, by their names in the bundle.
    pub fn secret_scripts(&self) -> &'static [&'static str] {
        match self.vault {
            Some(_) => &["fetch-secrets.sh"],
            None => &["load-secrets.sh", "store-secrets.sh"],
        }
    }
}
