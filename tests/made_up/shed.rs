//! A made-up cloud whose machine is there already: its row comes from outside the library, and Terraform has no part in it.

use clap::Parser;
use remote_setup::cli::Cli;
use remote_setup::clouds::provisioning::{Console, Provisioning};
use remote_setup::clouds::{Cloud, Failure, MetadataAddress, Provisioner, Region, Size, TagRules};
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::render::render;
use remote_setup::tables::{Architecture, Bootstrap, Install, Words, words};

pub const SHED: Cloud = Cloud {
    slug: "shed",
    display_name: words("The Garden Shed", "花园小屋"),
    aliases: &[],
    vault: None,
    user_data: None,
    command_service: None,
    installs: &[Install::Native],
    bootstraps: &[Bootstrap::Ssh],
    default_region: "garden",
    regions: &[Region::at("garden", words("Garden", "花园"))],
    default_size: "box",
    sizes: &[Size {
        slug: "box",
        vcpus: 2,
        memory_gib: 4,
        monthly_usd: None,
    }],
    size_architecture: |size| (size == "box").then_some(Architecture::X64),
    size_form: "`box`",
    trusted_launch: |_| false,
    ssh_ipv6: true,
    metadata: &[
        // The DNS server of this made-up place too.
        MetadataAddress {
            address: "169.254.169.254",
            ports: &[80, 443],
        },
        MetadataAddress::whole("fe80::a9fe:a9fe"),
        MetadataAddress {
            address: "fd00::1",
            ports: &[8080],
        },
    ],
    cnb: false,
    tags: TagRules {
        most: 1,
        longest_key: 20,
        longest_value: 20,
        not_in_key: "",
        reserved_prefixes: &[],
    },
    other_monthly_usd: 0.0,
    other_cost_note: Words::same("-"),
    priced: "2026-11",
    provisioner: Provisioner::Existing,
    provisioning: Provisioning {
        account: None,
        environment: &[],
        refused_environment: &[],
        console: Console {
            fingerprint: "the sign at the door",
            shell: "walk there",
        },
        cloud_command: None,
        unbound_key: None,
    },
    prerequisites: &[],
    failures: &[Failure {
        symptom: Some(words("It is raining", "下雨了")),
        cause: words("the roof leaks", "屋顶漏水"),
        remedy: words("mend it in `{region}`", "请在 `{region}` 修好它"),
        ..Failure::PLAIN
    }],
    rehearsal: &[],
    find_without_state: "",
    remove_without_state: Words::same("-"),
    pause: Words::same("-"),
    after_destroy: Words::same("-"),
    creates: &[],
};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGdOhwpS0nwiBZstnHQe/b7ndB5FFFxwqyJZ6uZTgBPz operator@example";

fn deployment() -> Deployment {
    let text = |text: &str| Some(text.to_owned());
    let spec = Spec {
        id: text("abc123"),
        cloud: text("shed"),
        bridge: text("telegram"),
        provider: text("openrouter"),
        ssh_public_key: text(KEY),
        allow_ssh_from: Some(vec!["203.0.113.7/32".to_owned()]),
        ..Spec::default()
    };
    Deployment::resolve(&spec).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_machine_that_is_there_already_needs_no_terraform() {
    crate::introduce();
    let deployment = deployment();
    let files = render(&deployment).unwrap_or_else(|error| panic!("{error}"));
    let text = |path: &str| {
        let found = files.iter().find(|file| file.path == path);
        found.map(|file| file.contents.as_str()).expect(path)
    };
    for file in &files {
        let of_terraform = file.path.ends_with(".tf") || file.path.starts_with("modules/");
        assert!(!of_terraform && file.path != "provision.sh", "{}", file.path);
    }
    assert!(text("bootstrap.sh").starts_with("#!"));
    assert!(text("RUNBOOK.md").contains("**It is raining.** The roof leaks. Mend it in `garden`."));

    let block = text("metadata-block.nft");
    let users = "meta skuid { \"codewhale\", \"codewhale-bridge\", \"codewhale-broker\" }";
    for line in [
        format!("{users} ip daddr 169.254.169.254 tcp dport {{ 80, 443 }} reject"),
        format!("{users} ip6 daddr {{ fe80::a9fe:a9fe, fd00:ec2::254, fd20:ce::254 }} reject"),
        format!("{users} ip6 daddr fd00::1 tcp dport {{ 8080 }} reject"),
        "\t\tip6 daddr fe80::a9fe:a9fe reject".to_owned(),
    ] {
        assert!(block.contains(&line), "no `{line}` in\n{block}");
    }
    assert!(!block.contains("169.254.169.254 reject"), "DNS is closed too:\n{block}");
    // Systemd closes whole addresses only.
    let unit = text("codewhale-runtime.service");
    assert!(
        unit.contains("\nIPAddressDeny=fe80::a9fe:a9fe fd00:ec2::254 fd20:ce::254\n"),
        "{unit}"
    );

    let folder = tempfile::tempdir().expect("a folder");
    for file in &files {
        std::fs::write(folder.path().join(&file.path), &file.contents).expect("written");
    }
    let bundle = folder.path().to_str().expect("text");
    for verb in ["plan", "apply", "destroy", "rehearse", "output", "push"] {
        let cli = Cli::try_parse_from(["remote-setup", verb, bundle]).expect("a command line");
        let error = remote_setup::run(&cli).expect_err(verb);
        assert!(
            error
                .message()
                .starts_with("Terraform has no part in `codewhale`: The Garden Shed is a machine"),
            "{verb}: {error}"
        );
    }
}
