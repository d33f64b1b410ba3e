//! One provider: which method of the protocol does what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use prost::Message;

use super::cloud::{Attempt, Cloud};
use super::proto::{self, Diagnostic, DynamicValue};
use super::schema::{self, Block, Schema};
use super::tencent::{Ending, Found};
use super::value::Value;
use super::{Action, Applied, apply, control_plane, plan, validate};

/// Kept at the vault's own address, whose firewall lets nobody in: reading one and every change ask there.
/// Source: internal/services/keyvault/key_vault_secret_resource.go of
/// https://github.com/hashicorp/terraform-provider-azurerm
const BEHIND_THE_FIREWALL: &[&str] = &["azurerm_key_vault_secret"];

/// A provider that Terraform can call.
pub(super) struct Provider {
    schema: schema::Provider,
    cloud: Arc<Cloud>,
    /// Where it was told to work; empty for a provider that is not told.
    region: Mutex<String>,
}

impl Provider {
    pub(super) fn new(schema: schema::Provider, cloud: Arc<Cloud>) -> Provider {
        Provider {
            schema,
            cloud,
            region: Mutex::default(),
        }
    }

    /// Answers one call; none for a method we do not have.
    pub(super) async fn call(&self, method: &str, request: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
        let schema = &self.schema;
        let answer = match method {
            "GetProviderSchema" => schema.to_proto().encode_to_vec(),
            "ValidateProviderConfig" => self.validate_provider(request)?.encode_to_vec(),
            "ValidateResourceConfig" => validate_typed(&schema.resource_schemas, request)?.encode_to_vec(),
            "ValidateDataResourceConfig" => validate_typed(&schema.data_source_schemas, request)?.encode_to_vec(),
            "ValidateEphemeralResourceConfig" => {
                validate_typed(&schema.ephemeral_resource_schemas, request)?.encode_to_vec()
            }
            "UpgradeResourceState" => upgrade(request)?.encode_to_vec(),
            "ReadResource" => self.read_resource(request)?.encode_to_vec(),
            "ImportResourceState" => self.import(request)?.encode_to_vec(),
            "PlanResourceChange" => self.plan(request)?.encode_to_vec(),
            "ApplyResourceChange" => self.apply(request).await?.encode_to_vec(),
            "ReadDataSource" => {
                let value = self.read(&schema.data_source_schemas, request)?;
                proto::State { value }.encode_to_vec()
            }
            "OpenEphemeralResource" => {
                let result = self.read(&schema.ephemeral_resource_schemas, request)?;
                proto::Opened { result }.encode_to_vec()
            }
            "ConfigureProvider" => {
                self.configure(request)?;
                self.cloud.start();
                Vec::new()
            }
            "StopProvider" => {
                self.cloud.stop();
                Vec::new()
            }
            // An empty message says: nothing to complain about, or none of these here.
            "RenewEphemeralResource" | "CloseEphemeralResource" | "GetFunctions" | "GetResourceIdentitySchemas" => {
                Vec::new()
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    fn validate_provider(&self, request: &[u8]) -> anyhow::Result<proto::ProviderConfigVerdict> {
        let request = proto::ProviderConfig::decode(request)?;
        let config = Value::decode(request.config.as_ref())?;
        Ok(proto::ProviderConfigVerdict {
            diagnostics: validate::complaints(&self.schema.provider.block, &config, "provider"),
        })
    }

    fn configure(&self, request: &[u8]) -> anyhow::Result<()> {
        let request = proto::Configuration::decode(request)?;
        let config = Value::decode(request.config.as_ref())?;
        text_of(&config, "region").clone_into(&mut self.region.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    /// Resources are as they were, but for what happened to them behind Terraform's back.
    fn read_resource(&self, request: &[u8]) -> anyhow::Result<proto::ReadResponse> {
        let request = proto::ReadRequest::decode(request)?;
        let state = Value::decode(request.value.as_ref())?;
        let (value, error) = match self.cloud.account().read(&request.type_name, &state) {
            Found::AsItWas => (request.value, None),
            Found::Nothing => (Value::Null.encode(), None),
            Found::Error(summary) => (Value::Null.encode(), Some(Diagnostic::error(summary, String::new()))),
        };
        Ok(proto::ReadResponse {
            value,
            diagnostics: error.into_iter().chain(self.refusal(&request.type_name)).collect(),
            private: request.private,
        })
    }

    /// What is said instead where the vault itself would have to answer.
    fn refusal(&self, type_name: &str) -> Option<Diagnostic> {
        if !BEHIND_THE_FIREWALL.contains(&type_name) {
            return None;
        }
        self.cloud.refuse_by_vault();
        Some(Diagnostic::error(
            "unexpected status 403 (403 Forbidden)",
            "Code=\"Forbidden\" Message=\"Client address is not authorized and caller is not a trusted service.\" \
             InnerError={\"code\":\"ForbiddenByFirewall\"}",
        ))
    }

    fn import(&self, request: &[u8]) -> anyhow::Result<proto::ImportResponse> {
        let proto::ImportRequest { type_name, id } = proto::ImportRequest::decode(request)?;
        let found = self.cloud.account().imported(&type_name, &id);
        let unknown = || Diagnostic::error(format!("{type_name} {id} does not exist"), String::new());
        Ok(proto::ImportResponse {
            diagnostics: found.is_none().then(unknown).into_iter().collect(),
            resources: found
                .into_iter()
                .map(|state| proto::Imported {
                    type_name: type_name.clone(),
                    state: state.encode(),
                })
                .collect(),
        })
    }

    fn region(&self) -> String {
        self.region.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn read(&self, schemas: &Schemas, request: &[u8]) -> anyhow::Result<Option<DynamicValue>> {
        let request = proto::Typed::decode(request)?;
        let config = Value::decode(request.value.as_ref())?;
        let block = block_of(schemas, &request.type_name)?;
        let answer = apply::read(&request.type_name, block, config, &self.region());
        Ok(self.cloud.account().listed(answer).encode())
    }

    fn plan(&self, request: &[u8]) -> anyhow::Result<proto::PlanResponse> {
        let request = proto::PlanRequest::decode(request)?;
        let block = block_of(&self.schema.resource_schemas, &request.type_name)?;
        let prior = Value::decode(request.prior.as_ref())?;
        let proposed = Value::decode(request.proposed.as_ref())?;
        let plan = plan::plan(&request.type_name, block, &prior, proposed);
        Ok(proto::PlanResponse {
            planned: plan.planned.encode(),
            requires_replace: plan.replaced_by.into_iter().map(proto::AttributePath::of).collect(),
        })
    }

    async fn apply(&self, request: &[u8]) -> anyhow::Result<proto::ApplyResponse> {
        let request = proto::ApplyRequest::decode(request)?;
        let type_name = request.type_name;
        let block = block_of(&self.schema.resource_schemas, &type_name)?;
        let prior = Value::decode(request.prior.as_ref())?;
        let planned = Value::decode(request.planned.as_ref())?;
        if let Attempt::Fails { summary, detail } = self.cloud.attempt(&type_name).await {
            return Ok(proto::ApplyResponse {
                state: prior.encode(),
                diagnostics: vec![Diagnostic::error(summary, detail)],
                ..proto::ApplyResponse::default()
            });
        }
        let refusal = plan::refused(&type_name, &prior, &planned);
        if let Some(why) = refusal.or_else(|| self.cloud.account().refuses(&type_name, &prior, &planned)) {
            return Ok(proto::ApplyResponse {
                state: prior.encode(),
                diagnostics: vec![Diagnostic::error(why, String::new())],
                ..proto::ApplyResponse::default()
            });
        }
        if let Some(refusal) = self.refusal(&type_name) {
            return Ok(proto::ApplyResponse {
                state: prior.encode(),
                diagnostics: vec![refusal],
                ..proto::ApplyResponse::default()
            });
        }
        let config = Value::decode(request.config.as_ref())?;
        let mut private = Vec::new();
        if type_name == control_plane::TYPE {
            match control_plane::request(&prior, &planned, &config) {
                Ok(sent) => {
                    sent.texts.iter().for_each(|text| self.cloud.store(text));
                    private = sent.private;
                }
                Err(refusal) => {
                    return Ok(proto::ApplyResponse {
                        state: prior.encode(),
                        diagnostics: vec![refusal],
                        ..proto::ApplyResponse::default()
                    });
                }
            }
        } else {
            for text in apply::write_only_texts(block, config) {
                self.cloud.store(&text);
            }
        }
        let action = match (&prior, &planned) {
            (Value::Null, _) => Action::Create,
            (_, Value::Null) => Action::Delete,
            _ => Action::Update,
        };
        let generation = self.cloud.generation(&type_name, name_of(&planned)) + self.cloud.account().losses();
        let state = apply::settle(&type_name, block, planned, generation, &self.region());
        let failure = match self.cloud.account().changed(&type_name, &prior, &state) {
            Ending::Done => None,
            Ending::Tainted(why) => Some(why),
            Ending::Orphaned(why) => {
                return Ok(proto::ApplyResponse {
                    state: prior.encode(),
                    diagnostics: vec![Diagnostic::error(why, String::new())],
                    ..proto::ApplyResponse::default()
                });
            }
        };
        let subject = if action == Action::Delete { &prior } else { &state };
        self.cloud.applied(Applied {
            name: name_of(subject).to_owned(),
            id: text_of(subject, "id").to_owned(),
            type_name,
            action,
        });
        Ok(proto::ApplyResponse {
            state: state.encode(),
            private,
            diagnostics: failure
                .into_iter()
                .map(|why| Diagnostic::error(why, String::new()))
                .collect(),
        })
    }
}

type Schemas = BTreeMap<String, Schema>;

fn block_of<'a>(schemas: &'a Schemas, type_name: &str) -> anyhow::Result<&'a Block> {
    let schema = schemas
        .get(type_name)
        .with_context(|| format!("no `{type_name}` here"))?;
    Ok(&schema.block)
}

fn validate_typed(schemas: &Schemas, request: &[u8]) -> anyhow::Result<proto::Verdict> {
    let request = proto::Typed::decode(request)?;
    let config = Value::decode(request.value.as_ref())?;
    let block = block_of(schemas, &request.type_name)?;
    Ok(proto::Verdict {
        diagnostics: validate::complaints(block, &config, &request.type_name),
    })
}

/// States are of our own schema version, so there is nothing to upgrade but the encoding.
fn upgrade(request: &[u8]) -> anyhow::Result<proto::State> {
    let raw = proto::StoredState::decode(request)?.raw.context("a state is missing")?;
    let value = Some(DynamicValue {
        msgpack: Vec::new(),
        json: raw.json,
    });
    Ok(proto::State { value })
}

/// The name, or what stands for it where there is none.
fn name_of(value: &Value) -> &str {
    match text_of(value, "name") {
        "" => text_of(value, "id"),
        name => name,
    }
}

fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_text).unwrap_or_default()
}
