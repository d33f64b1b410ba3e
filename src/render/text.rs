//! Shell, units and prose: tera, over one typed context.

mod chinese;
mod trouble;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Serialize;
use tera::{Context, Kwargs, State, Tera};

use super::{assets, bug, file_of, header};
use crate::agents::Download;
use crate::clouds::{Cloud, MetadataAddress, ON_IPV6};
use crate::deployment::{Deployment, SecretSlot};
use crate::error::Result;
use crate::model_providers::KeyHeader;
use crate::tables::{Lang, Row, Words};
use trouble::Trouble;

static ENGINE: LazyLock<Result<Tera, String>> = LazyLock::new(|| {
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    tera.register_filter("sh", shell_quoted);
    tera.add_raw_templates(assets::TEMPLATES.iter().copied())
        .map_err(|error| error.to_string())?;
    for cloud in Cloud::rows() {
        if let Some(vault) = cloud.vault {
            tera.add_raw_template(&fetch_of(cloud), vault.fetch)
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(tera)
});

/// What every template may name; the templates rely on these names.
#[derive(Debug, Serialize)]
struct TemplateContext<'a> {
    /// The generated-file notice, as `#` comment lines.
    header: String,
    codewhale_version: &'a str,
    cloud: &'static str,
    cloud_display: &'static str,
    /// `native` or `docker`.
    install: &'static str,
    name: &'a str,
    id: &'a str,
    region: &'a str,
    size: &'a str,
    architecture: &'static str,
    provider: &'static str,
    provider_display: Cow<'a, str>,
    model: &'a str,
    /// Of a model server of the operator's own.
    base_url: Option<&'a str>,
    /// What `auto` stands for.
    model_default: Option<&'static str>,
    bridge: &'static str,
    bridge_display: Cow<'a, str>,
    /// The bridge has npm dependencies.
    bridge_npm: bool,
    /// Seconds a clean stop of the bridge can take.
    bridge_stop_timeout: u16,
    bridge_caution: Cow<'a, str>,
    allowlist_form: Cow<'a, str>,
    refusal_ids: Cow<'a, str>,
    paired: bool,
    port: u16,
    broker: Option<BrokerContext>,
    workers: u8,
    workspace: &'a str,
    release_base_url: &'a str,
    git_url: &'a str,
    image: &'a str,
    /// What the image is built from: by tag, or by digest where that is pinned.
    base_image: String,
    /// Each empty where it is not pinned.
    pins: PinContext<'a>,
    /// Empty for npm's own.
    npm_registry: &'a str,
    /// Empty for the system's own.
    apt_mirror: &'a str,
    container_memory_mib: u32,
    /// The cloud's store of secrets; without one they are pushed.
    vault: Option<VaultContext>,
    /// `key_vault` or `env_file`: whether there is a vault.
    secret_store: &'static str,
    /// Scripts of the host that bring the secrets to the services.
    secret_scripts: &'static [&'static str],
    /// `cloud-init`, `tat`, `ssh` or `cnb`.
    bootstrap: &'static str,
    /// Where a machine learns of its identity.
    metadata_address: &'static str,
    /// Closed to agents: in the order of the row.
    metadata: Vec<Endpoint>,
    /// Those on IPv6 that are closed whole, and what other clouds have there.
    metadata_ipv6: Vec<&'static str>,
    /// All that are closed whole.
    metadata_whole: Vec<&'static str>,
    /// The cloud's own agent on the machine.
    command_service: Option<CommandServiceContext>,
    cnb: Option<CnbContext<'a>>,
    ssh_public_key: &'a str,
    ssh_cidrs: Vec<String>,
    secrets: Vec<SecretContext<'a>>,
    monthly_usd: Option<String>,
    other_cost_note: &'static str,
    priced: &'static str,
    /// Types that are made anew without a loss.
    harmless_replacements: &'static [&'static str],
    /// What a state of an earlier version holds and must forget.
    outdated: Vec<&'static str>,
    destroy_guard: Option<Guard>,
    /// The module tells the price among its outputs.
    price_output: bool,
    run_without_ssh: String,
    find_without_state: String,
    remove_without_state: &'static str,
    pause: &'static str,
    after_destroy: &'static str,
    creates: Vec<&'static str>,
    prerequisites: Vec<&'static str>,
    troubles: Vec<Trouble>,
    warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct SecretContext<'a> {
    /// Name in the vault.
    secret_name: String,
    /// Name in the service's environment.
    env_name: &'static str,
    /// What else it may be called in `secrets.env`.
    other_names: Vec<String>,
    /// Terraform variable.
    tf_var: String,
    /// `broker`, `runtime`, `bridge`.
    files: Vec<&'static str>,
    label: Cow<'a, str>,
    hint: Cow<'a, str>,
    generated: bool,
}

