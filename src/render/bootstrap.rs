//! `bootstrap.sh`: all host files in one script, on its own or inside `cloud-init.yaml`.

use super::text::Templates;
use super::{RenderedFile, bug, payload};
use crate::error::Result;
use crate::layout::BOOTSTRAP;

/// How the script reaches the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Alone,
    /// Inside a file with a header of its own.
    InCloudConfig,
    /// Compressed as a whole by Terraform.
    InGzip,
}

/// Packs the files in the form that is sent.
pub(super) fn script(templates: &Templates, host: &[RenderedFile], form: Form) -> Result<String> {
    let packed = match form {
        Form::Alone | Form::InCloudConfig => payload::compressed(host),
        Form::InGzip => payload::plain(host),
    };
    let packed = packed.map_err(|error| bug(BOOTSTRAP, &error))?;
    let context = [
        ("packed", tera::Value::from(packed.text)),
        ("manifest_sha256", packed.manifest_sha256.into()),
        ("is_plain", (form == Form::InGzip).into()),
        ("is_alone", (form != Form::InCloudConfig).into()),
    ];
    templates.render_with(BOOTSTRAP, &context)
}
