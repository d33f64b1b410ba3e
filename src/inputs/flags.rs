//! Flags as a layer of the spec.

use crate::cli::GenerateArgs;
use crate::error::{Error, Result};
use crate::inputs::origin::Origin;
use crate::inputs::{Cnb, Spec, field, ssh_key, syntax};

/// What the flags say.
///
/// # Errors
/// The first flag whose value has the wrong form.
pub fn layer(args: &GenerateArgs) -> Result<Spec> {
    let named = |key: &'static str| move |error: Error| error.context(field::by_key(key).name());
    let spec = Spec {
        cloud: args.cloud.clone(),
        bridge: args.bridge.clone(),
        provider: args.provider.clone(),
        model: args.model.clone(),
        base_url: args.base_url.clone(),
        allowlist: args.allowlist.as_deref().map(syntax::list),
        bridge_settings: pairs(&args.bridge_setting).map_err(named("bridge_settings"))?,
        name: args.name.clone(),
        region: args.region.clone(),
        size: args.size.clone(),
        workspace: args.workspace.clone(),
        port: port(args.port.as_deref()).map_err(named("port"))?,
        workers: workers(args.workers.as_deref()).map_err(named("workers"))?,
        tags: pairs(&args.tag).map_err(named("tags"))?,
        ssh_public_key: match &args.ssh_public_key {
            Some(value) => Some(ssh_key::text_or_file(value).map_err(named("ssh_public_key"))?),
            None => None,
        },
        allow_ssh_from: given(&args.allow_ssh_from),
        allow_vault_from: given(&args.allow_vault_from),
        install: args.install.clone(),
        codewhale_version: args.codewhale_version.clone(),
        mirror: args.mirror.clone(),
        bootstrap: args.bootstrap.clone(),
        cnb: cnb(args),
        lang: args.lang.clone(),
        ..Spec::default()
    };
    Ok(spec.given_by(&Origin::Flag))
}

fn cnb(args: &GenerateArgs) -> Option<Cnb> {
    let cnb = Cnb {
        repository: args.cnb_repository.clone(),
        secrets: args.cnb_secrets.clone(),
        deploy: args.cnb_deploy.clone(),
    };
    (cnb != Cnb::default()).then_some(cnb)
}

/// The runtime's port: never a privileged one.
pub fn port(value: Option<&str>) -> Result<Option<u16>> {
    value.map(|text| syntax::number(text, 1024, u16::MAX)).transpose()
}

/// The runtime clamps anything else into this range.
pub fn workers(value: Option<&str>) -> Result<Option<u8>> {
    value.map(|text| syntax::number(text, 1, 8)).transpose()
}

fn given(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| syntax::cidr_list(values))
}

fn pairs(values: &[String]) -> Result<Option<std::collections::BTreeMap<String, String>>> {
    if values.is_empty() {
        return Ok(None);
    }
    values
        .iter()
        .map(|value| syntax::pair(value))
        .collect::<Result<_>>()
        .map(Some)
}
