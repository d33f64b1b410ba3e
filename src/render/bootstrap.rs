//! `bootstrap.sh`: all host files in one script, on its own or inside `cloud-init.yaml`.

use super::text::Templates;
use super::{RenderedFile, bug, payload};
use crate::error::Result;
use crate::layout::BOOTSTRAP;

/// Packs the files in the form that is sent.
pub(super) fn script(templates: &Templates, host: &[RenderedFile]) -> Result<String> {
    let packed = payload::pack(host).map_err(|error| bug(BOOTSTRAP, &error))?;
    let facts = [("packed", &packed.text), ("manifest_sha256", &packed.manifest_sha256)];
    templates.render_with(BOOTSTRAP, &facts)
}
