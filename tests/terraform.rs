//! Every block and argument of every `.tf` file against the provider's real schema, and the house
//! style of modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use hcl::{Block, Body, Expression};
use remote_setup::registry::CLOUDS;
use serde::Deserialize;

use crate::common::{examples, files_under, root};

/// `terraform providers schema -json`, as far as we look at it.
#[derive(Deserialize)]
struct Provider {
    resource_schemas: BTreeMap<String, Schema>,
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
    let text = fs::read_to_string(root().join("src/rehearse/schemas/azurerm-5.2.0.json")).expect("the schema");
    serde_json::from_str(&text).expect("a provider schema")
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
    for block in body.blocks() {
        let name = block.identifier();
        let below = format!("{path}.{name}");
        match schema.block_types.get(name) {
            Some(nested) => complaints(block.body(), &nested.block, &below, found),
            None if name == "lifecycle" => {}
            None => found.push(format!("{below} does not exist")),
        }
    }
    let has_attribute = |name: &str| body.attributes().any(|attribute| attribute.key() == name);
    let has_block = |name: &str| body.blocks().any(|block| block.identifier() == name);
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

fn terraform_files(folder: &Path) -> Vec<(String, String)> {
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
    let mut folders = vec![root().join("modules")];
    folders.extend(examples().into_iter().map(|(_, folder, _)| folder));
    assert!(folders.len() > 5);
    for folder in folders {
        let mut checked = 0;
        for (name, text) in terraform_files(&folder) {
            let (count, found) = check_file(&text, &provider, &name);
            assert_eq!(found, Vec::<String>::new(), "{}", folder.display());
            checked += count;
        }
        assert!(checked > 12, "{}: only {checked} resources were checked", folder.display());
    }
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
}

fn blocks<'a>(body: &'a Body, identifier: &'a str) -> impl Iterator<Item = &'a Block> {
    body.blocks().filter(move |block| block.identifier() == identifier)
}

fn attribute<'a>(block: &'a Block, name: &str) -> Option<&'a Expression> {
    block
        .body()
        .attributes()
        .find(|attribute| attribute.key() == name)
        .map(|attribute| attribute.expr())
}

fn module(cloud: &str) -> Body {
    let mut all = Body::default();
    for (_, text) in terraform_files(&root().join("modules").join(cloud)) {
        all = all.into_iter().chain(hcl::parse(&text).expect("HCL")).collect();
    }
    all
}

#[test]
fn modules_keep_the_house_style() {
    for cloud in CLOUDS {
        let body = module(cloud.slug);
        assert_eq!(
            blocks(&body, "provider").count(),
            0,
            "{}: a module configures no provider",
            cloud.slug
        );
        let variables: Vec<_> = blocks(&body, "variable").collect();
        assert!(variables.len() <= 20, "{}: {} variables", cloud.slug, variables.len());
        for variable in &variables {
            let name = variable.labels()[0].as_str();
            for wanted in ["description", "type", "nullable"] {
                assert!(
                    attribute(variable, wanted).is_some(),
                    "{}: variable {name} lacks {wanted}",
                    cloud.slug
                );
            }
            for validation in blocks(variable.body(), "validation") {
                assert!(attribute(validation, "error_message").is_some(), "{}: variable {name}", cloud.slug);
            }
        }
        let outputs: Vec<_> = blocks(&body, "output")
            .map(|block| block.labels()[0].as_str())
            .collect();
        assert!(outputs.is_sorted(), "{}: {outputs:?}", cloud.slug);
        for output in blocks(&body, "output") {
            assert!(attribute(output, "description").is_some(), "{}", cloud.slug);
        }
        for core in [
            "name",
            "location",
            "size",
            "ssh_public_key",
            "ssh_allowed_cidrs",
            "cloud_init",
            "tags",
        ] {
            assert!(
                variables.iter().any(|variable| variable.labels()[0].as_str() == core),
                "{}: no variable {core}",
                cloud.slug
            );
        }
        for settings in blocks(&body, "terraform") {
            let required = attribute(settings, "required_version")
                .expect("required_version")
                .to_string();
            assert!(required.contains(">=") && required.contains('<'), "{}: {required}", cloud.slug);
        }
        let text: String = terraform_files(&root().join("modules").join(cloud.slug))
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        for refused in [
            "data \"http\"",
            "tls_private_key",
            "local-exec",
            "remote-exec",
            "random_password",
            "timestamp()",
        ] {
            assert!(!text.contains(refused), "{}: {refused}", cloud.slug);
        }
    }
}

