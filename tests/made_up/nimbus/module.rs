//! Its Terraform module, and what a plan of it may do.

use remote_setup::clouds::{Backend, Fact, Module, NetworkShape, Ports, RuleShape, RulesIn, TerraformProvider, When};

pub const MODULE: Module = Module {
    providers: &[TerraformProvider {
        name: "nimbus",
        source: "example/nimbus",
        version: ">= 1.0.0, < 2.0.0",
        block: "provider \"nimbus\" {\n  region = \"{region}\"\n}\n",
    }],
    backend: Backend {
        kind: "http",
        settings: &["address"],
        example: "terraform {\n  backend \"http\" {\n    address = \"https://state.example/agent\"\n  }\n}\n",
    },
    files: &[
        ("README.md", include_str!("module/README.md")),
        ("main.tf", include_str!("module/main.tf")),
        ("outputs.tf", include_str!("module/outputs.tf")),
        ("terraform.tf", include_str!("module/terraform.tf")),
        ("variables.tf", include_str!("module/variables.tf")),
    ],
    inputs: &[
        ("name", Fact::Name),
        ("deployment_id", Fact::Id),
        ("size", Fact::Size),
        ("ssh_public_key", Fact::SshPublicKey),
        ("ssh_allowed_cidrs", Fact::SshAllowedCidrs),
        ("runtime_port", Fact::RuntimePort),
        ("user_data", Fact::FirstScript),
    ],
    variables: &[],
    outputs: &[
        ("public_ip", "Public address of the machine"),
        ("ssh_command", "Opens a shell on the machine"),
        ("ssh_user", "Administrator's name on the machine"),
        ("tunnel_command", "Brings the runtime's loopback port to this computer"),
    ],
    rules: &[RuleShape {
        resource_type: "nimbus_firewall",
        rules_in: RulesIn::List("inbound"),
        reported: false,
        name: "name",
        outbound: When::Never,
        denies: When::Never,
        protocol: "protocol",
        portless: &[],
        sources: &["sources"],
        destinations: &[],
        ports: Ports::In(&["port"]),
        groups: &[],
        every_port: "all",
    }],
    network: NetworkShape {
        types: &["nimbus_firewall", "nimbus_gateway"],
        made: &[("nimbus_firewall", 1)],
        admitted: &[],
        deny_rule: None,
    },
    identity: None,
    machine: "nimbus_machine",
    harmless_replacements: &[],
    harmless_deletions: &[],
    outdated: &[],
    destroy_guard: None,
};
