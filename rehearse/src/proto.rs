//! The messages of Terraform's plugin protocol 6, as far as this provider speaks it.
//!
//! Written by hand, so that building needs no protobuf compiler. The tags are the contract with
//! Terraform; fields we neither read nor send are left out, which protobuf allows. Messages of one
//! shape are one struct, and its comment names the methods that use it. `Wire…` is what Terraform is told of the type of
//! that name in [`crate::schema`].
//! Source: https://github.com/hashicorp/terraform/tree/main/docs/plugin-protocol

mod function;
mod schema;

use prost::{Message, Oneof};

pub(crate) use function::{CallRequest, CallResponse, FunctionError, Functions, Returned, WireFunction, WireParameter};
pub(crate) use schema::{
    ProviderSchema, ServerCapabilities, WireAttribute, WireBlock, WireNestedBlock, WireNestedType, WireSchema,
};

/// `Diagnostic.Severity.ERROR`
const ERROR: i32 = 1;

/// A value of Terraform's language in one of two encodings.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) msgpack: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) json: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Diagnostic {
    #[prost(int32, tag = "1")]
    pub(crate) severity: i32,
    #[prost(string, tag = "2")]
    pub(crate) summary: String,
    #[prost(string, tag = "3")]
    pub(crate) detail: String,
}

impl Diagnostic {
    pub(crate) fn error(summary: impl Into<String>, detail: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: ERROR,
            summary: summary.into(),
            detail: detail.into(),
        }
    }
}

/// Where in a resource something is.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AttributePath {
    #[prost(message, repeated, tag = "1")]
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Step {
    #[prost(oneof = "Selector", tags = "1")]
    pub(crate) selector: Option<Selector>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum Selector {
    #[prost(string, tag = "1")]
    AttributeName(String),
}

impl AttributePath {
    pub(crate) fn of(attribute: &str) -> AttributePath {
        let selector = Some(Selector::AttributeName(attribute.to_owned()));
        AttributePath {
            steps: vec![Step { selector }],
        }
    }
}

/// `ValidateProviderConfig`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ProviderConfig {
    #[prost(message, optional, tag = "1")]
    pub(crate) config: Option<DynamicValue>,
}

/// `ConfigureProvider`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Configuration {
    #[prost(message, optional, tag = "2")]
    pub(crate) config: Option<DynamicValue>,
}

/// `ValidateProviderConfig`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ProviderConfigVerdict {
    #[prost(message, repeated, tag = "2")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A type and one value of it: `Validate…Config`, `ReadDataSource`, `OpenEphemeralResource`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Typed {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) value: Option<DynamicValue>,
}

/// Nothing but complaints: `Validate…Config`, `ConfigureProvider`, `RenewEphemeralResource`, `CloseEphemeralResource`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Verdict {
    #[prost(message, repeated, tag = "1")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// `ReadResource`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ReadRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) value: Option<DynamicValue>,
    #[prost(bytes = "vec", tag = "3")]
    pub(crate) private: Vec<u8>,
}

/// `ReadResource`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ReadResponse {
    #[prost(message, optional, tag = "1")]
    pub(crate) value: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[prost(bytes = "vec", tag = "3")]
    pub(crate) private: Vec<u8>,
}

/// `ImportResourceState`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ImportRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(string, tag = "2")]
    pub(crate) id: String,
}

/// `ImportResourceState`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ImportResponse {
    #[prost(message, repeated, tag = "1")]
    pub(crate) resources: Vec<Imported>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Imported {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) state: Option<DynamicValue>,
}

/// `UpgradeResourceState`, `ReadDataSource`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct State {
    #[prost(message, optional, tag = "1")]
    pub(crate) value: Option<DynamicValue>,
}

/// `OpenEphemeralResource`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Opened {
    #[prost(message, optional, tag = "3")]
    pub(crate) result: Option<DynamicValue>,
}

/// `UpgradeResourceState`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct StoredState {
    #[prost(message, optional, tag = "3")]
    pub(crate) raw: Option<RawState>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct RawState {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) json: Vec<u8>,
}

/// `PlanResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PlanRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) prior: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(crate) proposed: Option<DynamicValue>,
}

/// `PlanResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PlanResponse {
    #[prost(message, optional, tag = "1")]
    pub(crate) planned: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) requires_replace: Vec<AttributePath>,
}

/// `ApplyResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ApplyRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) prior: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(crate) planned: Option<DynamicValue>,
    #[prost(message, optional, tag = "4")]
    pub(crate) config: Option<DynamicValue>,
}

/// `ApplyResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ApplyResponse {
    #[prost(message, optional, tag = "1")]
    pub(crate) state: Option<DynamicValue>,
    /// Data that the provider keeps in the state besides the values, hidden from users.
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) private: Vec<u8>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}
