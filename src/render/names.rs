//! Every name that a bundle's files can have, whatever the deployment.

use super::assets;
use crate::chats::Bridge;
use crate::clouds::Cloud;
use crate::layout::{BOOTSTRAP, CLOUD_INIT, LOCK_FILE, ROOT_MODULE, SPEC_FILE};
use crate::tables::Row;

/// Files that no template of the same name makes.
const OTHERS: &[&str] = &[
    BOOTSTRAP,
    CLOUD_INIT,
    LOCK_FILE,
    SPEC_FILE,
    "mcp.json",
    "runtime.env",
    ".cnb.yml",
    ".cnb/secrets.example.yml",
    ".cnb/tag_deploy.yml",
    ".cnb/web_trigger.yml",
];

/// Whether this program writes a file of this name into some bundle: a list found in a folder may name others.
pub fn is_generated(path: &str) -> bool {
    let template = assets::TEMPLATES.iter().any(|(name, _)| *name == path) && !assets::is_included(path);
    let of_bridge = Bridge::rows().iter().any(|bridge| {
        path == format!("{}.env", bridge.slug) || path == format!("codewhale-{}-bridge.service", bridge.slug)
    });
    let of_module = || {
        let (cloud, file) = path.strip_prefix("modules/")?.split_once('/')?;
        let row = Cloud::rows().iter().find(|row| row.slug == cloud)?;
        row.module_files.iter().find(|(name, _)| *name == file)
    };
    template || OTHERS.contains(&path) || ROOT_MODULE.contains(&path) || of_bridge || of_module().is_some()
}
