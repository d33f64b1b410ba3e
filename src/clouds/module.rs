//! Who makes the machine: Terraform with a module of the cloud, or nobody, where it is there already.

use serde::Serialize;

use super::firewall::{IdentityShape, NetworkShape, RuleShape};
use crate::tables::{Words, words};

/// Who makes the machine.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub enum Provisioner {
    Terraform(&'static Module),
    /// A machine that is there already.
    Existing,
}

/// Everything that Terraform needs for one cloud.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Module {
    /// The cloud's own first.
    #[serde(skip)]
    pub providers: &'static [TerraformProvider],
    /// Where several people can keep the state together.
    #[serde(skip)]
    pub backend: Backend,
    /// The module's own files, copied into the bundle.
    #[serde(skip)]
    pub files: &'static [(&'static str, &'static str)],
    /// Module variable and what fills it, in the order they are written.
    #[serde(skip)]
    pub inputs: &'static [(&'static str, Fact)],
    /// Variables of the root that people may set in `terraform.tfvars`.
    #[serde(skip)]
    pub variables: &'static [RootVariable],
    /// Outputs of the module that the root passes on.
    #[serde(skip)]
    pub outputs: &'static [(&'static str, &'static str)],
    #[serde(skip)]
    pub rules: &'static [RuleShape],
    #[serde(skip)]
    pub network: NetworkShape,
    #[serde(skip)]
    pub identity: Option<IdentityShape>,
    /// Terraform's type of the machine.
    pub machine: &'static str,
    /// Types of what can be made anew without a loss.
    pub harmless_replacements: &'static [&'static str],
    /// Beginnings of addresses of what can go without a loss.
    pub harmless_deletions: &'static [&'static str],
    pub outdated: &'static [Outdated],
    pub destroy_guard: Option<DestroyGuard>,
}

/// Output of a module that tells what the machine costs, where the cloud itself knows: a text.
pub const PRICE_OUTPUT: &str = "monthly_price";

/// The files of `modules/<slug>`, with their texts.
macro_rules! module_files {
    ($slug:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/modules/", $slug, "/", $name)))),+]
    };
}
pub(crate) use module_files;

/// What every cloud that Terraform makes machines on asks of a person.
pub const ENGINE_INSTALLED: Words = words(
    "Terraform or OpenTofu, 1.11 or newer: `brew install opentofu`, or see <https://opentofu.org/docs/intro/install> \
     and <https://developer.hashicorp.com/terraform/install>.",
    "1.11 或更新的 Terraform 或 OpenTofu：`brew install opentofu`，\
     或参见 <https://opentofu.org/docs/intro/install> 和 <https://developer.hashicorp.com/terraform/install>。",
);

impl Module {
    /// The one that an operator's own files may use too.
    pub fn own_provider(&self) -> &'static TerraformProvider {
        &self.providers[0]
    }

    /// Whether a plan tells what the machine costs.
    pub fn tells_price(&self) -> bool {
        self.outputs.iter().any(|(name, _)| *name == PRICE_OUTPUT)
    }

    pub fn asks_for(&self, fact: Fact) -> bool {
        self.inputs.iter().any(|(_, asked)| *asked == fact)
    }
}

/// A fact of the deployment that a module variable can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Architecture,
    /// Text of what the machine runs first; null where something else brings it.
    FirstScript,
    /// Id of the deployment.
    Id,
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
    VaultName,
    VmRevision,
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

/// A Terraform provider that a cloud's module needs.
#[derive(Clone, Copy, Debug)]
pub struct TerraformProvider {
    pub name: &'static str,
    pub source: &'static str,
    pub version: &'static str,
    /// HCL of the root module's provider block; `{region}` stands for the deployment's.
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

/// What keeps the machine from being destroyed by accident, and the file that lifts it for one run.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct DestroyGuard {
    pub file: &'static str,
    pub text: &'static str,
}

/// What a state of an earlier version holds and this one keeps in another way.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Outdated {
    /// Without the keys of its instances.
    pub address: &'static str,
    pub why: &'static str,
    /// What becomes of the resource itself.
    pub kept: &'static str,
}
