//! A provider's schema, as `terraform providers schema -json` prints it.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::proto;

#[derive(Deserialize)]
struct Document {
    provider_schemas: BTreeMap<String, ProviderTypes>,
}

/// Everything one provider offers.
#[derive(Debug, Deserialize)]
pub(crate) struct ProviderTypes {
    pub(crate) provider: Schema,
    #[serde(default)]
    pub(crate) resource_schemas: BTreeMap<String, Schema>,
    #[serde(default)]
    pub(crate) data_source_schemas: BTreeMap<String, Schema>,
    #[serde(default)]
    pub(crate) ephemeral_resource_schemas: BTreeMap<String, Schema>,
    #[serde(default)]
    functions: BTreeMap<String, Signature>,
}

#[derive(Debug, Deserialize)]
struct Signature {
    return_type: serde_json::Value,
    #[serde(default)]
    parameters: Vec<Parameter>,
    variadic_parameter: Option<Parameter>,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    name: String,
    #[serde(rename = "type")]
    kind: serde_json::Value,
    #[serde(default)]
    is_nullable: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Schema {
    #[serde(default)]
    version: i64,
    pub(crate) block: Block,
}

/// An unknown field would be emulated wrongly, so it is an error.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    pub(crate) block_types: BTreeMap<String, NestedBlock>,
    // Prose, which makes no difference.
    #[serde(default, rename = "description")]
    _description: IgnoredAny,
    #[serde(default, rename = "description_kind")]
    _description_kind: IgnoredAny,
    #[serde(default, rename = "deprecated")]
    _deprecated: IgnoredAny,
    #[serde(default, rename = "deprecation_message")]
    _deprecation_message: IgnoredAny,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    /// `"string"`, `["list", "string"]`, and so on; null where there is a nested type.
    #[serde(rename = "type", default)]
    plain_kind: serde_json::Value,
    pub(crate) nested_type: Option<NestedType>,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) optional: bool,
    #[serde(default)]
    pub(crate) computed: bool,
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    pub(crate) write_only: bool,
    // Prose, which makes no difference.
    #[serde(default, rename = "description")]
    _description: IgnoredAny,
    #[serde(default, rename = "description_kind")]
    _description_kind: IgnoredAny,
    #[serde(default, rename = "deprecated")]
    _deprecated: IgnoredAny,
    #[serde(default, rename = "deprecation_message")]
    _deprecation_message: IgnoredAny,
}

/// An argument whose value has arguments of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NestedType {
    pub(crate) attributes: BTreeMap<String, Attribute>,
    pub(crate) nesting_mode: Nesting,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NestedBlock {
    pub(crate) nesting_mode: Nesting,
    pub(crate) block: Block,
    #[serde(default)]
    min_items: u32,
    /// `None` means any number.
    max_items: Option<u32>,
}

/// The numbers are the protocol's.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Nesting {
    Single = 1,
    List = 2,
    Set = 3,
    Map = 4,
    Group = 5,
}

impl ProviderTypes {
    /// The only provider of a schema, and its source: `namespace/name`.
    pub(crate) fn read(schema: &str) -> anyhow::Result<(String, ProviderTypes)> {
        let document: Document = serde_json::from_str(schema).context("cannot read the schema of a provider")?;
        let mut all = document.provider_schemas.into_iter();
        let (Some((address, provider)), None) = (all.next(), all.next()) else {
            bail!("a schema must be of one provider");
        };
        // Each engine adds its own registry to a source without one.
        let source = address.strip_prefix("registry.terraform.io/").unwrap_or(&address);
        Ok((source.to_owned(), provider))
    }

    pub(crate) fn to_proto(&self) -> proto::ProviderSchema {
        let all = |schemas: &BTreeMap<String, Schema>| {
            schemas
                .iter()
                .map(|(name, schema)| (name.clone(), schema.to_proto()))
                .collect()
        };
        proto::ProviderSchema {
            provider: Some(self.provider.to_proto()),
            resources: all(&self.resource_schemas),
            data_sources: all(&self.data_source_schemas),
            capabilities: Some(proto::ServerCapabilities { schema_optional: true }),
            functions: self.functions(),
            ephemeral_resources: all(&self.ephemeral_resource_schemas),
        }
    }

    pub(crate) fn functions(&self) -> BTreeMap<String, proto::WireFunction> {
        let parameter = |parameter: &Parameter| proto::WireParameter {
            name: parameter.name.clone(),
            kind: parameter.kind.to_string().into_bytes(),
            allow_null_value: parameter.is_nullable,
        };
        let signature = |function: &Signature| proto::WireFunction {
            parameters: function.parameters.iter().map(parameter).collect(),
            variadic_parameter: function.variadic_parameter.as_ref().map(parameter),
            returned: Some(proto::Returned {
                kind: function.return_type.to_string().into_bytes(),
            }),
        };
        let all = self.functions.iter();
        all.map(|(name, one)| (name.clone(), signature(one))).collect()
    }
}

impl Schema {
    fn to_proto(&self) -> proto::WireSchema {
        proto::WireSchema {
            version: self.version,
            block: Some(self.block.to_proto()),
        }
    }
}

impl Block {
    fn to_proto(&self) -> proto::WireBlock {
        let nested = |(name, nested): (&String, &NestedBlock)| proto::WireNestedBlock {
            type_name: name.clone(),
            block: Some(nested.block.to_proto()),
            nesting: nested.nesting_mode as i32,
            min_items: nested.min_items.into(),
            // Zero means any number here.
            max_items: nested.max_items.unwrap_or_default().into(),
        };
        proto::WireBlock {
            attributes: attributes(&self.attributes),
            block_types: self.block_types.iter().map(nested).collect(),
        }
    }
}

fn attributes(all: &BTreeMap<String, Attribute>) -> Vec<proto::WireAttribute> {
    all.iter().map(|(name, attribute)| attribute.to_proto(name)).collect()
}

impl Attribute {
    /// Its type as written in schemas; for nested attributes, the equivalent object type.
    pub(crate) fn kind(&self) -> serde_json::Value {
        let Some(nested) = &self.nested_type else {
            return self.plain_kind.clone();
        };
        let fields = nested.attributes.iter();
        let fields: serde_json::Map<_, _> = fields.map(|(name, field)| (name.clone(), field.kind())).collect();
        let object = json!(["object", fields]);
        match nested.nesting_mode {
            Nesting::Single | Nesting::Group => object,
            Nesting::List => json!(["list", object]),
            Nesting::Set => json!(["set", object]),
            Nesting::Map => json!(["map", object]),
        }
    }

    fn to_proto(&self, name: &str) -> proto::WireAttribute {
        proto::WireAttribute {
            name: name.to_owned(),
            kind: match self.nested_type {
                Some(_) => Vec::new(),
                None => self.plain_kind.to_string().into_bytes(),
            },
            nested_type: self.nested_type.as_ref().map(|nested| proto::WireNestedType {
                attributes: attributes(&nested.attributes),
                nesting: nested.nesting_mode as i32,
            }),
            required: self.required,
            optional: self.optional,
            computed: self.computed,
            sensitive: self.sensitive,
            write_only: self.write_only,
        }
    }
}
