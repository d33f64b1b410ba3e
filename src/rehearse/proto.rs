//! The messages of Terraform's plugin protocol 6, as far as this provider speaks it.
//!
//! Written by hand, so that building needs no protobuf compiler. The tags are the contract with
//! Terraform; fields we neither read nor send are left out, which protobuf allows. Messages of one
//! shape are one struct, and its comment names the methods that use it.
//! Source: https://github.com/hashicorp/terraform/tree/main/docs/plugin-protocol

use std::collections::BTreeMap;

use prost::{Message, Oneof};

/// `Diagnostic.Severity.ERROR`
const ERROR: i32 = 1;

/// A value of Terraform's language in one of two encodings.
#[derive(Clone, PartialEq, Message)]
pub(super) struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) msgpack: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) json: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Diagnostic {
    #[prost(int32, tag = "1")]
    pub(super) severity: i32,
    #[prost(string, tag = "2")]
    pub(super) summary: String,
    #[prost(string, tag = "3")]
    pub(super) detail: String,
}

impl Diagnostic {
    pub(super) fn error(summary: impl Into<String>, detail: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: ERROR,
            summary: summary.into(),
            detail: detail.into(),
        }
    }
}

/// Where in a resource something is.
#[derive(Clone, PartialEq, Message)]
pub(super) struct AttributePath {
    #[prost(message, repeated, tag = "1")]
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Step {
    #[prost(oneof = "Selector", tags = "1")]
    pub(super) selector: Option<Selector>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Selector {
    #[prost(string, tag = "1")]
    AttributeName(String),
}

impl AttributePath {
    pub(super) fn of(attribute: &str) -> AttributePath {
        let selector = Some(Selector::AttributeName(attribute.to_owned()));
        AttributePath {
            steps: vec![Step { selector }],
        }
    }
}

/// `GetProviderSchema`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ProviderSchema {
    #[prost(message, optional, tag = "1")]
    pub(super) provider: Option<Schema>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(super) resources: BTreeMap<String, Schema>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(super) data_sources: BTreeMap<String, Schema>,
    #[prost(message, optional, tag = "6")]
    pub(super) capabilities: Option<ServerCapabilities>,
    #[prost(btree_map = "string, message", tag = "8")]
    pub(super) ephemeral_resources: BTreeMap<String, Schema>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ServerCapabilities {
    /// Terraform may remember the schema instead of asking each time.
    #[prost(bool, tag = "2")]
    pub(super) schema_optional: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Schema {
    #[prost(int64, tag = "1")]
    pub(super) version: i64,
    #[prost(message, optional, tag = "2")]
    pub(super) block: Option<Block>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Block {
    #[prost(message, repeated, tag = "2")]
    pub(super) attributes: Vec<Attribute>,
    #[prost(message, repeated, tag = "3")]
    pub(super) block_types: Vec<NestedBlock>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Attribute {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    /// As JSON.
    #[prost(bytes = "vec", tag = "2")]
    pub(super) kind: Vec<u8>,
    #[prost(bool, tag = "4")]
    pub(super) required: bool,
    #[prost(bool, tag = "5")]
    pub(super) optional: bool,
    #[prost(bool, tag = "6")]
    pub(super) computed: bool,
    #[prost(bool, tag = "7")]
    pub(super) sensitive: bool,
    /// Instead of `kind`.
    #[prost(message, optional, tag = "10")]
    pub(super) nested_type: Option<NestedType>,
    #[prost(bool, tag = "11")]
    pub(super) write_only: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct NestedType {
    #[prost(message, repeated, tag = "1")]
    pub(super) attributes: Vec<Attribute>,
    #[prost(int32, tag = "3")]
    pub(super) nesting: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct NestedBlock {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) block: Option<Block>,
    #[prost(int32, tag = "3")]
    pub(super) nesting: i32,
    #[prost(int64, tag = "4")]
    pub(super) min_items: i64,
    #[prost(int64, tag = "5")]
    pub(super) max_items: i64,
}

/// `ValidateProviderConfig`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ProviderConfig {
    #[prost(message, optional, tag = "1")]
    pub(super) config: Option<DynamicValue>,
}

/// `ConfigureProvider`
#[derive(Clone, PartialEq, Message)]
pub(super) struct Configuration {
    #[prost(message, optional, tag = "2")]
    pub(super) config: Option<DynamicValue>,
}

/// `ValidateProviderConfig`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ProviderConfigVerdict {
    #[prost(message, repeated, tag = "2")]
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A type and one value of it: `Validate…Config`, `ReadDataSource`, `OpenEphemeralResource`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Typed {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) value: Option<DynamicValue>,
}

/// Nothing but complaints: `Validate…Config`, `ConfigureProvider`, `RenewEphemeralResource`, `CloseEphemeralResource`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Verdict {
    #[prost(message, repeated, tag = "1")]
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// `ReadResource`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ReadRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) value: Option<DynamicValue>,
    #[prost(bytes = "vec", tag = "3")]
    pub(super) private: Vec<u8>,
}

/// `ReadResource`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ReadResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) value: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(super) diagnostics: Vec<Diagnostic>,
    #[prost(bytes = "vec", tag = "3")]
    pub(super) private: Vec<u8>,
}

/// `ImportResourceState`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ImportRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(string, tag = "2")]
    pub(super) id: String,
}

/// `ImportResourceState`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ImportResponse {
    #[prost(message, repeated, tag = "1")]
    pub(super) resources: Vec<Imported>,
    #[prost(message, repeated, tag = "2")]
    pub(super) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Imported {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) state: Option<DynamicValue>,
}

/// `UpgradeResourceState`, `ReadDataSource`
#[derive(Clone, PartialEq, Message)]
pub(super) struct State {
    #[prost(message, optional, tag = "1")]
    pub(super) value: Option<DynamicValue>,
}

/// `OpenEphemeralResource`
#[derive(Clone, PartialEq, Message)]
pub(super) struct Opened {
    #[prost(message, optional, tag = "3")]
    pub(super) result: Option<DynamicValue>,
}

/// `UpgradeResourceState`
#[derive(Clone, PartialEq, Message)]
pub(super) struct StoredState {
    #[prost(message, optional, tag = "3")]
    pub(super) raw: Option<RawState>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct RawState {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) json: Vec<u8>,
}

/// `PlanResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(super) struct PlanRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) prior: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(super) proposed: Option<DynamicValue>,
}

/// `PlanResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(super) struct PlanResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) planned: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(super) requires_replace: Vec<AttributePath>,
}

/// `ApplyResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ApplyRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) prior: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(super) planned: Option<DynamicValue>,
    #[prost(message, optional, tag = "4")]
    pub(super) config: Option<DynamicValue>,
}

/// `ApplyResourceChange`
#[derive(Clone, PartialEq, Message)]
pub(super) struct ApplyResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) state: Option<DynamicValue>,
    /// What the provider keeps in the state beside the values; nobody is shown it.
    #[prost(bytes = "vec", tag = "2")]
    pub(super) private: Vec<u8>,
    #[prost(message, repeated, tag = "3")]
    pub(super) diagnostics: Vec<Diagnostic>,
}