/// The key broker.
#[derive(Debug, Serialize)]
struct BrokerContext {
    port: u16,
    host: &'static str,
    /// Each starts with `/`, and has none at its end.
    api_paths: Vec<&'static str>,
    /// The headers that carry the key.
    bearer: bool,
    x_api_key: bool,
}

/// An address with the TCP ports of it that are closed, as nftables writes a set; empty for all of it.
#[derive(Debug, Serialize)]
struct Endpoint {
    /// `ip` or `ip6`.
    family: &'static str,
    address: &'static str,
    ports: String,
}

#[derive(Debug, Serialize)]
struct VaultContext {
    /// `https://…`, without a slash at the end.
    address: String,
    /// Who may write to it and who may read.
    access: &'static str,
}

#[derive(Debug, Serialize)]
struct CommandServiceContext {
    name: &'static str,
    /// Address of the run in the module.
    run: &'static str,
}

#[derive(Debug, Serialize)]
struct PinContext<'a> {
    image: &'a str,
    git: &'a str,
    /// Of the machine's architecture.
    binary: &'a str,
}

#[derive(Debug, Serialize)]
struct CnbContext<'a> {
    /// `org/repo`
    repository: &'a str,
    /// `org/repo`
    secrets: &'a str,
    /// `ssh` or `tat`
    deploy: &'static str,
    /// Both repositories are the user's, not placeholders.
    given: bool,
    /// What stands after `web_trigger_` and `api_trigger_`.
    event: String,
}

/// The file that lifts the guard of the machine.
#[derive(Debug, Serialize)]
struct Guard {
    file: &'static str,
    text: &'static str,
}

/// The templates over one deployment.
pub(super) struct Templates {
    context: Context,
}

impl Templates {
    pub(super) fn of(deployment: &Deployment) -> Result<Templates> {
        Templates::over(&context(deployment, Lang::En))
    }

    /// With the texts of the tables in Chinese: for prose, not for what a machine runs.
    pub(super) fn in_chinese(deployment: &Deployment) -> Result<Templates> {
        Templates::over(&chinese::translated(context(deployment, Lang::ZhCn), deployment))
    }

    fn over(context: &TemplateContext<'_>) -> Result<Templates> {
        let context = Context::from_serialize(context).map_err(|error| bug("templates", &error))?;
        Ok(Templates { context })
    }

    /// Renders one template by name.
    pub(super) fn render(&self, template: &str) -> Result<String> {
        rendered(template, &self.context)
    }

