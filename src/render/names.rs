//! All possible names of files in a bundle, whatever the deployment.

use super::assets;
use crate::agents::Agent;
use crate::clouds::Cloud;
use crate::layout::{BOOTSTRAP, CLOUD_INIT, LOCK_FILE, ROOT_MODULE, SPEC_FILE};
use crate::tables::Row;

/// Files that do not come from a template of the same name.
const OTHERS: &[&str] = &[
    "Dockerfile",
    BOOTSTRAP,
    CLOUD_INIT,
    LOCK_FILE,
    SPEC_FILE,
    "runtime.env",
    ".cnb.yml",
    ".cnb/secrets.example.yml",
    ".cnb/tag_deploy.yml",
    ".cnb/web_trigger.yml",
];

/// Units of every agent, without its name as a prefix.
const UNITS: &[&str] = &["broker", "metadata-block", "runtime", "secrets"];

/// Whether some bundle has a generated file of this name: a list found in a folder may name anything.
pub fn is_generated(path: &str) -> bool {
    let is_piece = assets::is_included(path) || path.ends_with(".service");
    let template = assets::TEMPLATES.iter().any(|(name, _)| *name == path) && !is_piece;
    let of_agent = Agent::rows().iter().any(|agent| is_of(agent, path));
    let of_module = || {
        let (cloud, file) = path.strip_prefix("modules/")?.split_once('/')?;
        let row = Cloud::rows().iter().find(|row| row.slug == cloud)?;
        row.module()?.files.iter().find(|(name, _)| *name == file)
    };
    let of_vault = || {
        Cloud::rows()
            .iter()
            .any(|cloud| cloud.vault.is_some() && cloud.secret_scripts().contains(&path))
    };
    template || OTHERS.contains(&path) || ROOT_MODULE.contains(&path) || of_agent || of_vault() || of_module().is_some()
}

fn is_of(agent: &Agent, path: &str) -> bool {
    let unit = path
        .strip_suffix(".service")
        .and_then(|name| name.strip_prefix(agent.slug));
    let unit = unit.and_then(|name| name.strip_prefix('-'));
    let of_bridge = agent.bridges.iter().any(|bridge| {
        path.strip_suffix(".env") == Some(bridge.slug)
            || unit.and_then(|name| name.strip_suffix("-bridge")) == Some(bridge.slug)
    });
    let of_config = agent.config_files.contains(&path) || agent.mcp_file == Some(path);
    of_bridge || of_config || unit.is_some_and(|name| UNITS.contains(&name))
}
