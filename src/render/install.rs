//! `install.sh`: fragments that every machine shares, and at their hooks what this machine's parts add.
//!
//! A part is a file in `templates/install/parts/`, one block for each hook that it adds something to. Which parts a
//! machine has is data, so that no shared fragment asks for an agent or for a store of secrets.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::assets::TEMPLATES;
use super::text::Templates;
use crate::deployment::Deployment;
use crate::error::Result;
use crate::tables::{Bootstrap, SecretStore};

const INSTALL: &str = "install.sh";

/// Every block of every part: part and hook.
static BLOCKS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let parts = TEMPLATES.iter().filter(|(name, _)| name.starts_with("install/parts/"));
    parts
        .flat_map(|&(name, source)| blocks(source).map(move |hook| (name, hook)))
        .collect()
});

fn blocks(source: &'static str) -> impl Iterator<Item = &'static str> {
    source
        .split("{% block ")
        .skip(1)
        .filter_map(|rest| rest.split(' ').next())
}

/// In the order in which they add to a hook.
fn parts(deployment: &Deployment) -> Vec<&'static str> {
    let mut parts = vec!["codewhale"];
    let vault = deployment.cloud.secret_store == SecretStore::KeyVault;
    parts.push(if vault { "vault" } else { "without-vault" });
    match (&deployment.broker, vault) {
        (Some(_), true) => parts.push("broker"),
        (Some(_), false) => parts.extend(["broker", "broker-without-vault"]),
        (None, _) => parts.push("without-broker"),
    }
    parts.push(match deployment.bootstrap {
        Bootstrap::CloudInit => "user-data",
        Bootstrap::Tat | Bootstrap::Ssh | Bootstrap::Cnb => "pushed",
    });
    parts
}

pub(super) fn render(deployment: &Deployment, templates: &Templates) -> Result<String> {
    let mut hooks: BTreeMap<&str, String> = BLOCKS.iter().map(|&(_, hook)| (hook, String::new())).collect();
    for part in parts(deployment) {
        let part = format!("install/parts/{part}.sh");
        for &(_, hook) in BLOCKS.iter().filter(|(name, _)| *name == part) {
            *hooks.entry(hook).or_default() += &templates.block(&part, hook)?;
        }
    }
    templates.render_with(INSTALL, &[("hooks", &hooks)])
}
