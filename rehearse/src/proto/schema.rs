//! What a provider says of itself.

use std::collections::BTreeMap;

use prost::Message;

use super::WireFunction;

/// `GetProviderSchema`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ProviderSchema {
    #[prost(message, optional, tag = "1")]
    pub(crate) provider: Option<WireSchema>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) resources: BTreeMap<String, WireSchema>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(crate) data_sources: BTreeMap<String, WireSchema>,
    #[prost(message, optional, tag = "6")]
    pub(crate) capabilities: Option<ServerCapabilities>,
    #[prost(btree_map = "string, message", tag = "7")]
    pub(crate) functions: BTreeMap<String, WireFunction>,
    #[prost(btree_map = "string, message", tag = "8")]
    pub(crate) ephemeral_resources: BTreeMap<String, WireSchema>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ServerCapabilities {
    /// Terraform may remember the schema instead of asking each time.
    #[prost(bool, tag = "2")]
    pub(crate) schema_optional: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WireSchema {
    #[prost(int64, tag = "1")]
    pub(crate) version: i64,
    #[prost(message, optional, tag = "2")]
    pub(crate) block: Option<WireBlock>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WireBlock {
    #[prost(message, repeated, tag = "2")]
    pub(crate) attributes: Vec<WireAttribute>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) block_types: Vec<WireNestedBlock>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WireAttribute {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    /// As JSON.
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) kind: Vec<u8>,
    #[prost(bool, tag = "4")]
    pub(crate) required: bool,
    #[prost(bool, tag = "5")]
    pub(crate) optional: bool,
    #[prost(bool, tag = "6")]
    pub(crate) computed: bool,
    #[prost(bool, tag = "7")]
    pub(crate) sensitive: bool,
    /// Instead of `kind`.
    #[prost(message, optional, tag = "10")]
    pub(crate) nested_type: Option<WireNestedType>,
    #[prost(bool, tag = "11")]
    pub(crate) write_only: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WireNestedType {
    #[prost(message, repeated, tag = "1")]
    pub(crate) attributes: Vec<WireAttribute>,
    #[prost(int32, tag = "3")]
    pub(crate) nesting: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WireNestedBlock {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) block: Option<WireBlock>,
    #[prost(int32, tag = "3")]
    pub(crate) nesting: i32,
    #[prost(int64, tag = "4")]
    pub(crate) min_items: i64,
    #[prost(int64, tag = "5")]
    pub(crate) max_items: i64,
}
