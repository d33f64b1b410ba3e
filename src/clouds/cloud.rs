//! What a cloud's row says.

use super::provisioning::Provisioning;
use crate::tables::{Architecture, Bootstrap, Install, SecretStore};

/// A machine size, as far as its name or the table tells.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub slug: &'static str,
    pub vcpus: u16,
    pub memory_gib: u16,
    /// Estimate, US dollars a month, Linux, in the cloud's default region; `None` where only the cloud knows.
    pub monthly_usd: Option<f32>,
}

/// A fact of the deployment that a module variable can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Architecture,
    /// Text of what the machine runs first; null where something else brings it.
    CloudInit,
    /// Id of the deployment.
    Id,
    KeyVaultName,
    Location,
    Name,
    RuntimePort,
    SecretValues,
    SecretVersions,
    Size,
    SshAllowedCidrs,
    SshPublicKey,
    Tags,
    TrustedLaunch,
    /// The root variable of the input's own name: see [`RootVariable`].
    Variable,
    VmRevision,
}

/// Output of a module that tells what the machine costs, where the cloud itself knows: a text.
pub const PRICE_OUTPUT: &str = "monthly_price";

/// One cloud.
#[derive(Clone, Copy, Debug)]
pub struct Cloud {
    /// Also names `modules/<slug>`.
    pub slug: &'static str,
    pub display_name: &'static str,
    pub aliases: &'static [&'static str],
    pub secret_store: SecretStore,
    /// Ways to install the runtime; the first is the default.
    pub installs: &'static [Install],
    /// Ways of the host files to the machine; the first is the default.
    pub bootstraps: &'static [Bootstrap],
    pub default_mirror: &'static str,
    pub default_region: &'static str,
    /// Known regions; others are passed on with a warning.
    pub regions: &'static [&'static str],
    /// Those in mainland China, where other downloads and another language are the default.
    pub mainland_regions: &'static [&'static str],
    pub default_size: &'static str,
    /// Sizes with known memory and price; others are passed on with a warning.
    pub sizes: &'static [Size],
    /// Reads the architecture out of a size name; `None` when it is not a size name at all.
    pub size_architecture: fn(&str) -> Option<Architecture>,
    pub size_form: &'static str,
    /// Whether secure boot and a virtual TPM can be asked for.
    pub trusted_launch: fn(&str) -> bool,
    /// Whether its firewall rules take IPv6 sources.
    pub ssh_ipv6: bool,
    pub metadata: Metadata,
    /// Whether bundles have a CNB pipeline.
    pub cnb: bool,
    pub tags: TagRules,
    /// Estimate for everything but the machine, US dollars a month.
    pub other_monthly_usd: f32,
    /// What that estimate counts.
    pub other_cost_note: &'static str,
    /// When the prices were looked up, `YYYY-MM`.
    pub priced: &'static str,
    pub terraform_provider: TerraformProvider,
    /// Those that its module needs beside that one.
    pub further_providers: &'static [FurtherProvider],
    pub provisioning: Provisioning,
    /// Module variable and what fills it, in the order they are written.
    pub module_inputs: &'static [(&'static str, Fact)],
    /// Variables of the root that people may set in `terraform.tfvars`.
    pub variables: &'static [RootVariable],
    /// Outputs of the module that the root passes on.
    pub module_outputs: &'static [(&'static str, &'static str)],
    /// What the emulator plays of it: its providers, the same as [`Cloud::providers`].
    pub rehearsal: &'static [rehearse::Provider],
    /// The module's own files, copied into the bundle.
    pub module_files: &'static [(&'static str, &'static str)],
    /// What the operator needs at hand before applying.
    pub at_hand: &'static [&'static str],
    /// Facts an operator meets when something fails: symptom, then what to do.
    pub troubles: &'static [(&'static str, &'static str)],
    /// Shell command that runs the script given as its last argument on the machine through the cloud's own API.
    pub run_without_ssh: &'static str,
    /// Shell command that lists what a deployment made, where no state tells; `{id}`, `{name}` and `{region}` stand for the
    /// deployment's.
    pub find_without_state: &'static str,
    /// How to be rid of that, then.
    pub remove_without_state: &'static str,
    /// How the machine costs less while nobody needs it, or why it cannot; code and prose, for the runbook.
    pub pause: &'static str,
    /// What stays behind after destroying.
    pub after_destroy: &'static str,
    /// What applying creates, one line each, for the summary and the runbook.
    pub creates: &'static [&'static str],
}

impl Cloud {
    /// Sources of all providers, its own first.
    pub fn providers(&self) -> Vec<&'static str> {
        let further = self.further_providers.iter().map(|provider| provider.source);
        std::iter::once(self.terraform_provider.source).chain(further).collect()
    }

    /// Whether a plan tells what the machine costs.
    pub fn tells_price(&self) -> bool {
        self.module_outputs.iter().any(|(name, _)| *name == PRICE_OUTPUT)
    }
}

/// The service that tells a machine about itself, and gives out its identity.
#[derive(Clone, Copy, Debug)]
pub struct Metadata {
    pub address: &'static str,
    /// Further addresses that agents have no business with, and their TCP ports as nftables writes a set.
    pub others: &'static [(&'static str, &'static str)],
}

/// A variable of the root module that is handed on to the module's input of the same name.
#[derive(Clone, Copy, Debug)]
pub struct RootVariable {
    pub name: &'static str,
    /// HCL.
    pub kind: &'static str,
    /// HCL.
    pub default: &'static str,
    pub description: &'static str,
}

/// What a cloud accepts as tags.
#[derive(Clone, Copy, Debug)]
pub struct TagRules {
    pub most: usize,
    pub longest_key: usize,
    pub longest_value: usize,
    /// Characters a key may not hold.
    pub not_in_key: &'static str,
    /// Words a key may not start with, lower case.
    pub reserved_prefixes: &'static [&'static str],
}

/// The Terraform provider a cloud's module needs.
#[derive(Clone, Copy, Debug)]
pub struct TerraformProvider {
    pub name: &'static str,
    pub source: &'static str,
    pub version: &'static str,
    /// HCL of the root module's provider block; `{region}` stands for the deployment's.
    pub block: &'static str,
    /// Where several people can keep the state together.
    pub backend: Backend,
}

/// A Terraform provider for what the cloud's own cannot do; it logs in the same way.
#[derive(Clone, Copy, Debug)]
pub struct FurtherProvider {
    pub name: &'static str,
    pub source: &'static str,
    pub version: &'static str,
    /// HCL of the root module's provider block.
    pub block: &'static str,
}

/// A place for the state, in a file of the operator's own.
#[derive(Clone, Copy, Debug)]
pub struct Backend {
    pub kind: &'static str,
    /// Settings such a file may have: none that holds a key or names another host.
    pub settings: &'static [&'static str],
    /// HCL of one, shown commented out.
    pub example: &'static str,
}
