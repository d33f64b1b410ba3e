//! One provider: dispatches the protocol's methods.

mod change;

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use prost::Message;

use crate::behaviour::{Behaviour, Plain, Refusal};
use crate::cloud::Cloud;
use crate::plausible::Subject;
use crate::proto::{self, Diagnostic, DynamicValue};
use crate::schema::{Block, ProviderTypes, Schema};
use crate::value::Value;
use crate::{apply, data, function, plan, validate};

/// A provider that Terraform can call.
pub(crate) struct Plugin {
    schema: ProviderTypes,
    data: data::Provider,
    behaviour: Mutex<Box<dyn Behaviour>>,
    cloud: Arc<Cloud>,
    /// Its configuration.
    settings: Mutex<Value>,
}

impl Plugin {
    pub(crate) fn new(schema: ProviderTypes, data: data::Provider, cloud: Arc<Cloud>) -> Plugin {
        let behaviour = data
            .behaviour
            .map_or_else(|| Box::new(Plain) as _, |behaviour| behaviour());
        Plugin {
            schema,
            data,
            behaviour: Mutex::new(behaviour),
            cloud,
            settings: Mutex::new(Value::Null),
        }
    }

    pub(crate) fn happens(&self, incident: &dyn Any) {
        self.behaviour().happens(incident);
    }

    /// Answers one call; `None` for an unknown method.
    pub(crate) async fn call(&self, method: &str, request: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
        let schema = &self.schema;
        let answer = match method {
            "GetProviderSchema" => schema.to_proto().encode_to_vec(),
            "GetFunctions" => {
                let functions = schema.functions();
                proto::Functions { functions }.encode_to_vec()
            }
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
            "CallFunction" => {
                let request = proto::CallRequest::decode(request)?;
                function::call(self.data.functions, &request)?.encode_to_vec()
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
            // An empty message means no errors, or none of these here.
            "RenewEphemeralResource" | "CloseEphemeralResource" | "GetResourceIdentitySchemas" => Vec::new(),
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
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = Value::decode(request.config.as_ref())?;
        Ok(())
    }

    /// Resources stay as they were, unless deleted outside Terraform.
    fn read_resource(&self, request: &[u8]) -> anyhow::Result<proto::ReadResponse> {
        let request = proto::ReadRequest::decode(request)?;
        let state = Value::decode(request.value.as_ref())?;
        let missing = self.missing(&request.type_name, &state);
        let says = missing.clone().flatten().map(Diagnostic::from);
        Ok(proto::ReadResponse {
            value: match missing {
                Some(_) => Value::Null.encode(),
                None => request.value,
            },
            diagnostics: says
                .into_iter()
                .chain(self.locked_out(&request.type_name).map(Diagnostic::from))
                .collect(),
            private: request.private,
        })
    }

    /// Whether the resource, or one it depends on, was deleted, and what the provider says then.
    fn missing(&self, type_name: &str, state: &Value) -> Option<Option<Refusal>> {
        let deleted = self.cloud.deleted();
        let own = self.data.missing.iter().filter(|row| row.type_name == type_name);
        let found = own.map(|row| (state.text(row.attribute), row.says));
        let (id, says) = found
            .chain([(state.text("id"), None)])
            .find(|(id, _)| deleted.contains(*id))?;
        Some(says.map(|says| Refusal::new(says.replace("{id}", id))))
    }

    /// The error where the vault itself would have to answer.
    fn locked_out(&self, type_name: &str) -> Option<Refusal> {
        let vault = self.data.vault.filter(|vault| vault.types.contains(&type_name))?;
        self.cloud.refuse_by_vault();
        Some(Refusal {
            summary: vault.summary.to_owned(),
            detail: vault.detail.to_owned(),
        })
    }

    fn import(&self, request: &[u8]) -> anyhow::Result<proto::ImportResponse> {
        let proto::ImportRequest { type_name, id } = proto::ImportRequest::decode(request)?;
        let found = self.cloud.adopt(&type_name, &id);
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

    fn read(&self, schemas: &Schemas, request: &[u8]) -> anyhow::Result<Option<DynamicValue>> {
        let request = proto::Typed::decode(request)?;
        let config = Value::decode(request.value.as_ref())?;
        let block = block_of(schemas, &request.type_name)?;
        let (known, settings) = (config.clone(), self.settings());
        let subject = Subject::new(&self.data, &request.type_name, &known, 0, &settings);
        let answer = apply::read(&subject, block, config);
        Ok(self.behaviour().answer(answer).encode())
    }

    fn plan(&self, request: &[u8]) -> anyhow::Result<proto::PlanResponse> {
        let request = proto::PlanRequest::decode(request)?;
        let block = block_of(&self.schema.resource_schemas, &request.type_name)?;
        let prior = Value::decode(request.prior.as_ref())?;
        let proposed = Value::decode(request.proposed.as_ref())?;
        let plan = plan::plan(&self.data, &request.type_name, block, &prior, proposed);
        Ok(proto::PlanResponse {
            planned: plan.planned.encode(),
            requires_replace: plan.replaced_by.into_iter().map(proto::AttributePath::of).collect(),
        })
    }

    async fn apply(&self, request: &[u8]) -> anyhow::Result<proto::ApplyResponse> {
        let request = proto::ApplyRequest::decode(request)?;
        let block = block_of(&self.schema.resource_schemas, &request.type_name)?;
        let prior = Value::decode(request.prior.as_ref())?;
        let planned = Value::decode(request.planned.as_ref())?;
        let config = Value::decode(request.config.as_ref())?;
        let attempt = self.cloud.attempt(&request.type_name).await;
        let made = attempt.and_then(|()| self.change(&request.type_name, block, &prior, planned, config));
        Ok(match made {
            Ok(made) => proto::ApplyResponse {
                state: made.state.encode(),
                private: made.private,
                diagnostics: made.complaint.map(Diagnostic::from).into_iter().collect(),
            },
            Err(refusal) => proto::ApplyResponse {
                state: prior.encode(),
                diagnostics: vec![refusal.into()],
                ..proto::ApplyResponse::default()
            },
        })
    }

    fn behaviour(&self) -> MutexGuard<'_, Box<dyn Behaviour>> {
        self.behaviour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settings(&self) -> Value {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl From<Refusal> for Diagnostic {
    fn from(refusal: Refusal) -> Diagnostic {
        Diagnostic::error(refusal.summary, refusal.detail)
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

/// States have our own schema version, so only the encoding is upgraded.
fn upgrade(request: &[u8]) -> anyhow::Result<proto::State> {
    let raw = proto::StoredState::decode(request)?.raw.context("a state is missing")?;
    let value = Some(DynamicValue {
        msgpack: Vec::new(),
        json: raw.json,
    });
    Ok(proto::State { value })
}
