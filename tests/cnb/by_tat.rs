//! The deployment through TAT, run as the stage runs it, against a stand-in for the API.

use remote_setup::tables::CnbDeploy;

use super::stage::Repository;
use super::tat::{Fault, ID, INSTANCE, KEY, State, Tat};
use super::{asked, clouds};
use crate::common::{Ran, resolve};

struct Bed {
    tat: Tat,
    repository: Repository,
}

impl Bed {
    fn start() -> Option<Bed> {
        let deployment = resolve(&asked(clouds().next().expect("a cloud with a pipeline"), CnbDeploy::Tat));
        Some(Bed {
            repository: Repository::of(&deployment, None)?,
            tat: Tat::start(),
        })
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.tat.state.lock().expect("the state"));
    }

    fn variables(&self) -> Vec<(String, String)> {
        [
            ("TENCENTCLOUD_SECRET_ID", ID),
            ("TENCENTCLOUD_SECRET_KEY", KEY),
            ("DEPLOY_INSTANCE_ID", INSTANCE),
            ("TAT_ENDPOINT", &self.tat.address),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    fn run(&self, variables: &[(String, String)]) -> Ran {
        let more = [("CODEWHALE_PATIENCE", "1")];
        let ran = self.repository.run("tag_deploy.my-agent", variables, &more);
        for said in [&ran.stdout, &ran.stderr, &self.repository.world.read("argv.log")] {
            assert!(!said.contains("MARKED"), "the key is in {said}");
        }
        assert!(
            !self.tat.state.lock().expect("the state").seen.contains("MARKED"),
            "the key was sent"
        );
        ran
    }
}

const WHOLE: &[&str] = &["codewhale-bootstrap", "codewhale-wait", "codewhale-doctor"];

#[test]
fn the_bootstrap_of_the_tag_runs_and_is_checked() {
    let Some(bed) = Bed::start() else { return };
    let ran = bed.run(&bed.variables()).ok();
    assert_eq!(bed.tat.names(), WHOLE);
    let script = bed.tat.state.lock().expect("the state").commands[0].1.clone();
    assert_eq!(script, bed.repository.world.read("repository/bootstrap.sh"));
    let doctor = bed.tat.state.lock().expect("the state").commands[2].1.clone();
    let text = bed.repository.world.read("repository/doctor.sh");
    assert_eq!(doctor, format!("bash -s <<'DOCTOR'\n{text}DOCTOR\n"));
    for said in [
        "SSH host key: SHA256:of-the-machine",
        "\"status\": \"ready\"",
        "the doctor looked",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {ran:#?}");
    }
    assert!(ran.stdout.ends_with("v1.2.3 runs on my-agent and is healthy\n"), "{ran:#?}");
}

#[test]
fn an_unhealthy_release_goes_back_through_tat_too() {
    let Some(bed) = Bed::start() else { return };
    bed.set(|state| state.doctor = 1);
    let ran = bed.run(&bed.variables());
    assert!(ran.code == 1 && ran.stderr.contains("the previous release is back"), "{ran:#?}");
    assert_eq!(bed.tat.names().last().map(String::as_str), Some("codewhale-roll-back"));
    bed.set(|state| state.roll_back = 3);
    let ran = bed.run(&bed.variables());
    assert!(
        ran.code == 1 && ran.stderr.contains("going back failed with exit code 3"),
        "{ran:#?}"
    );
}

#[test]
fn waiting_is_said_and_failing_is_a_failure() {
    let Some(bed) = Bed::start() else { return };
    bed.set(|state| state.result = Some("waiting".to_owned()));
    let ran = bed.run(&bed.variables()).ok();
    assert!(ran.stdout.contains("waits for its secrets: run `remote-setup push`"), "{ran:#?}");
    bed.set(|state| state.result = Some("failed".to_owned()));
    let ran = bed.run(&bed.variables());
    assert!(ran.code == 1 && ran.stderr.contains("did not become ready on my-agent"), "{ran:#?}");
    bed.set(|state| state.result = None);
    let ran = bed.run(&bed.variables());
    assert!(ran.code == 1 && ran.stderr.contains("has no result after 1 s"), "{ran:#?}");
    bed.set(|state| state.bootstrap = 2);
    let ran = bed.run(&bed.variables());
    assert!(
        ran.code == 1 && ran.stderr.contains("bootstrap.sh ended with exit code 2"),
        "{ran:#?}"
    );
    let names = bed.tat.names();
    assert!(
        !names
            .iter()
            .any(|name| name.ends_with("doctor") || name.ends_with("roll-back")),
        "{names:?}"
    );
}

#[test]
fn what_passes_is_tried_again_and_what_does_not_is_said() {
    let Some(bed) = Bed::start() else { return };
    bed.set(|state| {
        state.faults = vec![
            Fault::Http(502),
            Fault::Api("RequestLimitExceeded"),
            Fault::Api("InternalError"),
        ];
        state.interrupted = vec!["DELIVER_FAILED", "TIMEOUT"];
    });
    let ran = bed.run(&bed.variables()).ok();
    assert!(ran.stdout.contains("ended as DELIVER_FAILED"), "{ran:#?}");
    assert_eq!(bed.tat.names()[2..], *WHOLE);

    bed.set(|state| state.interrupted = vec!["START_FAILED"; 3]);
    let ran = bed.run(&bed.variables());
    assert!(ran.code == 1 && ran.stderr.contains("ended as START_FAILED"), "{ran:#?}");
    bed.set(|state| state.faults = vec![Fault::Api("UnauthorizedOperation"); 3]);
    let ran = bed.run(&bed.variables());
    assert!(
        ran.code == 1 && ran.stderr.contains("RunCommand: UnauthorizedOperation: as told"),
        "{ran:#?}"
    );
}

#[test]
fn another_key_does_not_sign() {
    let Some(bed) = Bed::start() else { return };
    let mut variables = bed.variables();
    variables[1].1 = "MARKEDother0123456789".to_owned();
    let ran = bed.run(&variables);
    assert!(ran.code == 1 && ran.stderr.contains("AuthFailure.SignatureFailure"), "{ran:#?}");
    assert_eq!(bed.tat.names(), Vec::<String>::new());
}

#[test]
fn variables_are_checked_before_anything_is_touched() {
    let Some(bed) = Bed::start() else { return };
    let whole = bed.variables();
    for (index, (name, _)) in whole.iter().enumerate() {
        let mut bad = vec!["http://example.com", "two words", "MARKED'; touch pwned; '", "MARKED\n"];
        if name != "TAT_ENDPOINT" {
            bad.push("");
        }
        for value in bad {
            let mut variables = whole.clone();
            variables[index].1 = value.to_owned();
            let ran = bed.run(&variables);
            assert!(ran.code == 1 && ran.stderr.contains(&format!("Error: {name} ")), "{name}: {ran:#?}");
            assert!(ran.stderr.contains("nothing was touched"), "{ran:#?}");
        }
    }
    for name in [
        "TENCENTCLOUD_SECRET_ID",
        "TENCENTCLOUD_SECRET_KEY",
        "DEPLOY_INSTANCE_ID",
    ] {
        let variables: Vec<_> = whole.iter().filter(|(other, _)| other != name).cloned().collect();
        let ran = bed.run(&variables);
        assert!(
            ran.code == 1 && ran.stderr.contains(&format!("{name} is missing")),
            "{name}: {ran:#?}"
        );
    }
    assert_eq!(bed.tat.state.lock().expect("the state").seen, "");
}
