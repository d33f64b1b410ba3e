//! Checks the local state before any program reads it.

use serde::Deserialize;

use super::folder::Folder;
use crate::deployment::Deployment;
use crate::error::{Error, Result};
use crate::layout::STATE_FILE;
use crate::text::shown;

/// The registries of providers that name no host.
const HOSTS: &[&str] = &["registry.terraform.io", "registry.opentofu.org"];

/// Built into Terraform, so nothing is downloaded for it.
const BUILT_IN: &str = "terraform.io/builtin/terraform";

/// The only format that current engines write; they still read older ones, which name providers in other places.
const VERSION: u64 = 4;

#[derive(Deserialize)]
struct StateFile {
    version: u64,
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    provider: String,
}

/// Fails if the state names a provider that is not the cloud's: `init` downloads and runs every provider in the state,
/// whatever the configuration says.
///
/// # Errors
/// Such a provider, and a state that cannot be read.
pub(super) fn check(folder: &Folder, d: &Deployment) -> Result<()> {
    let Some(bytes) = folder.bytes(STATE_FILE)?.filter(|bytes| !bytes.is_empty()) else {
        return Ok(());
    };
    let read: Option<StateFile> = serde_json::from_slice(&bytes).ok();
    let state = read.filter(|state| state.version == VERSION).ok_or_else(|| {
        Error::usage(format!("`{STATE_FILE}` is not a Terraform state"))
            .hint("restore the state of the last apply from a backup")
    })?;
    let sources = d.cloud.providers();
    let is_one = |address: &str| {
        let mut all = HOSTS
            .iter()
            .flat_map(|host| sources.iter().map(move |source| format!("{host}/{source}")));
        all.any(|one| one == address)
    };
    let ours = |address: &str| address == BUILT_IN || is_one(address);
    match state
        .resources
        .iter()
        .map(|resource| address(&resource.provider))
        .find(|address| !ours(address))
    {
        Some(address) => Err(Error::usage(format!(
            "`{STATE_FILE}` names the provider `{}`, which this bundle does not use; allowed: {}",
            shown(address),
            sources.join(", ")
        ))
        .hint("the state is not from this bundle: find out where it comes from")),
        None => Ok(()),
    }
}

/// From `module.agent.provider["registry.terraform.io/NAMESPACE/NAME"].alias`.
fn address(provider: &str) -> &str {
    let inner = provider
        .split_once("provider[\"")
        .and_then(|(_, rest)| rest.split_once("\"]"));
    inner.map_or(provider, |(address, _)| address)
}
