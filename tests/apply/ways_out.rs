//! What goes wrong in Tencent Cloud, and the hint that leads out: its commands are run here just as they are printed.

use std::process::Command;

use remote_setup::clouds::lighthouse::Incident;
use remote_setup::rehearse::{Action, Effect, Fault, REATTACH_VARIABLE, Trigger};

use super::machine::Machine;
use crate::common::Ran;

const INSTANCE: &str = "tencentcloud_lighthouse_instance";
const KEY_PAIR: &str = "tencentcloud_lighthouse_key_pair";
const ATTACHMENT: &str = "tencentcloud_lighthouse_key_pair_attachment";
const COMMAND: &str = "tencentcloud_tat_command";
const RUN: &str = "tencentcloud_tat_invocation_invoke_attachment";

impl Machine {
    /// Id of the one that there is of a type.
    fn id(&self, kind: &str) -> String {
        let state = self.stage.world.read("bundle/terraform.tfstate");
        let state: serde_json::Value = serde_json::from_str(&state).expect("a state");
        let mut all = state["resources"].as_array().expect("resources").iter();
        let found = all.find(|resource| resource["type"] == kind).expect(kind);
        found["instances"][0]["attributes"]["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    fn applies(&self) -> Ran {
        self.stage.answered(&["apply", "bundle"], Some("y"), "")
    }

    fn destroys(&self) -> Ran {
        self.stage.answered(&["destroy", "bundle"], Some("codewhale"), "")
    }

    fn count(&self, kind: &str, action: Action) -> usize {
        let record = self.stage.emulator.record();
        let same = |change: &&remote_setup::rehearse::Applied| change.type_name == kind && change.action == action;
        record.iter().filter(same).count()
    }

    /// Runs the commands of the first hint of a failure that said `cause`; the last one's outcome.
    fn follows(&self, failed: &Ran, cause: &str) -> Ran {
        assert!(failed.stderr.contains(cause), "`{cause}`: {failed:#?}");
        let hint = Machine::hint(failed, " state rm ");
        let quoted = hint.split('`').skip(1).step_by(2);
        let commands: Vec<_> = quoted.filter(|words| words.contains(' ')).collect();
        let (last, before) = commands.split_last().expect("commands");
        for command in before {
            if *command != *last {
                self.types(command).ok();
            }
        }
        let words: Vec<_> = last.split(' ').collect();
        let ["remote-setup", verb, folder] = words[..] else {
            panic!("`{last}` does not go on: {hint}");
        };
        let answer = if verb == "destroy" { "codewhale" } else { "y" };
        self.stage.answered(&[verb, folder], Some(answer), "")
    }

    /// The first hint of a failure with these words in it.
    fn hint(failed: &Ran, words: &str) -> String {
        assert_eq!(failed.code, 1, "{failed:#?}");
        let mut hints = failed.stderr.lines().filter(|line| line.starts_with("Hint: "));
        let found = hints.find(|line| line.contains(words));
        found
            .unwrap_or_else(|| panic!("no hint with `{words}`: {failed:#?}"))
            .to_owned()
    }

    /// In a shell somewhere else, with nothing of the program's in its environment.
    fn types(&self, command: &str) -> Ran {
        let path = format!("{}:{}", self.stage.world.path("bin").display(), std::env::var("PATH").expect("PATH"));
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .env_clear()
            .env("HOME", self.stage.world.folder.path())
            .env("PATH", path)
            // The emulated provider in place of the real one.
            .env(REATTACH_VARIABLE, self.stage.emulator.reattach())
            .current_dir("/");
        Ran::of(&mut shell)
    }

    /// Files of the operator's own settings, as a hint asks for them.
    fn sets(&self, line: &str) {
        self.stage.extra("terraform.tfvars", &format!("{line}\n"));
    }
}

#[test]
fn a_machine_that_is_gone_is_forgotten_with_what_hung_on_it_and_made_anew() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let first = machine.id(INSTANCE);
    machine.stage.emulator.delete(first.clone());
    let failed = machine.applies();
    machine.follows(&failed, "the machine no longer exists").ok();
    assert_ne!(machine.id(INSTANCE), first);
    assert_eq!(machine.count(KEY_PAIR, Action::Create), 1, "the key pair is still there");
    assert_eq!(machine.count(ATTACHMENT, Action::Create), 2);

