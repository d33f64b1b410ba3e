//! Every name that a bundle's files can have, whatever the deployment.

use super::{BOOTSTRAP, CLOUD_INIT, LOCK_FILE, SPEC_FILE, assets};
use crate::chats::Bridge;
use crate::clouds::Cloud;
use crate::tables::Row;

/// Files that no template of the same name makes.
const OTHERS: &[&str] = &[
    BOOTSTRAP,
    CLOUD_INIT,
    LOCK_FILE,
    SPEC_FILE,
    "main.tf",
    "mcp.json",
    "outputs.tf",
    "runtime.env",
    "terraform.tf",
    "variables.tf",
    ".cnb.yml",
    ".cnb/secrets.example.yml",
    ".cnb/tag_deploy.yml",
    ".cnb/web_trigger.yml",
];

/// Whether this program writes a file of this name into some bundle: a list found in a folder may name others.
pub fn is_generated(path: &str) -> bool {
    let template = assets::TEMPLATES.iter().any(|(name, _)| *name == path) && !path.starts_with("parts/");
    let of_bridge = Bridge::rows().iter().any(|bridge| {
        path == format!("{}.env", bridge.slug) || path == format!("codewhale-{}-bridge.service", bridge.slug)
    });
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
    template || of_vault() || OTHERS.contains(&path) || of_bridge || of_module().is_some()
}
