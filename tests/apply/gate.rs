//! What is shown, what is asked, and that nothing happens without a yes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::common::Ran;

use super::{MADE, RESOURCES, Stage, without_harness};

#[test]
fn apply_makes_everything_and_a_second_one_nothing() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let ran = stage.answered(&["apply", "bundle"], Some("y"), "").ok();
    for shown in [
        "18 resources to create",
        "+ module.agent.azurerm_key_vault.this",
        "port 22 from 203.0.113.7/32",
        "ports 22, 80, 443 to Internet",
        "TELEGRAM_BOT_TOKEN goes to telegram-bot-token in the Key Vault kv-",
        "about $34 a month",
        "terraform apply -json",
        "Digest of bundle and plan",
        "ready: it answers",
    ] {
        assert!(ran.stderr.contains(shown), "`{shown}` is not shown:\n{}", ran.stderr);
    }
    assert_eq!(stage.emulator.record().len(), MADE);
    assert_eq!(stage.state().len(), RESOURCES);

    let again = stage.run(&["apply", "bundle"]).ok();
    assert!(again.stderr.contains("Nothing to do"), "{again:#?}");
    let looked = stage.run(&["plan", "bundle"]).ok();
    assert_eq!(looked.stdout, "No changes: the cloud matches the bundle.\n");
    assert_eq!(stage.emulator.record().len(), MADE);
    assert!(!stage.world.path("bundle/codewhale.tfplan").exists());
}

#[test]
fn mcp_servers_are_shown_before_the_question() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let spec =
        stage.world.read("bundle/deployment.yaml") + "mcp_servers:\n  files: {command: npx, args: [files-mcp]}\n";
    stage.world.write("bundle/deployment.yaml", &spec);
    stage.world.run(&["--spec=bundle/deployment.yaml", "--out=bundle"]).ok();
    let ran = stage.run(&["plan", "bundle"]).ok();
    assert!(
        ran.stdout
            .contains("MCP servers of the agent\n  files: npx \"files-mcp\"\n"),
        "{ran:#?}"
    );
}

#[test]
fn a_changed_spec_shows_just_its_change() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes"]).ok();
    stage
        .world
        .run(&["--spec=bundle/deployment.yaml", "--allow-ssh-from=198.51.100.0/24"])
        .ok();
    let ran = stage.answered(&["apply", "bundle"], Some("no"), "");
    assert_eq!(ran.code, 4, "{ran:#?}");
    let changes: Vec<_> = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with("  ~ ") || line.starts_with("  + ") || line.starts_with("  ± "))
        .collect();
    assert_eq!(
        changes,
        ["  ~ module.agent.azurerm_network_security_rule.ssh_ipv4[0]"],
        "{}",
        ran.stderr
    );
}

#[test]
fn no_silence_and_no_terminal_start_nothing() {
    for (case, code) in [
        ("no", 4),
        ("silence", 4),
        ("empty", 4),
        ("no terminal", 2),
        ("non-interactive", 2),
    ] {
        let Some(stage) = Stage::new(Vec::new()) else { return };
        let ran = match case {
            "no" => stage.answered(&["apply", "bundle"], Some("n"), ""),
            "silence" => stage.answered(&["apply", "bundle"], None, ":"),
            "empty" => stage.answered(&["apply", "bundle"], Some(""), ""),
            "no terminal" => stage.run(&["apply", "bundle"]),
            _ => stage.answered(&["apply", "bundle", "--non-interactive"], Some("y"), ""),
        };
        assert_eq!(ran.code, code, "{case}: {ran:#?}");
        assert!(!stage.calls().contains("terraform apply"), "{case}: {}", stage.calls());
        assert_eq!(stage.emulator.record(), [], "{case}");
        assert!(
            !stage.world.path("bundle/codewhale.tfplan").exists(),
            "{case}: the plan is still there"
        );
    }
}

