//! From a spec to a deployment: every lookup, default and cross-check.

use super::broker::broker;
use super::chat::{allowlist, bridge_settings};
use super::delivery::{self, extra_files};
use super::machine::{architecture, install, mirror, region, sources, version};
use super::model::{base_url, model};
use super::network::{examples, ssh_cidrs};
use super::pins;
use super::refusal::{check, missing, refused, required};
use super::tags::tags;
use super::{DEFAULT_VERSION, Deployment, Facts, Warning, mcp, secrets};
use crate::agents::MIRRORS;
use crate::chats::Bridge;
use crate::clouds::Cloud;
use crate::error::Result;
use crate::inputs::{Cnb, Sources, Spec, field, spec, ssh_key, syntax};
use crate::model_providers::KeyBroker;
use crate::model_providers::Provider;
use crate::tables::Architecture;
use crate::tables::Bootstrap;
use crate::tables::CnbDeploy;
use crate::tables::Install;
use crate::tables::find;

impl Deployment {
    /// Resolves a spec against the tables. The only way to make a deployment.
    ///
    /// # Errors
    /// The first value that is missing or not accepted, by flag, with what is allowed.
    pub fn resolve(asked: &Spec) -> Result<Deployment> {
        Deployment::resolved(asked).map_err(|error| asked.origins.placed(error))
    }