    // And it can be cleared away instead.
    machine.stage.emulator.delete(machine.id(INSTANCE));
    let failed = machine.destroys();
    machine.follows(&failed, "the machine no longer exists").ok();
    assert_eq!(machine.stage.state(), Vec::<String>::new());
    assert_eq!(machine.count(KEY_PAIR, Action::Delete), 1);
}

#[test]
fn parts_of_a_machine_that_was_forgotten_alone_are_forgotten_too() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.stage.emulator.delete(machine.id(INSTANCE));
    let failed = machine.applies();
    let hint = failed
        .stderr
        .lines()
        .find(|line| line.contains(" state rm "))
        .expect("a hint");
    let (before, _) = hint.split_once(" state rm ").expect("a command");
    let (_, engine) = before.split_once('`').expect("a command");
    machine
        .types(&format!("{engine} state rm module.agent.{INSTANCE}.this"))
        .ok();
    let failed = machine.applies();
    machine
        .follows(&failed, "resources of a machine that Tencent does not know")
        .ok();
}

#[test]
fn a_command_that_was_deleted_is_made_and_run_again() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.stage.emulator.delete(machine.id(COMMAND));
    let failed = machine.applies();
    machine.follows(&failed, "the TAT command was deleted").ok();
    assert_eq!((machine.count(COMMAND, Action::Create), machine.count(RUN, Action::Create)), (2, 2));
    machine.stage.emulator.delete(machine.id(COMMAND));
    let failed = machine.destroys();
    machine.follows(&failed, "the TAT command was deleted").ok();
    assert_eq!(machine.stage.state(), Vec::<String>::new());
}

/// A version before this one left such runs behind when its script failed; TAT itself still can.
#[test]
fn a_run_that_failed_does_not_stand_in_the_way() {
    let Some(machine) = Machine::new(&[]) else { return };
    machine.stage.emulator.happens(Incident::RunsFail(true));
    let failed = machine.applies();
    assert!(failed.stderr.contains("invocation status is still pending"), "{failed:#?}");
    machine.stage.emulator.happens(Incident::RunsFail(false));
    // Applying again would replace it, which the provider cannot.
    let failed = machine.applies();
    machine.follows(&failed, "a TAT run did not succeed").ok();
    assert_eq!(machine.secrets(), Machine::expected());

    // Nor does it for the other ways of the host files, or for destroying.
    for (way, goes_on) in [("ssh", "apply"), ("tat", "destroy")] {
        let Some(machine) = Machine::new(&[]) else { return };
        machine.stage.emulator.happens(Incident::RunsFail(true));
        machine.applies();
        let spec = format!("--bootstrap={way}");
        machine.stage.world.run(&["--spec=bundle/deployment.yaml", &spec]).ok();
        let failed = if goes_on == "apply" {
            machine
                .stage
                .run(&["apply", "bundle", "--yes", "--allow-destroy", "--no-wait"])
        } else {
            machine.destroys()
        };
        let after = machine.follows(&failed, "a TAT run did not succeed");
        assert_eq!(machine.count(RUN, Action::Delete), 0, "{way}: {after:#?}");
        let left = machine.stage.state().iter().any(|address| address.starts_with(RUN));
        assert!(!left, "{way}: {after:#?}");
    }
}