#[test]
fn what_changed_after_the_question_is_not_applied() {
    for change in [
        "echo '# more' >> bundle/main.tf",
        "echo '# more' >> bundle/modules/azure/vm.tf",
        "echo x >> bundle/codewhale.tfplan",
        "echo '# x' > bundle/.terraform.lock.hcl",
        "rm bundle/cloud-init.yaml",
    ] {
        let Some(stage) = Stage::new(Vec::new()) else { return };
        let ran = stage.answered(&["apply", "bundle"], Some("y"), change);
        assert_eq!(ran.code, 1, "{change}: {ran:#?}");
        assert!(ran.stderr.contains("changed after it was shown"), "{change}: {ran:#?}");
        assert_eq!(stage.emulator.record(), [], "{change}");
    }
}

#[test]
fn destroying_asks_for_the_name_and_needs_no_secret() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    fs::remove_file(stage.world.path("bundle/secrets.env")).expect("removed");
    assert_eq!(stage.answered(&["destroy", "bundle"], Some("y"), "").code, 4);
    let ran = stage.run(&["destroy", "bundle", "--yes"]).refused();
    assert!(ran.stderr.contains("--allow-destroy"), "{ran:#?}");
    assert_eq!(stage.state().len(), RESOURCES);

    let ran = stage.answered(&["destroy", "bundle"], Some("codewhale"), "").ok();
    assert!(ran.stderr.contains("18 resources to destroy"), "{ran:#?}");
    assert_eq!(stage.state(), Vec::<String>::new());
}

#[test]
fn destroying_without_the_state_is_a_failure_that_says_how_to_look() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    let state = stage.world.path("bundle/terraform.tfstate");
    let kept = stage.world.path("kept");
    fs::rename(&state, &kept).expect("moved");
    let _ = fs::remove_file(stage.world.path("bundle/terraform.tfstate.backup"));
    let spec = stage.world.read("bundle/deployment.yaml");
    let id = spec.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id");
    let ran = stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    for said in [
        "has no state (no terraform.tfstate, and none in a backend)",
        "still exist",
        &format!("az resource list --tag deployment_id={id} --output table"),
        "RUNBOOK.md",
    ] {
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    for lie in ["Nothing to do", "nothing exists"] {
        assert!(!ran.stderr.contains(lie), "`{lie}`: {ran:#?}");
    }
    assert_eq!(stage.emulator.record().len(), MADE, "something was changed");

    fs::rename(&kept, &state).expect("put back");
    stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    // A state that knows of nothing is one.
    let ran = stage.run(&["destroy", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("Nothing to destroy."), "{ran:#?}");
}

#[test]
fn a_state_in_a_backend_is_a_state_and_an_empty_backend_is_none() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    // Elsewhere, as far as Terraform can tell.
    let backend = format!(
        "terraform {{\n  backend \"local\" {{\n    path = \"{}\"\n  }}\n}}\n",
        stage.world.path("elsewhere.tfstate").display()
    );
    let all = ["init", "plan", "apply", "show", "state", "output"];
    stage.terraform_reads("backend.tf", &backend, &all);
    let ran = stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]);
    assert!(ran.code == 1 && ran.stderr.contains("has no state"), "{ran:#?}");
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    assert!(!stage.world.path("bundle/terraform.tfstate").exists());
    let ran = stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    assert!(ran.stderr.contains("18 resources to destroy"), "{ran:#?}");
}

#[test]
fn both_flags_destroy_without_a_question() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    assert_eq!(stage.state(), Vec::<String>::new());
}

#[test]
fn replacing_the_machine_asks_for_the_name() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    stage.extra("terraform.tfvars", "vm_revision = 2\n");
    let ran = stage.answered(&["apply", "bundle"], Some("y"), "");
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(ran.stderr.contains("± module.agent.azurerm_linux_virtual_machine.this"), "{ran:#?}");
    stage.answered(&["apply", "bundle"], Some("codewhale"), "").ok();
}

