//! `bootstrap.sh`: all host files in one script, a file of its own or carried by `cloud-init.yaml`.

use super::text::Templates;
use super::{BOOTSTRAP, RenderedFile, bug, payload};
use crate::error::{Error, Result};

/// TencentCloud Automation Tools take a command of 64 KiB in base64; this is what fits, with the module's lines around it.
/// Source: provider tencentcloud 1.83, `content` of tat_command.
const LIMIT: usize = 48 * 1024 - 512;

/// As the cloud's agent takes it.
pub(super) fn render(templates: &Templates, host: &[RenderedFile]) -> Result<String> {
    let text = script(templates, host)?;
    if text.len() > LIMIT {
        return Err(
            Error::usage(format!("{BOOTSTRAP} has {} bytes; the cloud's agent takes {LIMIT}", text.len()))
                .hint("shorten the allowlist"),
        );
    }
    Ok(text)
}

/// Of the files as they travel.
pub(super) fn script(templates: &Templates, host: &[RenderedFile]) -> Result<String> {
    let packed = payload::pack(host).map_err(|error| bug(BOOTSTRAP, &error))?;
    let facts = [("packed", &packed.text), ("manifest_sha256", &packed.manifest_sha256)];
    templates.render_with(BOOTSTRAP, &facts)
}
