//! Renders shell, units and prose with tera, over one typed context.

mod trouble;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Serialize;
use tera::{Context, Kwargs, State, Tera};

use super::agent::{AgentContext, BridgeSetting, bridge_settings};
use super::{assets, bug, file_of, header, install, ssh};
use crate::agents::{Agent, Download};
use crate::clouds::{Cloud, MetadataAddress, ON_IPV6};
use crate::deployment::{Deployment, Facts, SecretSlot, Warning};
use crate::error::Result;
use crate::layout::KNOWN_HOSTS;
use crate::model_providers::KeyHeader;
use crate::tables::{Lang, Row, Words};
use trouble::ToldFailure;

/// One engine per agent, since its names are in all templates and it brings its own.
static ENGINES: LazyLock<Vec<(&'static str, Result<Tera, String>)>> =
    LazyLock::new(|| Agent::rows().iter().map(|agent| (agent.slug, engine(agent))).collect());

fn engine(agent: &Agent) -> Result<Tera, String> {
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    tera.register_filter("sh", shell_quoted);
    let names = agent.names();
    let shared = assets::TEMPLATES.iter().map(|(name, text)| ((*name).to_owned(), *text));
    let own = agent
        .fragments
        .iter()
        .map(|(name, text)| (format!("agent/{name}"), *text));
    let named = shared.chain(own).map(|(name, text)| {
        let text = names.fill(&lines_of_tags_joined(&name, text));
        (name, text)
    });
    tera.add_raw_templates(named.collect::<Vec<_>>())
        .map_err(|error| error.to_string())?;
    for cloud in Cloud::rows() {
        if let Some(vault) = cloud.vault {
            tera.add_raw_template(&fetch_of(cloud), &names.fill(vault.fetch))
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(tera)
}

/// In `install.sh`, a tag alone on a line leaves no line behind, so that the fragments read like shell.
fn lines_of_tags_joined(name: &str, source: &'static str) -> Cow<'static, str> {
    if !name.starts_with("install") && name != install::OF_AGENT {
        return source.into();
    }
    let is_tag = |line: &str| {
        let line = line.trim();
        (line.starts_with("{%") && line.ends_with("%}") && line.matches("{%").count() == 1)
            || (line.starts_with("{{ hooks.") && line.ends_with("}}"))
    };
    let lines = source.split_inclusive('\n');
    lines
        .map(|line| if is_tag(line) { line.trim() } else { line })
        .collect::<String>()
        .into()
}

/// The context of every template; the templates rely on these names.
#[derive(Debug, Serialize)]
struct TemplateContext<'a> {
    /// The deployment's own facts, under their own names.
    #[serde(flatten)]
    facts: &'a Facts,
    /// The generated-file notice, as `#` comment lines.
    header: String,
    agent: AgentContext,
    version: &'a str,
    cloud: &'static str,
    cloud_display: &'static str,
    provider: &'static str,
    /// The agent's name for it.
    provider_name: &'static str,
    provider_display: Cow<'a, str>,
    /// The model server is on another machine, and the connection is not encrypted.
    plain_http: bool,
    /// The model that `auto` stands for.
    model_default: Option<&'static str>,
    bridge: &'static str,
    bridge_display: Cow<'a, str>,
    /// The bridge has npm dependencies.
    bridge_npm: bool,
    /// Settings of its own.
    bridge_settings: Vec<BridgeSetting<'a>>,
    /// Seconds that a clean stop of the bridge can take.
    bridge_stop_timeout: u16,
    bridge_caution: Cow<'a, str>,
    allowlist_form: Cow<'a, str>,
    refusal_ids: Cow<'a, str>,
    paired: bool,
    broker: Option<BrokerContext>,
    /// The base of the image: by tag, or by digest if that is pinned.
    base_image: String,
    /// The machine downloads something that can be pinned.
    pinnable: bool,
    /// Each is empty if not pinned.
    pins: PinContext<'a>,
    /// The cloud's vault; without one, secrets are pushed.
    vault: Option<VaultContext>,
    /// `key_vault` or `env_file`: whether there is a vault.
    secret_store: &'static str,
    /// Scripts on the host that give the services their secrets.
    secret_scripts: &'static [&'static str],
    /// Where a machine gets its identity.
    metadata_address: &'static str,
    /// Endpoints closed to the agent, in the order of the row.
    metadata: Vec<MetadataEndpoint>,
    /// IPv6 addresses that are closed entirely, including those that only other clouds use.
    metadata_ipv6: Vec<&'static str>,
    /// Addresses of both families that are closed entirely.
    metadata_whole: Vec<&'static str>,
    /// The cloud's own agent on the machine.
    command_service: Option<CommandServiceContext>,
    secrets: Vec<SecretContext<'a>>,
    other_cost_note: &'static str,
    priced: &'static str,
    /// Types that can be replaced without a loss.
    harmless_replacements: &'static [&'static str],
    /// What a state of an earlier version has and must forget.
    outdated: Vec<&'static str>,
    destroy_guard: Option<Guard>,
    /// The module has an output with the price.
    price_output: bool,
    run_without_ssh: String,
    ssh_options: Vec<String>,
    cnb_ssh_options: Vec<String>,
    find_without_state: String,
    remove_without_state: &'static str,
    pause: &'static str,
    after_destroy: &'static str,
    creates: Vec<&'static str>,
    prerequisites: Vec<&'static str>,
    troubles: Vec<ToldFailure>,
    warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct SecretContext<'a> {
    /// Name in the vault.
    secret_name: String,
    /// Name in the service's environment.
    env_name: &'static str,
    /// Its other names in `secrets.env`.
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
    /// What the agent uses as its provider.
    base_url: String,
    host: &'static str,
    /// Each starts with `/` and does not end with one.
    api_paths: Vec<&'static str>,
    /// The headers with the key.
    bearer: bool,
    x_api_key: bool,
}

/// An address and its closed TCP ports, as an nftables set; empty for all of it.
#[derive(Debug, Serialize)]
struct MetadataEndpoint {
    /// `ip` or `ip6`.
    family: &'static str,
    address: &'static str,
    ports: String,
}

#[derive(Debug, Serialize)]
struct VaultContext {
    /// `https://…`, without a slash at the end.
    address: String,
    /// Who may write to it, and who may read it.
    access: &'static str,
}

#[derive(Debug, Serialize)]
struct CommandServiceContext {
    name: &'static str,
    /// Address of the command in the module.
    run: &'static str,
}

#[derive(Debug, Serialize)]
struct PinContext<'a> {
    image: &'a str,
    git: &'a str,
    /// The one for the machine's architecture.
    binary: &'a str,
}

