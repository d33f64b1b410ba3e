//! The house style of modules, and what none of them may do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use hcl::{Block, Expression};
use remote_setup::clouds::CLOUDS;
use remote_setup::clouds::TerraformProvider;

use crate::common::{resolve, root, spec_on, with_vault, without_vault};
use crate::terraform::{attribute, blocks, module, nested_blocks, terraform_files};

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
            let providers = blocks(settings.body(), "required_providers").next().expect("providers");
            let rows = cloud.module().expect("a module").providers;
            assert_eq!(providers.body().attributes().count(), rows.len(), "{}", cloud.slug);
            for TerraformProvider {
                name, source, version, ..
            } in rows
            {
                let wanted = providers.body().attributes().find(|provider| provider.key() == *name);
                let wanted = wanted.expect(name).expr().to_string();
                assert!(
                    wanted.contains(&format!("\"{version}\"")) && wanted.contains(&format!("\"{source}\"")),
                    "{}: the row says another version or source than the module: {wanted}",
                    cloud.slug
                );
            }
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
        let (body, row) = (module(cloud.slug), cloud.module().expect("a module"));
        let inputs: BTreeSet<_> = row.inputs.iter().map(|(name, _)| *name).collect();
        for variable in blocks(&body, "variable") {
            let name = variable.labels()[0].as_str();
            let optional = attribute(variable, "default").is_some();
            assert!(optional || inputs.contains(name), "{}: the root does not give `{name}`", cloud.slug);
        }
        for input in inputs {
            let known = blocks(&body, "variable").any(|variable| variable.labels()[0].as_str() == input);
            assert!(known, "{}: the module has no variable `{input}`", cloud.slug);
        }
        for (name, _) in row.outputs {
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
            assert!(!text.contains("0.0.0.0/0") && !text.contains("::/0"), "{}: {name}", cloud.slug);
            for (_, inside) in nested_blocks(rule.body())
                .iter()
                .filter(|(name, _)| *name == "firewall_rules")
            {
                // A field that is not given is filled in by Tencent, with every address for one.
                let fields: BTreeMap<_, _> = inside
                    .attributes()
                    .map(|field| (field.key(), field.expr().to_string()))
                    .collect();
                let expected = [
                    ("action", "\"ACCEPT\""),
                    ("cidr_block", "firewall_rules.value"),
                    ("firewall_rule_description", "\"SSH\""),
                    ("port", "\"22\""),
                    ("protocol", "\"TCP\""),
                ];
                let expected = expected.map(|(field, value)| (field, value.to_owned()));
                assert_eq!(fields, BTreeMap::from(expected), "{}: {name}", cloud.slug);
                assert!(text.contains("for_each = distinct(var.ssh_allowed_cidrs)"), "{}: {name}", cloud.slug);
            }
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
    for cloud in with_vault() {
        let (name, deployment) = (cloud.slug, resolve(&spec_on(cloud)));
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
}

#[test]
fn azure_s_secrets_are_sent_whole_and_only_when_they_are_new() {
    let module = module("azure");
    let requests: Vec<_> = blocks(&module, "resource")
        .filter(|block| block.labels()[0].as_str().starts_with("azapi_"))
        .collect();
    assert_eq!(requests.len(), 1);
    // Another argument's change would store the secret without its value; a part without a version is kept as a hash.
    let given: BTreeSet<_> = requests[0].body().attributes().map(|given| given.key()).collect();
    let expected = [
        "for_each",
        "method",
        "resource_id",
        "sensitive_body",
        "sensitive_body_version",
        "type",
    ];
    assert_eq!(given, BTreeSet::from(expected));
    let versions = attribute(requests[0], "sensitive_body_version")
        .expect("versions")
        .to_string();
    for part in ["properties.contentType", "properties.value", "tags"] {
        assert!(versions.contains(&format!("\"{part}\" = tostring(each.value)")), "{versions}");
    }
}

/// Nothing in the module asks the vault itself, and nothing of the machine waits for it.
#[test]
fn the_machine_does_not_wait_for_the_vault() {
    let module = module("azure");
    for block in blocks(&module, "resource").chain(blocks(&module, "data")) {
        let kind = block.labels()[0].as_str();
        assert!(!kind.starts_with("azurerm_key_vault_"), "{kind}");
        let text = hcl::to_string(block).expect("HCL");
        let is_the_vaults = text.contains("azurerm_key_vault.this") || kind == "azurerm_key_vault";
        let is_the_machines =
            text.contains("azurerm_linux_virtual_machine.this") || kind == "azurerm_linux_virtual_machine";
        assert!(
            !(is_the_vaults && is_the_machines) || kind == "azurerm_role_assignment",
            "{kind} ties the machine to the vault:\n{text}"
        );
    }
}

#[test]
fn without_a_vault_no_secret_comes_near_terraform() {
    for cloud in without_vault() {
        let body = module(cloud.slug);
        for variable in blocks(&body, "variable") {
            let name = variable.labels()[0].as_str();
            for property in ["ephemeral", "sensitive"] {
                assert!(attribute(variable, property).is_none(), "{}: {name}", cloud.slug);
            }
            assert!(
                ["secret", "token", "password"].iter().all(|word| !name.contains(word)),
                "{}: {name}",
                cloud.slug
            );
        }
        for name in ["login_configuration", "private_key"] {
            let text = hcl::to_string(&body).expect("HCL");
            assert!(!text.contains(name), "{}: {name}", cloud.slug);
        }
    }
}

#[test]
fn what_a_change_would_wipe_is_guarded() {
    let body = module("lighthouse");
    let machine =
        blocks(&body, "resource").find(|block| block.labels()[0].as_str() == "tencentcloud_lighthouse_instance");
    let lifecycle = blocks(machine.expect("a machine").body(), "lifecycle")
        .next()
        .expect("a lifecycle");
    assert_eq!(attribute(lifecycle, "prevent_destroy"), Some(&Expression::Bool(true)));
    let ignored = attribute(lifecycle, "ignore_changes")
        .expect("ignore_changes")
        .to_string();
    let ignored: BTreeSet<_> = ignored
        .split(|c: char| !c.is_ascii_lowercase() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    assert_eq!(ignored, BTreeSet::from(["blueprint_id", "firewall_template_id", "period"]));
}

#[test]
fn a_module_s_readme_tells_its_variables_and_outputs() {
    for cloud in CLOUDS {
        let folder = root().join("modules").join(cloud.slug);
        let readme = fs::read_to_string(folder.join("README.md")).expect("README.md");
        let body = module(cloud.slug);
        let plain = |block: &Block, name: &str| match attribute(block, name) {
            Some(Expression::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("{}: no {name}", cloud.slug),
        };
        for variable in blocks(&body, "variable") {
            let name = variable.labels()[0].as_str();
            let default = match attribute(variable, "default") {
                Some(value) => format!("`{value}`"),
                None => "required".to_owned(),
            };
            let kind = plain(variable, "type");
            let row = format!("| `{name}` | `{kind}` | {default} | {} |", plain(variable, "description"));
            assert!(readme.lines().any(|line| line == row), "{}: no line {row}", cloud.slug);
        }
        for output in blocks(&body, "output") {
            let row = format!("| `{}` | {} |", output.labels()[0].as_str(), plain(output, "description"));
            assert!(readme.lines().any(|line| line == row), "{}: no line {row}", cloud.slug);
        }
    }
}
