//! The state beside the bundle, before any program reads it.

use serde::Deserialize;

use super::folder::Folder;
use crate::deployment::Deployment;
use crate::error::{Error, Result};
use crate::layout::STATE_FILE;
use crate::text::shown;

/// Where the engines look for providers that name no other host.
const HOSTS: &[&str] = &["registry.terraform.io", "registry.opentofu.org"];

/// Terraform's own, which is no program of its own.
const BUILT_IN: &str = "terraform.io/builtin/terraform";

/// The only shape that the engines in use write; they still read older ones, which name providers elsewhere.
const VERSION: u64 = 4;

#[derive(Deserialize)]
struct State {
    version: u64,
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    provider: String,
}

/// Fails when the state names another provider than the cloud's: `init` downloads and runs every one that it names,
/// whatever the configuration says.
///
/// # Errors
/// Such a provider, and a state that cannot be read.
pub(super) fn check(folder: &Folder, d: &Deployment) -> Result<()> {
    let Some(bytes) = folder.bytes(STATE_FILE)?.filter(|bytes| !bytes.is_empty()) else {
        return Ok(());
    };
    let read: Option<State> = serde_json::from_slice(&bytes).ok();
    let state = read.filter(|state| state.version == VERSION).ok_or_else(|| {
        Error::usage(format!("`{STATE_FILE}` is no state of Terraform's"))
            .hint("put the state back that the last apply left, from a backup")
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
        .hint("this is not what was applied from this bundle: find out where the state comes from")),
        None => Ok(()),
    }
}

/// Out of `module.agent.provider["registry.terraform.io/hashicorp/azurerm"].alias`.
fn address(provider: &str) -> &str {
    let inner = provider
        .split_once("provider[\"")
        .and_then(|(_, rest)| rest.split_once("\"]"));
    inner.map_or(provider, |(address, _)| address)
}
