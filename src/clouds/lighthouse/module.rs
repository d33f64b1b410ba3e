//! Lighthouse's Terraform module, and what a plan of it may do.

use super::firewall;
use crate::clouds::module::module_files;
use crate::clouds::{Backend, DestroyGuard, Fact, Module, PRICE_OUTPUT, RootVariable, TerraformProvider};

pub(super) const MODULE: Module = Module {
    providers: &[TerraformProvider {
        name: "tencentcloud",
        source: "tencentcloudstack/tencentcloud",
        version: ">= 1.83.0, < 2.0.0",
        // Keys come from the environment, so that no file holds them.
        block: r#"provider "tencentcloud" {
  region = "{region}"
}
"#,
    }],
    backend: Backend {
        kind: "cos",
        settings: &["bucket", "encrypt", "key", "prefix", "region"],
        example: r#"terraform {
  backend "cos" {
    region = "ap-guangzhou"
    bucket = "your-terraform-state-1250000000"
    prefix = "codewhale"
    key    = "terraform.tfstate"
  }
}
"#,
    },
    files: module_files!["lighthouse": "README.md", "bootstrap.tf", "catalogue.tf", "instance.tf", "main.tf", "network.tf", "outputs.tf", "terraform.tf", "variables.tf"],
    inputs: &[
        ("name", Fact::Name),
        ("deployment_id", Fact::Id),
        ("location", Fact::Location),
        ("zone", Fact::Variable),
        ("size", Fact::Size),
        ("blueprint_id", Fact::Variable),
        ("period", Fact::Variable),
        ("renew_flag", Fact::Variable),
        ("ssh_public_key", Fact::SshPublicKey),
        ("ssh_key_id", Fact::Variable),
        ("ssh_allowed_cidrs", Fact::SshAllowedCidrs),
        ("runtime_port", Fact::RuntimePort),
        ("cloud_init", Fact::FirstScript),
        ("tags", Fact::Tags),
    ],
    variables: &[
        variable(
            "zone",
            "string",
            "\"\"",
            "Zone within the region, such as ap-hongkong-2; empty: Tencent picks one",
        ),
        variable(
            "blueprint_id",
            "string",
            "\"\"",
            "Image to start from, such as lhbp-1l4ptuvm; empty: Ubuntu 24.04",
        ),
        variable(
            "ssh_key_id",
            "string",
            "\"\"",
            "Key pair of your public key that the account has already, such as lhkp-a1b2c3d4; empty: one is made",
        ),
        variable(
            "period",
            "number",
            "1",
            "Months that are paid for at first: 1 to 12, 24, 36, 48 or 60",
        ),
        variable(
            "renew_flag",
            "string",
            "\"NOTIFY_AND_MANUAL_RENEW\"",
            "When the paid time ends: NOTIFY_AND_AUTO_RENEW goes on paying, NOTIFY_AND_MANUAL_RENEW waits for you",
        ),
    ],
    outputs: &[
        ("instance_id", "Id of the machine"),
        (PRICE_OUTPUT, "Price of the machine, where Tencent tells it"),
        ("public_ip", "Public address of the machine"),
        ("ssh_command", "Opens a shell on the machine"),
        ("ssh_user", "Administrator's name on the machine"),
        ("tunnel_command", "Forwards the runtime's loopback port to your computer"),
    ],
    rules: firewall::RULES,
    network: firewall::NETWORK,
    identity: None,
    machine: "tencentcloud_lighthouse_instance",
    harmless_replacements: &["terraform_data", "tencentcloud_tat_invocation_invoke_attachment"],
    harmless_deletions: &[],
    outdated: &[],
    destroy_guard: Some(DestroyGuard {
        file: "modules/lighthouse/destroy_override.tf",
        text: "resource \"tencentcloud_lighthouse_instance\" \"this\" {\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n",
    }),
};

const fn variable(
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    description: &'static str,
) -> RootVariable {
    RootVariable {
        name,
        kind,
        default,
        description,
    }
}