    /// The same with names of its own.
    pub(super) fn render_with(&self, template: &str, more: &[(&'static str, &str)]) -> Result<String> {
        let mut context = self.context.clone();
        for (name, value) in more {
            context.insert(*name, value);
        }
        rendered(template, &context)
    }
}

fn rendered(template: &str, context: &Context) -> Result<String> {
    let tera = ENGINE.as_ref().map_err(|error| bug(template, error))?;
    tera.render(template, context)
        .map_err(|error| bug(template, &format!("{error:?}")))
}

/// The name of the template of the script that fetches secrets from a cloud's vault.
pub(super) fn fetch_of(cloud: &Cloud) -> String {
    format!("{}/fetch-secrets.sh", cloud.slug)
}

fn context(d: &Deployment, lang: Lang) -> TemplateContext<'_> {
    let module = d.cloud.module();
    let all = |words: &[Words]| words.iter().map(|words| words.say(lang)).collect();
    TemplateContext {
        header: header("#"),
        codewhale_version: &d.version,
        cloud: d.cloud.slug,
        cloud_display: d.cloud.display_name.say(lang),
        install: d.install.slug(),
        name: &d.name,
        id: &d.id,
        region: &d.region,
        size: &d.size,
        architecture: d.architecture.slug(),
        provider: d.provider.slug,
        provider_display: d.provider.display_name.into(),
        model: &d.model,
        base_url: d.base_url.as_deref(),
        model_default: (d.model == "auto").then_some(d.provider.default_model),
        bridge: d.bridge.slug,
        bridge_display: d.bridge.display_name.into(),
        bridge_npm: d.bridge.npm,
        bridge_stop_timeout: d.bridge.stop_timeout,
        bridge_caution: d.bridge.caution.into(),
        allowlist_form: d.bridge.allowlist_form.into(),
        refusal_ids: d.bridge.refusal_ids.into(),
        paired: !d.allowlist.is_empty(),
        port: d.port,
        broker: d.broker.as_ref().map(|broker| BrokerContext {
            port: broker.port,
            host: broker.host,
            api_paths: broker.api_paths.clone(),
            bearer: broker.header != KeyHeader::XApiKey,
            x_api_key: broker.header != KeyHeader::Bearer,
        }),
        workers: d.workers,
        workspace: &d.workspace,
        release_base_url: &d.sources.release_base_url,
        git_url: &d.sources.git_url,
        image: &d.sources.image,
        base_image: match d.pins.get(Download::Image) {
            Some(digest) => format!("{}@{digest}", d.sources.image),
            None => format!("{}:{}", d.sources.image, d.version),
        },
        pins: PinContext {
            image: d.pins.get(Download::Image).unwrap_or_default(),
            git: d.pins.get(Download::Git).unwrap_or_default(),
            binary: d.pins.get(Download::Binary(d.architecture)).unwrap_or_default(),
        },
        npm_registry: &d.sources.npm_registry,
        apt_mirror: &d.sources.apt_mirror,
        container_memory_mib: d.container_memory_mib,
        vault: d.cloud.vault.map(|vault| VaultContext {
            address: vault
                .address
                .replace("{name}", d.vault_name.as_deref().unwrap_or_default()),
            access: vault.access.say(lang),
        }),
        secret_store: if d.cloud.vault.is_some() { "key_vault" } else { "env_file" },
        secret_scripts: d.cloud.secret_scripts(),
        bootstrap: d.bootstrap.slug(),
        metadata_address: d.cloud.metadata.first().map_or("", |first| first.address),
        metadata: d.cloud.metadata.iter().map(endpoint).collect(),
        metadata_ipv6: closed(d.cloud, true),
        metadata_whole: closed(d.cloud, false)
            .into_iter()
            .chain(closed(d.cloud, true))
            .collect(),
        command_service: d.cloud.command_service.map(|service| CommandServiceContext {
            name: service.name,
            run: service.run,
        }),
        cnb: d.cnb.as_ref().map(|cnb| CnbContext {
            repository: &cnb.repository,
            secrets: &cnb.secrets,
            deploy: cnb.deploy.slug(),
            given: cnb.given,
            event: cnb_event(d),
        }),
        ssh_public_key: &d.ssh_public_key,
        ssh_cidrs: d.ssh_cidrs.iter().map(ToString::to_string).collect(),
        secrets: d.secrets.iter().map(secret).collect(),
        monthly_usd: d.monthly_usd.map(|usd| format!("{usd:.0}")),
        other_cost_note: d.cloud.other_cost_note.say(lang),
        priced: d.cloud.priced,
        harmless_replacements: module.map_or(&[], |module| module.harmless_replacements),
        outdated: module
            .map_or(&[][..], |module| module.outdated)
            .iter()
            .map(|old| old.address)
            .collect(),
        destroy_guard: module.and_then(|module| module.destroy_guard).map(|guard| Guard {
            file: guard.file,
            text: guard.text,
        }),
        price_output: d.cloud.tells_price(),
        run_without_ssh: d.cloud.run_without_ssh.replace("{region}", &d.region),
        find_without_state: d.find_without_state(),
        remove_without_state: d.cloud.remove_without_state.say(lang),
        pause: d.cloud.pause.say(lang),
        after_destroy: d.cloud.after_destroy.say(lang),
        creates: all(d.cloud.creates),
        prerequisites: all(d.cloud.prerequisites),
        troubles: trouble::all(d, lang),
        warnings: d
            .warnings
            .iter()
            .filter(|warning| warning.lasts())
            .map(ToString::to_string)
            .collect(),
    }
}

fn endpoint(metadata: &MetadataAddress) -> Endpoint {
    let ports: Vec<String> = metadata.ports.iter().map(ToString::to_string).collect();
    Endpoint {
        family: if metadata.is_ipv6() { "ip6" } else { "ip" },
        address: metadata.address,
        ports: ports.join(", "),
    }
}

/// Addresses of one family that are closed whole.
fn closed(cloud: &Cloud, ipv6: bool) -> Vec<&'static str> {
    let own = cloud
        .metadata
        .iter()
        .filter(|one| one.is_whole() && one.is_ipv6() == ipv6);
    let mut all: Vec<_> = own.map(|one| one.address).collect();
    let others = ON_IPV6.iter().filter(|_| ipv6);
    all.extend(others.filter(|other| !cloud.metadata.iter().any(|own| own.address == **other)));
    all
}

/// What stands after `web_trigger_` and `api_trigger_` in the events of the CNB pipeline.
pub(super) fn cnb_event(d: &Deployment) -> String {
    d.name.replace('-', "_")
}

fn secret(slot: &SecretSlot) -> SecretContext<'_> {
    SecretContext {
        secret_name: slot.vault_name(),
        env_name: slot.env,
        other_names: slot.accepted.iter().filter(|name| *name != slot.env).cloned().collect(),
        tf_var: slot.terraform_variable(),
        files: slot.files.iter().copied().map(file_of).collect(),
        label: slot.label.as_str().into(),
        hint: slot.hint.as_str().into(),
        generated: slot.generated,
    }
}

/// One shell word, whatever it holds.
fn shell_quoted(value: &tera::Value, _: Kwargs, _: &State) -> tera::TeraResult<String> {
    Ok(format!("'{}'", value.to_string().replace('\'', r"'\''")))
}