#[test]
fn a_key_that_is_not_bound_any_more_is_bound_again() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.stage.emulator.happens(Incident::Unbound(machine.id(KEY_PAIR)));
    let ssh = machine.stage.world.read("bin/ssh");
    machine
        .stage
        .program("ssh", "echo 'ubuntu@203.0.113.9: Permission denied (publickey).' >&2; exit 255");
    for verb in [&["apply", "bundle"][..], &["push", "bundle"]] {
        let failed = machine.stage.answered(verb, Some("y"), "");
        assert!(failed.stderr.contains("--ssh-key FILE"), "{failed:#?}");
        assert!(failed.stderr.contains("if the key was unbound from the machine"), "{failed:#?}");
    }
    let failed = machine.stage.answered(&["push", "bundle"], Some("y"), "");
    machine.stage.world.write("bin/ssh", &ssh);
    machine.follows(&failed, "rejected your SSH key").ok();
    assert_eq!(
        (machine.count(ATTACHMENT, Action::Create), machine.count(ATTACHMENT, Action::Delete)),
        (2, 0)
    );

    machine.stage.emulator.happens(Incident::Unbound(machine.id(KEY_PAIR)));
    let failed = machine.destroys();
    machine.follows(&failed, "no longer bound to the machine").ok();
    assert_eq!(machine.stage.state(), Vec::<String>::new());
}

#[test]
fn an_image_that_was_withdrawn_is_named_by_hand_and_holds_no_machine_up() {
    let Some(machine) = Machine::new(&[]) else { return };
    let withdrawn = || Incident::Withdrawn("lhbp-1l4ptuvm".to_owned());
    machine.stage.emulator.happens(withdrawn());
    let failed = machine.applies();
    for said in [
        "does not offer this image",
        "tccli lighthouse DescribeBlueprints --region ap-hongkong",
    ] {
        assert!(failed.code == 1 && failed.stderr.contains(said), "`{said}`: {failed:#?}");
    }
    assert_eq!(machine.count(INSTANCE, Action::Create), 0);
    machine.sets("blueprint_id = \"lhbp-6p3qtx0j\"");
    machine.applies().ok();

    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.stage.emulator.happens(withdrawn());
    let ran = machine.applies().ok();
    assert!(ran.stderr.contains("Cloud\n  no changes"), "{ran:#?}");
}

#[test]
fn a_choice_that_sold_out_before_the_machine_was_bought_is_made_anew() {
    let sold_out = Fault {
        // After template, key pair and command, which come first.
        when: Trigger::NthApply(4),
        then: Effect::Fail {
            summary: "[TencentCloudSDKError] Code=ResourcesSoldOut.ZonesHasNoBundleConfigs".to_owned(),
            detail: String::new(),
        },
    };
    let Some(machine) = Machine::with(&[], vec![sold_out]) else {
        return;
    };
    let failed = machine.applies();
    assert!(failed.stderr.contains("has sold out since"), "{failed:#?}");
    assert_eq!(machine.count(INSTANCE, Action::Create), 0);
    let cheapest = "bundle_starter_mc_med4_02";
    machine.stage.emulator.happens(Incident::SoldOut(cheapest.to_owned()));
    let failed = machine.applies();
    let ran = machine.follows(&failed, "has sold out since").ok();
    assert!(ran.stderr.contains("CNY 105.50 a month"), "{ran:#?}");
}

#[test]
fn a_bundle_of_a_promotion_is_not_chosen_and_another_can_be() {
    let Some(machine) = Machine::new(&["--size=bundle_starter_mc_act_med4_02"]) else {
        return;
    };
    let failed = machine.applies();
    for said in ["only on its website", "without the label ACTIVITY", "change `size`"] {
        assert!(failed.code == 1 && failed.stderr.contains(said), "`{said}`: {failed:#?}");
    }
    let size = "--size=bundle_gen_mc_med4_01";
    machine.stage.world.run(&["--spec=bundle/deployment.yaml", size]).ok();
    machine.applies().ok();
}

