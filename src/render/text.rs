//! Shell, units and prose: tera, over one typed context.

mod chinese;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Serialize;
use tera::{Context, Kwargs, State, Tera};

use super::{assets, bug, file_of, header, ssh};
use crate::agents::Download;
use crate::deployment::{Deployment, SecretSlot};
use crate::error::Result;
use crate::model_providers::KeyHeader;

static ENGINE: LazyLock<Result<Tera, String>> = LazyLock::new(|| {
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    tera.register_filter("sh", shell_quoted);
    tera.add_raw_templates(assets::TEMPLATES.iter().copied())
        .map_err(|error| error.to_string())?;
    Ok(tera)
});

/// What every template may name; the templates rely on these names.
#[derive(Debug, Serialize)]
struct TemplateContext<'a> {
    /// The generated-file notice, as `#` comment lines.
    header: String,
    codewhale_version: &'a str,
    cloud: &'static str,
    cloud_display: Cow<'a, str>,
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
    /// `key_vault` or `env_file`.
    secret_store: &'static str,
    /// Scripts of the host that bring the secrets to the services.
    secret_scripts: &'static [&'static str],
    /// `cloud-init`, `tat`, `ssh` or `cnb`.
    bootstrap: &'static str,
    metadata_address: &'static str,
    metadata_others: Vec<Endpoint>,
    cnb: Option<CnbContext<'a>>,
    /// `https://…`, without a slash at the end.
    vault_uri: String,
    ssh_public_key: &'a str,
    ssh_cidrs: Vec<String>,
    secrets: Vec<SecretContext<'a>>,
    monthly_usd: Option<String>,
    other_cost_note: Cow<'a, str>,
    priced: &'static str,
    /// Types that are made anew without a loss.
    harmless_replacements: &'static [&'static str],
    /// What a state of an earlier version holds and must forget.
    outdated: Vec<&'static str>,
    destroy_guard: Option<Guard>,
    /// The module tells the price among its outputs.
    price_output: bool,
    run_without_ssh: String,
    ssh_options: Vec<String>,
    cnb_ssh_options: Vec<String>,
    find_without_state: String,
    remove_without_state: Cow<'a, str>,
    pause: Cow<'a, str>,
    after_destroy: Cow<'a, str>,
    creates: Vec<Cow<'a, str>>,
    at_hand: Vec<Cow<'a, str>>,
    troubles: Vec<Trouble<'a>>,
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

/// An address with TCP ports, as nftables writes a set.
#[derive(Debug, Serialize)]
struct Endpoint {
    address: &'static str,
    ports: &'static str,
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

#[derive(Debug, Serialize)]
struct Trouble<'a> {
    symptom: Cow<'a, str>,
    remedy: Cow<'a, str>,
}

/// The templates over one deployment.
pub(super) struct Templates {
    context: Context,
}

impl Templates {
    pub(super) fn of(deployment: &Deployment) -> Result<Templates> {
        Templates::over(&context(deployment))
    }

    /// With the texts of the tables in Chinese: for prose, not for what a machine runs.
    pub(super) fn in_chinese(deployment: &Deployment) -> Result<Templates> {
        Templates::over(&chinese::translated(context(deployment), deployment))
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

fn context(d: &Deployment) -> TemplateContext<'_> {
    TemplateContext {
        header: header("#"),
        codewhale_version: &d.version,
        cloud: d.cloud.slug,
        cloud_display: d.cloud.display_name.into(),
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
        secret_store: d.cloud.secret_store.slug(),
        secret_scripts: d.cloud.secret_store.scripts(),
        bootstrap: d.bootstrap.slug(),
        metadata_address: d.cloud.metadata.address,
        metadata_others: d
            .cloud
            .metadata
            .others
            .iter()
            .map(|&(address, ports)| Endpoint { address, ports })
            .collect(),
        cnb: d.cnb.as_ref().map(|cnb| CnbContext {
            repository: &cnb.repository,
            secrets: &cnb.secrets,
            deploy: cnb.deploy.slug(),
            given: cnb.given,
            event: cnb_event(d),
        }),
        vault_uri: d
            .key_vault_name
            .as_ref()
            .map(|name| format!("https://{name}.vault.azure.net"))
            .unwrap_or_default(),
        ssh_public_key: &d.ssh_public_key,
        ssh_cidrs: d.ssh_cidrs.iter().map(ToString::to_string).collect(),
        secrets: d.secrets.iter().map(secret).collect(),
        monthly_usd: d.monthly_usd.map(|usd| format!("{usd:.0}")),
        other_cost_note: d.cloud.other_cost_note.into(),
        priced: d.cloud.priced,
        harmless_replacements: d.cloud.provisioning.harmless_replacements,
        outdated: d.cloud.provisioning.outdated.iter().map(|old| old.address).collect(),
        destroy_guard: d.cloud.provisioning.destroy_guard.map(|guard| Guard {
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
        ssh_options: ssh::typed(ssh::KNOWN_HOSTS),
        cnb_ssh_options: ssh::typed("\"$WORK/known_hosts\""),
        find_without_state: d.find_without_state(),
        remove_without_state: d.cloud.remove_without_state.into(),
        pause: d.cloud.pause.into(),
        after_destroy: d.cloud.after_destroy.into(),
        creates: d.cloud.creates.iter().copied().map(Cow::from).collect(),
        at_hand: d.cloud.at_hand.iter().copied().map(Cow::from).collect(),
        troubles: d
            .cloud
            .troubles
            .iter()
            .map(|&(symptom, remedy)| Trouble {
                symptom: symptom.into(),
                remedy: remedy.into(),
            })
            .collect(),
        warnings: d
            .warnings
            .iter()
            .filter(|warning| warning.lasts())
            .map(ToString::to_string)
            .collect(),
    }
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