    fn resolved(asked: &Spec) -> Result<Deployment> {
        if let Some(version) = asked.version.filter(|version| *version != spec::VERSION) {
            let why = format!("is a format that this program does not read; allowed: {}", spec::VERSION);
            return Err(refused("version", &version.to_string(), why)
                .hint("use the release of remote-setup that wrote the file"));
        }
        let cloud: &Cloud = find(required(asked.cloud.as_deref(), "cloud")?)?;
        let bridge: &Bridge = find(required(asked.bridge.as_deref(), "bridge")?)?;
        let provider: &Provider = find(required(asked.provider.as_deref(), "provider")?)?;
        if let Some(reason) = provider.unsupported {
            return Err(refused("provider", provider.slug, format!("cannot be deployed: {reason}"))
                .hint("choose another: `remote-setup list providers`"));
        }
        let mut warnings = Vec::new();
        let id = check(required(asked.id.as_deref(), "id")?, "id", syntax::id)?;
        let name = check(asked.name.as_deref().unwrap_or("codewhale"), "name", syntax::name)?;
        let region = region(cloud, asked.region.as_deref(), &mut warnings)?;
        let size = asked.size.as_deref().unwrap_or(cloud.default_size);
        let architecture = architecture(cloud, size, &mut warnings)?;
        let known_size = cloud.sizes.iter().find(|known| known.slug == size);
        let install = install(asked.install.as_deref(), cloud)?;
        let mainland = cloud.region(&region).is_some_and(|region| region.mainland);
        let default_mirror = if mainland { "cnb" } else { MIRRORS[0].slug };
        let mirror = mirror(asked.mirror.as_deref().unwrap_or(default_mirror))?;
        if install == Install::Native && architecture == Architecture::Arm64 && !mirror.arm64 {
            let why = format!("has no arm64 build, and size `{size}` is arm64");
            return Err(refused("mirror", mirror.slug, why).better("use {}, or an x64 size", "mirror", "github"));
        }
        let version = version(asked.codewhale_version.as_deref().unwrap_or(DEFAULT_VERSION))?;
        let asked_sources = asked.sources.clone().unwrap_or_default();
        let model = model(provider, asked.model.as_deref().unwrap_or("auto"), &mut warnings)?;
        let base_url = base_url(provider, asked.base_url.as_deref())?;
        if let Some(url) = &base_url {
            warnings.push(Warning::ModelServer {
                provider: provider.display_name,
                url: url.clone(),
                model: model.clone(),
            });
        }
        let ssh_public_key = check(
            required(asked.ssh_public_key.as_deref(), "ssh_public_key")?,
            "ssh_public_key",
            ssh_key::check,
        )?;
        let ssh_list = asked.allow_ssh_from.as_ref().ok_or_else(|| missing("allow_ssh_from"))?;
        let ssh_cidrs = ssh_cidrs(cloud, ssh_list)?;
        warnings.extend(examples(&ssh_cidrs));
        if ssh_cidrs.iter().any(|net| net.addr().is_ipv6()) {
            warnings.push(Warning::Ipv4Only);
        }
        match cloud.vault {
            Some(_) => {
                if asked.allow_vault_from.is_some() {
                    warnings.push(Warning::AllowVaultFrom);
                }
            }
            None => {
                if let Some(text) = asked.allow_vault_from.iter().flatten().next() {
                    return Err(refused(
                        "allow_vault_from",
                        text,
                        format_args!("has no meaning: {} has no vault", cloud.display_name.en),
                    )
                    .hint("leave it out"));
                }
                if ssh_cidrs.is_empty() {
                    warnings.push(Warning::SecretsByHand);
                }
            }
        }
        let bootstrap = delivery::bootstrap(cloud, asked.bootstrap.as_deref(), ssh_cidrs.is_empty())?;
        let cnb = delivery::cnb(cloud, asked.cnb.as_ref(), bootstrap, &name)?;
        if cnb
            .as_ref()
            .is_some_and(|cnb| cnb.given && cnb.deploy == CnbDeploy::Ssh)
        {
            warnings.push(Warning::CnbRunners);
        }
        let lang = delivery::lang(asked.lang.as_deref(), mainland)?;
        let allowlist = allowlist(bridge, asked.allowlist.as_deref().unwrap_or(&[]))?;
        let bridge_settings = bridge_settings(bridge, asked.bridge_settings.as_ref())?;
        let workspace = check(asked.workspace.as_deref().unwrap_or("/opt/whalebro"), "workspace", syntax::workspace)?;
        let port = asked.port.unwrap_or(7878);
        let workers = asked.workers.unwrap_or(2);
        check(&port.to_string(), "port", |text| syntax::number(text, 1024, u16::MAX))?;
        check(&workers.to_string(), "workers", |text| syntax::number(text, 1, 8))?;
        let broker = broker(provider, port);
        if let (Some(_), KeyBroker::Cannot(reason)) = (provider.key(), provider.broker) {
            warnings.push(Warning::KeyInRuntime {
                provider: provider.display_name,
                reason,
            });
        }
        let tags = tags(cloud, asked.tags.as_ref())?;
        let sources = sources(mirror, &asked_sources)?;
        let extra_files = extra_files(asked.extra_files.as_deref().unwrap_or(&[]))?;
        let secrets = secrets::slots(provider, bridge, broker.is_some());
        let mcp_servers = mcp::servers(asked.mcp_servers.as_ref(), &workspace, &secrets)?;
        let asked_pins = pins::asked(asked.pins.as_ref(), &version)?;
        let pins = pins::all(asked_pins.clone(), &version, mirror, &asked_sources);
        pins::warnings(&pins, pins::pinnable(install, architecture), &asked_sources, &mut warnings);

        let resolved_spec = Spec {
            version: Some(spec::VERSION),
            id: Some(id.clone()),
            name: Some(name.clone()),
            cloud: Some(cloud.slug.to_owned()),
            region: Some(region.clone()),
            size: Some(size.to_owned()),
            bridge: Some(bridge.slug.to_owned()),
            bridge_settings: (!bridge_settings.is_empty()).then(|| {
                let owned = |(name, value): &(&str, String)| ((*name).to_owned(), value.clone());
                bridge_settings.iter().map(owned).collect()
            }),
            allowlist: Some(allowlist.clone()),
            provider: Some(provider.slug.to_owned()),
            model: Some(model.clone()),
            base_url: base_url.clone(),
            ssh_public_key: Some(ssh_public_key.clone()),
            allow_ssh_from: Some(ssh_cidrs.iter().map(ToString::to_string).collect()),
            // It has no effect any more, so nothing writes it anew.
            allow_vault_from: None,
            workspace: Some(workspace.clone()),
            port: Some(port),
            workers: Some(workers),
            install: Some(install.slug().to_owned()),
            codewhale_version: Some(version.clone()),
            mirror: Some(mirror.slug.to_owned()),
            mcp_servers: (!mcp_servers.is_empty()).then(|| mcp_servers.clone()),
            bootstrap: (cloud.bootstraps != [Bootstrap::CloudInit]).then(|| bootstrap.slug().to_owned()),
            cnb: cnb.as_ref().map(|cnb| Cnb {
                deploy: Some(cnb.deploy.slug().to_owned()),
                ..asked.cnb.clone().unwrap_or_default()
            }),
            lang: Some(lang.slug().to_owned()),
            extra_files: (!extra_files.is_empty()).then(|| extra_files.clone()),
            sources: (asked_sources != Sources::default()).then_some(asked_sources),
            pins: asked_pins,
            tags: Some(tags.iter().cloned().collect()),
            origins: asked.origins.clone(),
        };
        let memory_mib = known_size.map_or(2048, |known| u32::from(known.memory_gib) * 1024);
        Ok(Deployment(Facts {
            spec: resolved_spec,
            trusted_launch: (cloud.trusted_launch)(size),
            monthly_usd: known_size.and_then(|known| known.monthly_usd.map(|usd| usd + cloud.other_monthly_usd)),
            vault_name: cloud.vault.map(|vault| (vault.name)(&name, &id)),
            secrets,
            container_memory_mib: memory_mib / 4 * 3,
            size: size.to_owned(),
            id,
            name,
            cloud,
            region,
            architecture,
            bridge,
            bridge_settings,
            allowlist,
            provider,
            model,
            base_url,
            broker,
            ssh_public_key,
            ssh_cidrs,
            workspace,
            port,
            workers,
            install,
            version,
            sources,
            mcp_servers,
            pins,
            bootstrap,
            cnb,
            lang,
            extra_files,
            tags,
            warnings,
        }))
    }

    /// Keys of the spec that have no value and no default.
    pub fn missing(asked: &Spec) -> Vec<&'static field::Field> {
        let provider: Option<&Provider> = asked.provider.as_deref().and_then(|name| find(name).ok());
        let keyless = provider.is_some_and(Provider::is_keyless);
        let absent = [
            ("cloud", asked.cloud.is_none()),
            ("bridge", asked.bridge.is_none()),
            ("provider", asked.provider.is_none()),
            ("model", keyless && asked.model.is_none()),
            ("base_url", keyless && asked.base_url.is_none()),
            ("ssh_public_key", asked.ssh_public_key.is_none()),
            ("allow_ssh_from", asked.allow_ssh_from.is_none()),
        ];
        let absent = absent.into_iter().filter(|(_, absent)| *absent);
        absent.map(|(key, _)| field::by_key(key)).collect()
    }
}
