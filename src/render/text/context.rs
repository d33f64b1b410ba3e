//! What templates can name: the deployment's facts, the rows of the tables, and what only both together tell.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};
use tera::Context;

use super::agent::{AgentContext, BridgeSetting, bridge_settings};
use super::metadata::{self, MetadataEndpoint};
use super::trouble::{self, ToldFailure};
use crate::agents::Download;
use crate::deployment::{Broker, Deployment, Facts, SecretSlot, Warning};
use crate::error::Result;
use crate::layout::KNOWN_HOSTS;
use crate::model_providers::KeyHeader;
use crate::render::{bug, file_of, header, ssh};
use crate::tables::Lang;

/// A name that is changed here changes in the templates too, since Tera finds a wrong one only when it renders.
#[derive(Debug, Serialize)]
struct TemplateContext<'a> {
    /// The deployment's own facts, under their own names.
    #[serde(flatten)]
    facts: &'a Facts,
    /// The rows' own columns, under their own names, in the language of the text.
    cloud: Value,
    chat: Value,
    provider: Value,
    agent: AgentContext,
    /// The generated-file notice, as `#` comment lines.
    header: String,
    /// The agent's name for the provider.
    provider_name: &'static str,
    /// The model server is on another machine, and the connection is not encrypted.
    plain_http: bool,
    /// The model that `auto` stands for.
    model_default: Option<&'static str>,
    /// In the names of the bridge's files, users and units.
    bridge: &'static str,
    /// Settings that the bridge reads, with their values.
    bridge_settings: Vec<BridgeSetting<'a>>,
    paired: bool,
    broker: Option<BrokerContext>,
    /// The base of the image: by tag, or by digest if that is pinned.
    base_image: String,
    /// The machine downloads something that can be pinned.
    pinnable: bool,
    /// Each is empty if not pinned.
    pins: PinContext<'a>,
    /// The deployment's vault; without one, secrets are pushed.
    vault: Option<VaultContext>,
    /// Scripts on the host that give the services their secrets.
    secret_scripts: &'static [&'static str],
    /// Where a machine gets its identity.
    metadata_address: &'static str,
    /// Endpoints closed to the agent.
    metadata: Vec<MetadataEndpoint>,
    metadata_ipv6: Vec<&'static str>,
    metadata_whole: Vec<&'static str>,
    secrets: Vec<SecretContext<'a>>,
    /// The module has an output with the price.
    price_output: bool,
    /// Prints the script with the host files, from the file that the cloud gets.
    print_script: String,
    run_without_ssh: String,
    ssh_options: Vec<String>,
    cnb_ssh_options: Vec<String>,
    find_without_state: String,
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

#[derive(Debug, Serialize)]
struct VaultContext {
    /// `https://…`, without a slash at the end.
    address: String,
}

#[derive(Debug, Serialize)]
struct PinContext<'a> {
    image: &'a str,
    git: &'a str,
    /// The one for the machine's architecture.
    binary: &'a str,
}

pub(super) fn of(deployment: &Deployment, lang: Lang) -> Result<Context> {
    template_context(deployment, lang)
        .and_then(|context| Context::from_serialize(&context).map_err(|error| error.to_string()))
        .map_err(|error| bug("templates", &error))
}

fn template_context(d: &Deployment, lang: Lang) -> Result<TemplateContext<'_>, String> {
    Ok(TemplateContext {
        facts: d,
        cloud: said(d.cloud, lang)?,
        chat: said(d.chat, lang)?,
        provider: said(d.provider, lang)?,
        agent: AgentContext::of(d),
        header: header("#"),
        provider_name: d.view.name(),
        plain_http: d
            .base_url
            .as_ref()
            .is_some_and(|url| url.starts_with("http://") && !d.view.loopback_only()),
        model_default: d.view.default_model().filter(|_| d.model == "auto"),
        bridge: d.bridge.slug,
        bridge_settings: bridge_settings(d),
        paired: !d.allowlist.is_empty(),
        broker: d.broker.as_ref().map(broker),
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
        }),
        secret_scripts: d.cloud.secret_scripts(),
        metadata_address: d.cloud.metadata.first().map_or("", |first| first.address),
        metadata: metadata::endpoints(d.cloud),
        metadata_ipv6: metadata::whole_ipv6(d.cloud),
        metadata_whole: metadata::whole(d.cloud),
        secrets: d.secrets.iter().map(|slot| secret(slot, lang)).collect(),
        price_output: d.cloud.tells_price(),
        print_script: d
            .cloud
            .user_data
            .map(|user_data| user_data.encoding.script_in(""))
            .unwrap_or_default(),
        run_without_ssh: d
            .cloud
            .provisioning
            .cloud_command
            .map(|service| service.typed.replace("{region}", &d.region))
            .unwrap_or_default(),
        ssh_options: ssh::typed(KNOWN_HOSTS),
        cnb_ssh_options: ssh::typed("\"$WORK/known_hosts\""),
        find_without_state: d.find_without_state(),
        troubles: trouble::all(d, lang),
        warnings: warnings(d, lang),
    })
}

/// A row in one language. Only rows go through here, since a map that people wrote may have the keys `en` and `zh` too.
fn said<R: Serialize>(row: &R, lang: Lang) -> Result<Value, String> {
    let row = serde_json::to_value(row).map_err(|error| error.to_string())?;
    Ok(in_language(row, lang))
}

fn in_language(value: Value, lang: Lang) -> Value {
    match value {
        Value::Object(mut words) if is_words(&words) => match lang {
            Lang::En => words["en"].take(),
            Lang::ZhCn => words["zh"].take(),
        },
        Value::Object(columns) => columns
            .into_iter()
            .map(|(name, column)| (name, in_language(column, lang)))
            .collect(),
        Value::Array(all) => all.into_iter().map(|one| in_language(one, lang)).collect(),
        other => other,
    }
}

fn is_words(columns: &Map<String, Value>) -> bool {
    columns.keys().eq(["en", "zh"])
}

fn broker(broker: &Broker) -> BrokerContext {
    BrokerContext {
        port: broker.port,
        base_url: broker.base_url(),
        host: broker.host,
        api_paths: broker.api_paths.clone(),
        bearer: broker.header != KeyHeader::XApiKey,
        x_api_key: broker.header != KeyHeader::Bearer,
    }
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

fn warnings(d: &Deployment, lang: Lang) -> Vec<String> {
    let lasting = d.warnings.iter().filter(|warning| warning.lasts());
    let told = |warning: &Warning| match lang {
        Lang::En => warning.to_string(),
        Lang::ZhCn => warning.chinese(),
    };
    lasting.map(told).collect()
}
