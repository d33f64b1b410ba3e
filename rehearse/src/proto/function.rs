//! Functions that a provider brings.

use std::collections::BTreeMap;

use prost::Message;

use super::DynamicValue;

/// `GetProviderSchema`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct WireFunction {
    #[prost(message, repeated, tag = "1")]
    pub(crate) parameters: Vec<WireParameter>,
    #[prost(message, optional, tag = "2")]
    pub(crate) variadic_parameter: Option<WireParameter>,
    #[prost(message, optional, tag = "3")]
    pub(crate) returned: Option<Returned>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct WireParameter {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    /// As JSON.
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) kind: Vec<u8>,
    #[prost(bool, tag = "3")]
    pub(crate) allow_null_value: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Returned {
    /// As JSON.
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) kind: Vec<u8>,
}

/// `GetFunctions`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Functions {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) functions: BTreeMap<String, WireFunction>,
}

/// `CallFunction`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct CallRequest {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) arguments: Vec<DynamicValue>,
}

/// `CallFunction`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct CallResponse {
    #[prost(message, optional, tag = "1")]
    pub(crate) result: Option<DynamicValue>,
    #[prost(message, optional, tag = "2")]
    pub(crate) error: Option<FunctionError>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct FunctionError {
    #[prost(string, tag = "1")]
    pub(crate) text: String,
}
