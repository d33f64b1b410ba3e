//! Clouds: where the agent runs and where its secrets live. Each is a folder here, and one line in this file.

mod azure;
mod cloud;
mod failure;
mod firewall;
pub mod lighthouse;
mod metadata;
mod module;
pub mod provisioning;
mod size;
mod tags;
mod user_data;
mod vault;

pub use cloud::Cloud;
pub use failure::Failure;
pub use firewall::{Admitted, IdentityShape, NetworkShape, Ports, RuleShape, RulesIn, When};
pub use metadata::{MetadataAddress, ON_IPV6};
pub use module::{
    Backend, DestroyGuard, ENGINE_INSTALLED, Fact, Module, Outdated, PRICE_OUTPUT, Provisioner, RootVariable,
    TerraformProvider,
};
pub use size::{Region, Size};
pub use tags::TagRules;
pub use user_data::{CommandService, Encoding, UserData};
pub use vault::Vault;

use crate::tables::row;

/// In the order users see them.
pub const CLOUDS: &[Cloud] = &[azure::AZURE, lighthouse::LIGHTHOUSE];

row!(Cloud, "cloud", CLOUDS);
