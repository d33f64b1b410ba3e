//! From a spec to a deployment: every lookup, default and cross-check.

use super::broker::broker;
use super::chat::{allowlist, bridge_settings};
use super::delivery::{self, extra_files};
use super::machine::{architecture, check_build, install, mirror, region, sources, version};
use super::model::{base_url, model};
use super::network::{examples, ssh_cidrs};
use super::pins;
use super::refusal::{check, missing, refused, required};
use super::tags::tags;
use super::{Deployment, Facts, Warning, mcp, secrets};
use crate::agents::Agent;
use crate::chats::Chat;
use crate::clouds::Cloud;
use crate::error::Result;
use crate::inputs::answers::{self, Answer};
use crate::inputs::{self, Cnb, Sources, Spec, spec, ssh_key, syntax};
use crate::model_providers::KeyBroker;
use crate::model_providers::{Provider, View};
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
        let agent = inputs::agent::of(asked)?;
        let chat: &Chat = find(required(asked.bridge.as_deref(), "bridge")?)?;
        let Some(bridge) = agent.bridge(chat.slug) else {
            if agent.bridges.is_empty() {
                let why = "has no bridge to any chat app, so nobody could talk to it";
                return Err(refused("agent", agent.slug, why)
                    .in_chinese(format!("`{}` 没有通往任何聊天应用的桥接，没有人能和它对话", agent.slug))
                    .hint("choose another agent: `remote-setup choices agents`"));
            }
            let slugs: Vec<_> = agent.bridges.iter().map(|bridge| bridge.slug).collect();
            let why = format!("is no bridge of {}; allowed: {}", agent.display_name, slugs.join(", "));
            return Err(refused("bridge", chat.slug, why).hint("choose another bridge, or another agent"));
        };
        let provider: &Provider = find(required(asked.provider.as_deref(), "provider")?)?;
        let view = View::of(provider, agent);
        if let Some(reason) = view.unsupported() {
            return Err(refused("provider", provider.slug, format!("cannot be deployed: {}", reason.en))
                .in_chinese(format!("`{}` 无法部署：{}", provider.slug, reason.zh))
                .hint("choose another: `remote-setup choices providers`"));
        }
        let mut warnings = Vec::new();
        let id = check(required(asked.id.as_deref(), "id")?, "id", syntax::id)?;
        let name = check(asked.name.as_deref().unwrap_or(agent.slug), "name", syntax::name)?;
        let region = region(cloud, asked.region.as_deref(), &mut warnings)?;
        let size = asked.size.as_deref().unwrap_or(cloud.default_size);
        let architecture = architecture(cloud, size, &mut warnings)?;
        let known_size = cloud.sizes.iter().find(|known| known.slug == size);
        let install = install(asked.install.as_deref(), cloud, agent)?;
        let mainland = cloud.region(&region).is_some_and(|region| region.mainland);
        let mirror = mirror(agent, asked.mirror.as_deref(), mainland)?;
        if let (Install::Native, Architecture::Arm64, Some(mirror)) = (install, architecture, mirror) {
            check_build(agent, mirror, size)?;
        }
        let version = version(agent, asked.codewhale_version.as_deref())?;
        let asked_sources = asked.sources.clone().unwrap_or_default();
        let model = model(&view, asked.model.as_deref().unwrap_or("auto"), &mut warnings)?;
        let base_url = base_url(&view, asked.base_url.as_deref())?;
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
        let allowlist = allowlist(chat, asked.allowlist.as_deref().unwrap_or(&[]))?;
        let bridge_settings = bridge_settings(chat, asked.bridge_settings.as_ref())?;
        let workspace = check(asked.workspace.as_deref().unwrap_or(agent.workspace), "workspace", syntax::workspace)?;
        let port = asked.port.unwrap_or(agent.port);
        let workers = asked.workers.unwrap_or(2);
        for (key, number) in [("port", port), ("workers", workers)] {
            check(&number.to_string(), key, |text| answers::by_key(key).layer(text))?;
        }
        let broker = broker(&view, port);
        if let (Some(_), KeyBroker::Cannot(reason)) = (provider.key(), provider.broker) {
            warnings.push(Warning::KeyInRuntime {
                provider: provider.display_name,
                reason,
            });
        }
        let tags = tags(cloud, asked.tags.as_ref())?;
        let sources = sources(mirror, &asked_sources)?;
        let extra_files = extra_files(asked.extra_files.as_deref().unwrap_or(&[]))?;
        let secrets = secrets::slots(agent, provider, chat, broker.is_some());
        let mcp_servers = mcp::servers(asked.mcp_servers.as_ref(), agent, &workspace, &secrets)?;
        let asked_pins = pins::asked(asked.pins.as_ref(), &version)?;
        let pins = pins::all(asked_pins.clone(), agent, &version, mirror, &asked_sources);
        pins::warnings(&pins, (agent.downloads)(install, architecture), &asked_sources, &mut warnings);

        let resolved_spec = Spec {
            version: Some(spec::VERSION),
            id: Some(id.clone()),
            name: Some(name.clone()),
            cloud: Some(cloud.slug.to_owned()),
            region: Some(region.clone()),
            size: Some(size.to_owned()),
            agent: (agent.slug != Agent::default_row().slug).then(|| agent.slug.to_owned()),
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
            mirror: mirror.map(|mirror| mirror.slug.to_owned()),
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
            agent,
            chat,
            bridge,
            bridge_settings,
            allowlist,
            provider,
            view,
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

    /// Answers that have no value and no default.
    pub fn missing(asked: &Spec) -> Vec<&'static Answer> {
        let said = asked.said();
        let is_missing = |answer: &&Answer| (answer.needed)(asked) && !said.iter().any(|key| key == answer.key);
        answers::all().filter(is_missing).collect()
    }
}