#[test]
fn the_root_gives_the_module_what_it_takes_and_takes_what_it_gives() {
    for cloud in CLOUDS {
        let body = module(cloud.slug);
        let inputs: BTreeSet<_> = cloud.module_inputs.iter().map(|(name, _)| *name).collect();
        for variable in blocks(&body, "variable") {
            let name = variable.labels()[0].as_str();
            let optional = attribute(variable, "default").is_some();
            assert!(optional || inputs.contains(name), "{}: the root does not give `{name}`", cloud.slug);
        }
        for input in inputs {
            let known = blocks(&body, "variable").any(|variable| variable.labels()[0].as_str() == input);
            assert!(known, "{}: the module has no variable `{input}`", cloud.slug);
        }
        for (name, _) in cloud.module_outputs {
            let known = blocks(&body, "output").any(|output| output.labels()[0].as_str() == *name);
            assert!(known, "{}: the module has no output `{name}`", cloud.slug);
        }
    }
}

#[test]
fn no_rule_opens_the_runtime_port_and_ssh_is_for_the_named_only() {
    for cloud in CLOUDS {
        for rule in blocks(&module(cloud.slug), "resource") {
            let text = hcl::to_string(rule).expect("HCL");
            let (kind, name) = (rule.labels()[0].as_str(), rule.labels()[1].as_str());
            let opens = kind.contains("security_rule") || kind.contains("firewall_rule");
            if !opens {
                continue;
            }
            assert!(!text.contains("runtime_port") && !text.contains("7878"), "{}: {name}", cloud.slug);
            let inbound_allow = text.contains("\"Inbound\"") && text.contains("\"Allow\"");
            if inbound_allow {
                assert!(text.contains("\"22\""), "{}: {name} opens something else:\n{text}", cloud.slug);
                assert!(
                    attribute(rule, "source_address_prefixes").is_some(),
                    "{}: {name} is open to anybody",
                    cloud.slug
                );
                assert!(attribute(rule, "source_address_prefix").is_none(), "{}: {name}", cloud.slug);
            }
        }
    }
}

#[test]
fn secrets_are_write_only_and_ephemeral() {
    for (name, _, deployment) in examples() {
        let text = crate::common::file(&deployment, "variables.tf");
        let body = hcl::parse(&text).expect("HCL");
        for slot in &deployment.secrets {
            let variable = slot.terraform_variable();
            let block = blocks(&body, "variable").find(|block| block.labels()[0].as_str() == variable);
            let block = block.unwrap_or_else(|| panic!("{name}: no variable {variable}"));
            for property in ["ephemeral", "sensitive"] {
                assert_eq!(
                    attribute(block, property),
                    Some(&Expression::Bool(true)),
                    "{name}: {variable}.{property}"
                );
            }
        }
    }
    for (path, text) in terraform_files(&root().join("modules/azure")) {
        let body = hcl::parse(&text).expect("HCL");
        for secret in blocks(&body, "resource").filter(|block| block.labels()[0].as_str() == "azurerm_key_vault_secret")
        {
            assert!(attribute(secret, "value").is_none(), "{path}");
            assert!(
                attribute(secret, "value_wo").is_some() && attribute(secret, "value_wo_version").is_some(),
                "{path}"
            );
        }
    }
}