#[test]
fn a_key_that_the_account_has_already_is_used_and_left() {
    let Some(machine) = Machine::new(&[]) else { return };
    let public = machine.stage.world.read(".ssh/agent.pub");
    let words: Vec<_> = public.split_whitespace().take(2).collect();
    machine.stage.emulator.happens(Incident::Imported {
        id: "lhkp-e1sewher".to_owned(),
        public_key: words.join(" "),
    });
    let failed = machine.applies();
    for said in [
        "already has this public key",
        "tccli lighthouse DescribeKeyPairs --region ap-hongkong",
        "`ssh_key_id = \"lhkp-…\"` into `terraform.tfvars`",
    ] {
        assert!(failed.code == 1 && failed.stderr.contains(said), "`{said}`: {failed:#?}");
    }
    assert_eq!(machine.count(INSTANCE, Action::Create), 0, "nothing was bought");
    machine.sets("ssh_key_id = \"lhkp-e1sewher\"");
    machine.applies().ok();
    assert_eq!(machine.secrets(), Machine::expected());
    machine.destroys().ok();
    assert_eq!(
        (machine.count(KEY_PAIR, Action::Create), machine.count(KEY_PAIR, Action::Delete)),
        (0, 0)
    );
}

#[test]
fn a_key_pair_that_another_machine_uses_is_left_to_it() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.stage.emulator.happens(Incident::Shared(machine.id(KEY_PAIR)));
    let failed = machine.destroys();
    machine.follows(&failed, "another machine uses the key pair").ok();
    assert_eq!(machine.stage.state(), Vec::<String>::new());
    assert_eq!(machine.count(KEY_PAIR, Action::Delete), 0);
}

#[test]
fn a_machine_that_tencent_keeps_is_left_to_it() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.stage.emulator.happens(Incident::KeepsMachines);
    let failed = machine.destroys();
    machine.follows(&failed, "does not accept this machine back").ok();
    assert_eq!(machine.stage.state(), Vec::<String>::new());
    assert_eq!(machine.count(INSTANCE, Action::Delete), 0);
}

#[test]
fn a_machine_that_started_too_late_is_taken_over_and_not_bought_twice() {
    let Some(machine) = Machine::new(&[]) else { return };
    machine.stage.emulator.happens(Incident::StartsLate);
    let failed = machine.applies();
    let hint = Machine::hint(&failed, " import ");
    assert!(hint.contains("`tccli lighthouse DescribeInstances --region ap-hongkong`"), "{hint}");
    let orphans = machine.stage.emulator.orphans();
    let quoted = hint.split('`').skip(1).step_by(2);
    let command = quoted
        .into_iter()
        .find(|words| words.contains(" import "))
        .expect("a command");
    machine.types(&command.replace(" ID", &format!(" {}", orphans[0]))).ok();
    machine.applies().ok();
    assert_eq!(machine.id(INSTANCE), orphans[0]);
    assert_eq!(
        (machine.count(INSTANCE, Action::Create), machine.stage.emulator.orphans().len()),
        (0, 0)
    );
}

/// The runbook is for people who have plain Terraform: the same commands, in the bundle's folder.
#[test]
fn the_runbook_leads_out_too() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let runbook = machine.stage.world.read("bundle/RUNBOOK.md");
    for (trouble, incident) in [
        ("**`lighthouse instance` and `does not exist`", INSTANCE),
        ("**`CommandNotFound`", COMMAND),
    ] {
        machine.stage.emulator.delete(machine.id(incident));
        assert_eq!(machine.applies().code, 1);
        let remedy = runbook.lines().find(|line| line.starts_with(trouble)).expect(trouble);
        for command in remedy.split('`').skip(1).step_by(2) {
            if command.starts_with("terraform ") {
                let folder = machine.stage.world.path("bundle");
                machine.types(&format!("cd '{}' && {command}", folder.display())).ok();
            }
        }
        machine.applies().ok();
    }
}
