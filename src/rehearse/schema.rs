//! What a provider takes: `terraform providers schema -json`, reduced to the resources we use.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;

use super::proto;

/// Each provider we can play. A new one is a file and a row.
const EMBEDDED: &[(&str, &str)] = &[
    ("azure/azapi", include_str!("schemas/azapi-2.12.0.json")),
    ("hashicorp/azurerm", include_str!("schemas/azurerm-5.2.0.json")),
    ("tencentcloudstack/tencentcloud", include_str!("schemas/tencentcloud-1.83.25.json")),
];

/// Everything one provider offers.
#[derive(Debug, Deserialize)]
pub(super) struct Provider {
    /// `namespace/name`
    pub(super) source: String,
    pub(super) provider: Schema,
    pub(super) resource_schemas: BTreeMap<String, Schema>,
    pub(super) data_source_schemas: BTreeMap<String, Schema>,
    #[serde(default)]
    pub(super) ephemeral_resource_schemas: BTreeMap<String, Schema>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Schema {
    #[serde(default)]
    version: i64,
    pub(super) block: Block,
}

/// In here, a field we do not know would be played wrongly, so it is an error.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    pub(super) block_types: BTreeMap<String, NestedBlock>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attribute {
    /// `"string"`, `["list", "string"]`, and so on; null where there is a nested type.
    #[serde(rename = "type", default)]
    pub(super) kind: serde_json::Value,
    nested_type: Option<NestedType>,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) computed: bool,
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    pub(super) write_only: bool,
}

/// An argument whose value has arguments of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NestedType {
    attributes: BTreeMap<String, Attribute>,
    nesting_mode: Nesting,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NestedBlock {
    nesting_mode: Nesting,
    pub(super) block: Block,
    #[serde(default)]
    min_items: u32,
    /// None is any number.
    max_items: Option<u32>,
}

/// The numbers are the protocol's.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Nesting {
    Single = 1,
    List = 2,
    Set = 3,
    Map = 4,
    Group = 5,
}

impl Provider {
    /// The embedded schema of `namespace/name`, if there is one.
    pub(super) fn embedded(source: &str) -> anyhow::Result<Option<Provider>> {
        let Some((_, text)) = EMBEDDED.iter().find(|(known, _)| *known == source) else {
            return Ok(None);
        };
        let provider: Provider =
            serde_json::from_str(text).with_context(|| format!("cannot read the schema of `{source}`"))?;
        Ok(Some(provider))
    }

    pub(super) fn to_proto(&self) -> proto::ProviderSchema {
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
            ephemeral_resources: all(&self.ephemeral_resource_schemas),
        }
    }
}

impl Schema {
    fn to_proto(&self) -> proto::Schema {
        proto::Schema {
            version: self.version,
            block: Some(self.block.to_proto()),
        }
    }
}

impl Block {
    fn to_proto(&self) -> proto::Block {
        let nested = |(name, nested): (&String, &NestedBlock)| proto::NestedBlock {
            type_name: name.clone(),
            block: Some(nested.block.to_proto()),
            nesting: nested.nesting_mode as i32,
            min_items: nested.min_items.into(),
            // Zero is any number here.
            max_items: nested.max_items.unwrap_or_default().into(),
        };
        proto::Block {
            attributes: attributes(&self.attributes),
            block_types: self.block_types.iter().map(nested).collect(),
        }
    }
}

fn attributes(all: &BTreeMap<String, Attribute>) -> Vec<proto::Attribute> {
    all.iter().map(|(name, attribute)| attribute.to_proto(name)).collect()
}

impl Attribute {
    fn to_proto(&self, name: &str) -> proto::Attribute {
        proto::Attribute {
            name: name.to_owned(),
            kind: match self.nested_type {
                Some(_) => Vec::new(),
                None => self.kind.to_string().into_bytes(),
            },
            nested_type: self.nested_type.as_ref().map(|nested| proto::NestedType {
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
