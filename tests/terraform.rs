//! Every block and argument of every `.tf` file against the provider's real schema.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hcl::{Block, Body, Expression};
use remote_setup::clouds::CLOUDS;
use serde::Deserialize;

use crate::common::{examples, files_under, root};

/// `terraform providers schema -json`, as far as we look at it.
#[derive(Deserialize)]
struct Document {
    provider_schemas: BTreeMap<String, Provider>,
}

/// One provider, or all together.
#[derive(Default, Deserialize)]
struct Provider {
    #[serde(default)]
    resource_schemas: BTreeMap<String, Schema>,
    #[serde(default)]
    data_source_schemas: BTreeMap<String, Schema>,
}

#[derive(Deserialize)]
struct Schema {
    block: BlockSchema,
}

#[derive(Default, Deserialize)]
struct BlockSchema {
    #[serde(default)]
    attributes: BTreeMap<String, AttributeSchema>,
    #[serde(default)]
    block_types: BTreeMap<String, NestedSchema>,
}

#[derive(Deserialize)]
struct AttributeSchema {
    #[serde(default)]
    required: bool,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
struct NestedSchema {
    block: BlockSchema,
    #[serde(default)]
    min_items: u32,
}

/// Arguments of Terraform itself, which every resource takes.
const META_ARGUMENTS: &[&str] = &["count", "for_each", "depends_on", "provider"];

fn provider() -> Provider {
    let mut all = Provider::default();
    for played in CLOUDS.iter().flat_map(|cloud| cloud.rehearsal) {
        let document: Document = serde_json::from_str(played.schema).expect("a provider schema");
        for one in document.provider_schemas.into_values() {
            all.resource_schemas.extend(one.resource_schemas);
            all.data_source_schemas.extend(one.data_source_schemas);
        }
    }
    all
}

/// Blocks as they are after `dynamic` ones have become what they are for.
pub(crate) fn nested_blocks(body: &Body) -> Vec<(&str, &Body)> {
    let blocks = body.blocks().map(|block| match block.identifier() {
        "dynamic" => {
            let content = blocks(block.body(), "content").next().expect("a content block");
            (block.labels()[0].as_str(), content.body())
        }
        name => (name, block.body()),
    });
    blocks.collect()
}

/// Complaints about one resource, by name of the offending argument.
fn complaints(body: &Body, schema: &BlockSchema, path: &str, found: &mut Vec<String>) {
    for attribute in body.attributes() {
        match schema.attributes.get(attribute.key()) {
            Some(known) if known.required || known.optional => {}
            Some(_) => found.push(format!("{path}.{} is computed only", attribute.key())),
            None if META_ARGUMENTS.contains(&attribute.key()) => {}
            None => found.push(format!("{path}.{} does not exist", attribute.key())),
        }
    }
    let nested_blocks = nested_blocks(body);
    for (name, inside) in &nested_blocks {
        let below = format!("{path}.{name}");
        match schema.block_types.get(*name) {
            Some(nested) => complaints(inside, &nested.block, &below, found),
            None if *name == "lifecycle" => {}
            None => found.push(format!("{below} does not exist")),
        }
    }
    let has_attribute = |name: &str| body.attributes().any(|attribute| attribute.key() == name);
    let has_block = |name: &str| nested_blocks.iter().any(|(there, _)| *there == name);
    for (name, attribute) in &schema.attributes {
        if attribute.required && !has_attribute(name) {
            found.push(format!("{path}.{name} is required"));
        }
    }
    for (name, nested) in &schema.block_types {
        if nested.min_items > 0 && !has_block(name) {
            found.push(format!("{path}.{name} is required"));
        }
    }
}

fn check_file(text: &str, provider: &Provider, path: &str) -> (usize, Vec<String>) {
    let body = hcl::parse(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut found = Vec::new();
    let mut checked = 0;
    for block in body.blocks() {
        let kind = match block.identifier() {
            "resource" => &provider.resource_schemas,
            "data" => &provider.data_source_schemas,
            _ => continue,
        };
        let name = block.labels()[0].as_str();
        // Built into Terraform.
        if name == "terraform_data" {
            continue;
        }
        checked += 1;
        match kind.get(name) {
            Some(schema) => complaints(block.body(), &schema.block, &format!("{path}: {name}"), &mut found),
            None => found.push(format!("{path}: {name} does not exist")),
        }
    }
    (checked, found)
}

pub(crate) fn terraform_files(folder: &Path) -> Vec<(String, String)> {
    files_under(folder)
        .into_iter()
        .filter(|name| name.ends_with(".tf"))
        .map(|name| {
            let text = fs::read_to_string(folder.join(&name)).expect("a file");
            (name, text)
        })
        .collect()
}

#[test]
fn every_argument_exists_in_the_real_schema() {
    let provider = provider();
    let mut folders: Vec<_> = CLOUDS
        .iter()
        .map(|cloud| root().join("modules").join(cloud.slug))
        .collect();
    folders.extend(examples().into_iter().map(|(_, folder, _)| folder));
    assert!(folders.len() > 6);
    let mut all = 0;
    for folder in folders {
        let mut checked = 0;
        for (name, text) in terraform_files(&folder) {
            let (count, found) = check_file(&text, &provider, &name);
            assert_eq!(found, Vec::<String>::new(), "{}", folder.display());
            checked += count;
        }
        assert!(checked > 0, "{}: nothing was checked", folder.display());
        all += checked;
    }
    assert!(all >= 100, "only {all} resources were checked");
}

#[test]
fn the_schema_check_finds_what_is_wrong() {
    let provider = provider();
    let finds = |text: &str, expected: &str| {
        let (_, found) = check_file(text, &provider, "x.tf");
        assert!(found.iter().any(|complaint| complaint.contains(expected)), "{expected}: {found:?}");
    };
    finds("resource \"azurerm_subnets\" \"x\" {}", "azurerm_subnets does not exist");
    finds(
        "resource \"azurerm_subnet\" \"x\" { service_endpoints = [] }",
        "service_endpoints does not exist",
    );
    finds("resource \"azurerm_subnet\" \"x\" {}", "virtual_network_name is required");
    finds(
        "resource \"azurerm_key_vault\" \"x\" { vault_uri = 1 }",
        "vault_uri is computed only",
    );
    finds("resource \"azurerm_linux_virtual_machine\" \"x\" {}", "os_disk is required");
    finds(
        "resource \"azurerm_linux_virtual_machine\" \"x\" {\n os_disk {}\n }",
        "os_disk.caching is required",
    );
    finds("data \"http\" \"x\" {}", "http does not exist");
    let rule = |inside: &str| {
        format!(
            "resource \"tencentcloud_lighthouse_firewall_rule\" \"x\" {{\n dynamic \"firewall_rules\" {{\n for_each = []\n \
             content {{\n {inside}\n }}\n }}\n }}"
        )
    };
    finds(&rule("ports = \"22\""), "firewall_rules.ports does not exist");
    finds(&rule("port = \"22\""), "firewall_rules.protocol is required");
    finds(
        "resource \"tencentcloud_lighthouse_firewall_rule\" \"x\" {}",
        "firewall_rules is required",
    );
}

pub(crate) fn blocks<'a>(body: &'a Body, identifier: &'a str) -> impl Iterator<Item = &'a Block> {
    body.blocks().filter(move |block| block.identifier() == identifier)
}

pub(crate) fn attribute<'a>(block: &'a Block, name: &str) -> Option<&'a Expression> {
    block
        .body()
        .attributes()
        .find(|attribute| attribute.key() == name)
        .map(|attribute| attribute.expr())
}

pub(crate) fn module(cloud: &str) -> Body {
    let mut all = Body::default();
    for (_, text) in terraform_files(&root().join("modules").join(cloud)) {
        all = all.into_iter().chain(hcl::parse(&text).expect("HCL")).collect();
    }
    all
}