#[test]
fn no_answer_skips_the_policies() {
    let sources = "source_address_prefixes     = local.ssh_ipv4_cidrs";
    let name = "name                = \"nsg-${local.full_name}\"";
    let inline = |values: &str| {
        format!(
            "{name}\\n  security_rule {{\\n    name = \"x\"\\n    priority = 90\\n    direction = \"Inbound\"\\n    access = \"Allow\"\\n    protocol = \"Tcp\"\\n    source_port_range = \"*\"\\n    destination_address_prefix = \"*\"\\n    destination_port_range = \"22\"\\n    {values}\\n  }}"
        )
    };
    let cases = [
        (
            "destination_port_range      = \"22\"",
            "destination_port_range      = \"7878\"".to_owned(),
            "allows Tcp 7878",
        ),
        (sources, "source_address_prefix = \"*\"".to_owned(), "allows TCP 22 from `*`"),
        (
            sources,
            "source_address_prefix = \"INTERNET\"".to_owned(),
            "allows TCP 22 from `INTERNET`",
        ),
        (
            sources,
            "source_address_prefixes = [\"0.0.0.0/1\", \"128.0.0.0/1\"]".to_owned(),
            "allows TCP 22 from `0.0.0.0/1`",
        ),
        (
            "destination_port_range      = \"22\"",
            "destination_port_range      = \"1-65535\"".to_owned(),
            "allows Tcp 1-65535",
        ),
        (
            sources,
            "source_address_prefix = azurerm_public_ip.this.ip_address".to_owned(),
            "is known only after applying",
        ),
        (
            name,
            inline("source_address_prefix = \"198.51.100.7\""),
            "the rule `x` allows TCP 22 from `198.51.100.7`",
        ),
        (
            name,
            inline("source_address_prefix = azurerm_public_ip.this.ip_address"),
            "is known only after applying",
        ),
        (
            "priority                    = 4096\n  direction                   = \"Inbound\"\n  access                      = \"Deny\"",
            "priority = 4096\\n  direction = \"Inbound\"\\n  access = \"Allow\"".to_owned(),
            "the rule `deny-inbound` allows * *",
        ),
    ];
    for (old, new, said) in cases {
        let Some(stage) = Stage::new(Vec::new()) else { return };
        let text = stage.world.read("bundle/modules/azure/network.tf");
        assert!(text.contains(old), "{old}");
        let text = text.replacen(old, &new.replace("\\n", "\n"), 1);
        stage.terraform_reads("modules/azure/network.tf", &text, &["plan"]);
        let ran = stage.run(&["apply", "bundle", "--yes", "--allow-destroy"]);
        assert_eq!(ran.code, 1, "{new}: {ran:#?}");
        assert!(ran.stderr.contains(said), "{new}: {ran:#?}");
        assert!(
            ran.stderr
                .contains("deployment.yaml allows TCP 22 from 203.0.113.7/32 and nothing else"),
            "{ran:#?}"
        );
        assert_eq!(stage.emulator.record(), [], "{new}");
        assert!(!stage.calls().contains("terraform apply"), "{new}");
    }
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let text = stage.world.read("bundle/modules/azure/vm.tf");
    let start = text.find("  identity {").expect("an identity");
    let end = start + text[start..].find("\n  }\n").expect("its end") + 5;
    let without = format!("{}{}", &text[..start], &text[end..]);
    stage.terraform_reads("modules/azure/vm.tf", &without, &["plan"]);
    // What reads the identity must not be why it fails.
    let vault = stage.world.read("bundle/modules/azure/key_vault.tf").replace(
        "azurerm_linux_virtual_machine.this.identity[0].principal_id",
        "data.azurerm_client_config.current.object_id",
    );
    let other = stage.world.write("other-vault", &vault);
    let program = stage.world.read("bin/terraform").replace(
        "  cp '",
        &format!(
            "  cp -p modules/azure/key_vault.tf vault.saved\n  trap 'mv vault.saved modules/azure/key_vault.tf' EXIT\n  cp '{}' modules/azure/key_vault.tf\n  cp '",
            other.display()
        ),
    );
    stage.world.write("bin/terraform", &program);
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("has no identity"), "{ran:#?}");
}