/// The file that lifts the machine's destroy guard.
#[derive(Debug, Serialize)]
struct Guard {
    file: &'static str,
    text: &'static str,
}

/// The templates with one deployment's context.
pub(super) struct Templates {
    agent: &'static str,
    context: Context,
}

impl Templates {
    pub(super) fn of(deployment: &Deployment) -> Result<Templates> {
        Templates::over(deployment, &context(deployment, Lang::En))
    }

    /// With the tables' texts in Chinese: for prose, not for what a machine runs.
    pub(super) fn in_chinese(deployment: &Deployment) -> Result<Templates> {
        let mut context = context(deployment, Lang::ZhCn);
        let lasting = deployment.warnings.iter().filter(|warning| warning.lasts());
        context.warnings = lasting.map(Warning::chinese).collect();
        Templates::over(deployment, &context)
    }

    fn over(deployment: &Deployment, context: &TemplateContext<'_>) -> Result<Templates> {
        let context = Context::from_serialize(context).map_err(|error| bug("templates", &error))?;
        Ok(Templates {
            agent: deployment.agent.slug,
            context,
        })
    }

    /// Renders one template by name.
    pub(super) fn render(&self, template: &str) -> Result<String> {
        self.rendered(template, &self.context)
    }

    /// The same with additional names.
    pub(super) fn render_with<T: Serialize>(&self, template: &str, more: &[(&'static str, T)]) -> Result<String> {
        let mut context = self.context.clone();
        for (name, value) in more {
            context.insert(*name, value);
        }
        self.rendered(template, &context)
    }

    fn rendered(&self, template: &str, context: &Context) -> Result<String> {
        let tera = self.engine(template)?;
        tera.render(template, context)
            .map_err(|error| bug(template, &format!("{error:?}")))
    }

    fn engine(&self, template: &str) -> Result<&'static Tera> {
        let (_, engine) = ENGINES
            .iter()
            .find(|(agent, _)| *agent == self.agent)
            .ok_or_else(|| bug(template, &"its agent has no templates"))?;
        engine.as_ref().map_err(|error| bug(template, error))
    }

    /// Renders one block of a template.
    pub(super) fn block(&self, template: &str, block: &str) -> Result<String> {
        let tera = self.engine(template)?;
        tera.render_block(template, block, &self.context)
            .map_err(|error| bug(template, &format!("{error:?}")))
    }
}

/// The name of the template of the script that fetches secrets from a cloud's vault.
pub(super) fn fetch_of(cloud: &Cloud) -> String {
    format!("{}/fetch-secrets.sh", cloud.slug)
}

fn context(d: &Deployment, lang: Lang) -> TemplateContext<'_> {
    let module = d.cloud.module();
    let all = |words: &[Words]| words.iter().map(|words| words.say(lang)).collect();
    TemplateContext {
        facts: d,
        header: header("#"),
        agent: AgentContext::of(d),
        version: &d.version,
        cloud: d.cloud.slug,
        cloud_display: d.cloud.display_name.say(lang),
        provider: d.provider.slug,
        provider_name: d.view.name(),
        provider_display: d.provider.display_name.say(lang).into(),
        plain_http: d
            .base_url
            .as_ref()
            .is_some_and(|url| url.starts_with("http://") && !d.view.loopback_only()),
        model_default: d.view.default_model().filter(|_| d.model == "auto"),
        bridge: d.bridge.slug,
        bridge_display: d.chat.display_name.say(lang).into(),
        bridge_npm: d.bridge.npm,
        bridge_settings: bridge_settings(d),
        bridge_stop_timeout: d.bridge.stop_timeout,
        bridge_caution: d.chat.caution.say(lang).into(),
        allowlist_form: d.chat.allowlist_form.say(lang).into(),
        refusal_ids: d.chat.refusal_ids.say(lang).into(),
        paired: !d.allowlist.is_empty(),
        broker: d.broker.as_ref().map(|broker| BrokerContext {
            port: broker.port,
            base_url: broker.base_url(),
            host: broker.host,
            api_paths: broker.api_paths.clone(),
            bearer: broker.header != KeyHeader::XApiKey,
            x_api_key: broker.header != KeyHeader::Bearer,
        }),
        base_image: match d.pins.get(Download::Image) {
            Some(digest) => format!("{}@{digest}", d.sources.image),
            None => format!("{}:{}", d.sources.image, d.version),
        },
        pinnable: !d.pinnable().is_empty(),
        pins: PinContext {
            image: d.pins.get(Download::Image).unwrap_or_default(),
            git: d.pins.get(Download::Git).unwrap_or_default(),
            binary: d.pins.get(Download::Binary(d.architecture)).unwrap_or_default(),
        },
        vault: d.cloud.vault.map(|vault| VaultContext {
            address: vault
                .address
                .replace("{name}", d.vault_name.as_deref().unwrap_or_default()),
            access: vault.access.say(lang),
        }),
        secret_store: if d.cloud.vault.is_some() { "key_vault" } else { "env_file" },
        secret_scripts: d.cloud.secret_scripts(),
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
        secrets: d.secrets.iter().map(|slot| secret(slot, lang)).collect(),
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
        run_without_ssh: d
            .cloud
            .provisioning
            .cloud_command
            .map(|service| service.typed.replace("{region}", &d.region))
            .unwrap_or_default(),
        ssh_options: ssh::typed(KNOWN_HOSTS),
        cnb_ssh_options: ssh::typed("\"$WORK/known_hosts\""),
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

fn endpoint(metadata: &MetadataAddress) -> MetadataEndpoint {
    let ports: Vec<String> = metadata.ports.iter().map(ToString::to_string).collect();
    MetadataEndpoint {
        family: if metadata.is_ipv6() { "ip6" } else { "ip" },
        address: metadata.address,
        ports: ports.join(", "),
    }
}

/// Addresses of one family that are closed entirely.
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

fn secret(slot: &SecretSlot, lang: Lang) -> SecretContext<'_> {
    SecretContext {
        secret_name: slot.vault_name(),
        env_name: slot.env,
        other_names: slot.accepted.iter().filter(|name| *name != slot.env).cloned().collect(),
        tf_var: slot.terraform_variable(),
        files: slot.files.iter().copied().map(file_of).collect(),
        label: slot.label.say(lang).into(),
        hint: slot.hint.say(lang).into(),
        generated: slot.generated,
    }
}

/// Quotes any value as one shell word.
fn shell_quoted(value: &tera::Value, _: Kwargs, _: &State) -> tera::TeraResult<String> {
    Ok(format!("'{}'", value.to_string().replace('\'', r"'\''")))
}
