//! `install.sh`: shared fragments, with hooks where a machine's parts add their steps.
//!
//! A part is a file in `templates/install/parts/`, or the agent's own template of this name, with one block per hook
//! that it extends. Which parts a machine has is data, so that no shared fragment asks about agents or stores of
//! secrets.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::assets::{OF_AGENT, TEMPLATES, is_included};
use super::bug;
use super::text::Templates;
use crate::agents::Agent;
use crate::deployment::Deployment;
use crate::error::Result;
use crate::tables::{Bootstrap, Install};

const INSTALL: &str = "install.sh";

/// Every hook of the shared fragments.
static HOOKS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let shared = TEMPLATES
        .iter()
        .filter(|(name, _)| *name == INSTALL || is_included(name));
    shared
        .flat_map(|(_, source)| names_behind("{{ hooks.", source))
        .collect()
});

/// Every hook that a part extends.
fn blocks(agent: &Agent, part: &str) -> Vec<&'static str> {
    let own = |name: &str| Some(name) == part.strip_prefix("agent/");
    let source = TEMPLATES.iter().find(|(name, _)| *name == part);
    let source = source.or(agent.fragments.iter().find(|(name, _)| own(name)));
    source.map_or(Vec::new(), |(_, source)| names_behind("{% block ", source).collect())
}

fn names_behind(tag: &'static str, source: &'static str) -> impl Iterator<Item = &'static str> {
    source.split(tag).skip(1).filter_map(|rest| rest.split(' ').next())
}

/// The parts of a machine, in the order in which they extend a hook.
fn parts(deployment: &Deployment) -> Vec<&'static str> {
    let mut parts = vec![OF_AGENT];
    let vault = deployment.cloud.vault.is_some();
    parts.push(if vault { "install/parts/vault.sh" } else { "install/parts/without-vault.sh" });
    match (&deployment.broker, vault) {
        (Some(_), true) => parts.push("install/parts/broker.sh"),
        (Some(_), false) => parts.extend(["install/parts/broker.sh", "install/parts/broker-without-vault.sh"]),
        (None, _) => parts.push("install/parts/without-broker.sh"),
    }
    parts.push(match deployment.bootstrap {
        Bootstrap::CloudInit => "install/parts/user-data.sh",
        Bootstrap::CommandService | Bootstrap::Ssh | Bootstrap::Cnb => "install/parts/pushed.sh",
    });
    if !deployment.sources.apt_mirror.is_empty() {
        parts.push("install/parts/apt-mirror.sh");
    }
    parts.push(match deployment.install {
        Install::Docker => "install/parts/docker.sh",
        Install::Native => "install/parts/native.sh",
    });
    parts
}

pub(super) fn render(deployment: &Deployment, templates: &Templates) -> Result<String> {
    let mut hooks: BTreeMap<&str, String> = HOOKS.iter().map(|hook| (*hook, String::new())).collect();
    for part in parts(deployment) {
        for hook in blocks(deployment.agent, part) {
            let text = templates.block(part, hook)?;
            *hooks
                .get_mut(hook)
                .ok_or_else(|| bug(part, &format!("there is no hook `{hook}`")))? += &text;
        }
    }
    templates.render_with(INSTALL, &[("hooks", &hooks)])
}