#[test]
fn a_receipt_says_who_what_and_how_it_ended() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let ran = stage.run(&["apply", "bundle", "--yes", "--json"]).ok();
    let printed: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(printed["schema_version"], 1);
    assert_eq!(printed["status"], "applied");
    assert_eq!(printed["user"], "tester");
    assert_eq!(printed["approved"], "flag");
    assert_eq!(printed["changes"].as_array().map(Vec::len), Some(RESOURCES));
    assert_eq!(printed["exists"].as_array().map(Vec::len), Some(RESOURCES));
    assert_eq!(printed["digest"].as_str().map(str::len), Some(64));
    let receipts = stage.receipts();
    let kept: Value = serde_json::from_str(&fs::read_to_string(&receipts[0]).expect("a receipt")).expect("JSON");
    assert_eq!(kept, printed);

    stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    stage
        .answered(&["apply", "bundle"], Some("y"), "stat -c %a bundle/codewhale.tfplan > plan-mode")
        .ok();
    assert_eq!(stage.world.read("plan-mode"), "600\n");
    for name in ["receipts", "terraform.tfstate", "terraform.tfstate.backup"] {
        let mode = fs::metadata(stage.world.path("bundle").join(name))
            .expect(name)
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name} is open to others: {mode:o}");
    }
    for entry in fs::read_dir(stage.world.path("bundle/receipts")).expect("receipts") {
        let path = entry.expect("an entry").path();
        assert_eq!(
            fs::metadata(&path).expect("a file").permissions().mode() & 0o777,
            0o600,
            "{}",
            path.display()
        );
    }
}

#[test]
fn generating_can_go_on_to_applying() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let args = [
        "--spec=bundle/deployment.yaml",
        "--workers=5",
        "--apply",
        "--no-wait",
        "--yes",
        "--json",
    ];
    let ran = stage.run(&args).ok();
    let printed: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(printed["status"], "applied");
    assert!(stage.world.read("bundle/runtime.env").contains("WORKERS=5"));
    let mut command = stage.command(&["--spec=bundle/deployment.yaml", "--apply", "--non-interactive"]);
    command.env("TELEGRAM_BOT_TOKEN", "unused");
    let again = without_harness(Ran::of(&mut command)).ok();
    assert!(again.stderr.contains("Nothing to do"), "{again:#?}");
}

#[test]
fn plan_changes_nothing_and_output_tells_what_is_there() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let ran = stage.run(&["plan", "bundle", "--json"]).ok();
    let planned: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    let steps: Vec<_> = planned["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| step["args"][0].clone())
        .collect();
    assert_eq!(steps[1..4], ["init", "plan", "apply"]);
    assert_eq!(planned["changes"].as_array().map(Vec::len), Some(RESOURCES));
    assert_eq!(stage.emulator.record(), []);
    assert!(!stage.world.path("bundle/codewhale.tfplan").exists());

    let ran = stage.run(&["output", "bundle"]);
    assert!(ran.code == 1 && ran.stderr.contains("has not been applied yet"), "{ran:#?}");
    stage.run(&["apply", "bundle", "--yes"]).ok();
    let ran = stage.run(&["output", "bundle"]).ok();
    assert!(
        ran.stdout
            .lines()
            .any(|line| line.starts_with("public_ip ") && line.contains("203.0.113.")),
        "{ran:#?}"
    );
    let ran = stage.run(&["output", "bundle", "--json"]).ok();
    let outputs: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert!(
        outputs["outputs"]["ssh_command"]
            .as_str()
            .is_some_and(|command| command.starts_with("ssh azureuser@")),
        "{outputs}"
    );
}
