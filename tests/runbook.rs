//! The runbook: what it tells people to do exists.

use clap::Parser;
use remote_setup::cli::Cli;
use remote_setup::inputs::Spec;

use crate::common::{examples, file, resolve, spec};

#[test]
fn it_names_every_secret_every_file_and_every_section() {
    for (name, _, deployment) in examples() {
        let text = file(&deployment, "RUNBOOK.md");
        for slot in &deployment.secrets {
            assert!(text.contains(&format!("| `{}` |", slot.env)), "{name}: {}", slot.env);
            assert!(
                text.contains(&format!("TF_VAR_{}=remote-setup-placeholder", slot.terraform_variable())),
                "{name}"
            );
            assert!(text.contains(&format!("`{}`", slot.vault_name())), "{name}: {}", slot.vault_name());
        }
        for section in [
            "What will exist",
            "At hand",
            "Provision",
            "Wait for the machine",
            "Pair",
            "Verify",
            "Logs",
            "Change something",
            "Rotate a secret",
            "Destroy",
            "When a step fails",
        ] {
            assert!(text.contains(&format!("\n## {section}\n")), "{name}: {section}");
        }
        assert!(text.contains(deployment.cloud.priced), "{name}: a price needs its date");
        assert!(text.contains("estimate"), "{name}");
        assert!(!text.contains("{{") && !text.contains("{%"), "{name}");
    }
}

#[test]
fn its_commands_are_accepted() {
    let mut checked = 0;
    for (name, _, deployment) in examples() {
        let text = file(&deployment, "RUNBOOK.md");
        for command in text.split(['`', '\n']).map(str::trim).filter(|line| {
            [
                "remote-setup -",
                "remote-setup apply",
                "remote-setup rehearse",
                "remote-setup destroy",
            ]
            .iter()
            .any(|start| line.starts_with(start))
        }) {
            Cli::try_parse_from(command.split_whitespace())
                .unwrap_or_else(|error| panic!("{name}: `{command}`: {error}"));
            checked += 1;
        }
        for key in text
            .split('`')
            .filter(|word| word.starts_with("allow_") || word.ends_with("_version"))
        {
            assert!(Spec::KEYS.contains(&key), "{name}: `{key}` is no key of deployment.yaml");
        }
    }
    assert!(checked > 10);
}

#[test]
fn ssh_is_mentioned_as_it_is() {
    let closed = resolve(&Spec {
        allow_ssh_from: Some(Vec::new()),
        ..spec()
    });
    let text = file(&closed, "RUNBOOK.md");
    assert!(text.contains("No SSH rule exists.") && text.contains("az vm run-command"), "{text}");
    let open = file(&resolve(&spec()), "RUNBOOK.md");
    assert!(open.contains("SSH is open to `203.0.113.7/32` and to nobody else."), "{open}");
}

#[test]
fn pairing_never_opens_the_bot() {
    for (name, folder, deployment) in examples() {
        let text = file(&deployment, "RUNBOOK.md");
        assert!(text.contains(deployment.bridge.refusal_ids), "{name}");
        assert!(!text.contains("UNLISTED"), "{name}: the runbook opens the bot");
        let env = std::fs::read_to_string(folder.join(format!("{}.env", deployment.bridge.slug))).expect("env");
        assert!(env.contains(&format!("{}=false\n", deployment.bridge.allow_unlisted_env)), "{name}");
    }
}
