//! Real Terraform against the emulated providers: no account, no network.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use remote_setup::deployment::Deployment;
use remote_setup::rehearse::{Action, Applied, Effect, Emulator, Fault, REATTACH_VARIABLE, Trigger};
use tempfile::TempDir;

use crate::common::{Ran, examples, files_under, root, spec, tool};

const AZURE: &str = "hashicorp/azurerm";
/// The module stores nothing that looks like this.
const PLACEHOLDER: &str = "remote-setup-placeholder";

/// A folder with Terraform in it, and the emulator that Terraform talks to.
struct Stage {
    terraform: PathBuf,
    folder: TempDir,
    emulator: Emulator,
    /// Values of the secret variables, by name.
    secrets: Vec<(String, String)>,
}

impl Stage {
    /// An initialized bundle; none without Terraform.
    fn bundle(deployment: &Deployment, faults: Vec<Fault>) -> Option<Stage> {
        let stage = Stage::empty(faults)?;
        stage.write(deployment);
        stage.run(&["init", "-input=false"]).ok();
        Some(Stage {
            secrets: deployment
                .secrets
                .iter()
                .map(|slot| (slot.terraform_variable(), format!("marked-{}", slot.terraform_variable())))
                .collect(),
            ..stage
        })
    }

    fn empty(faults: Vec<Fault>) -> Option<Stage> {
        Some(Stage {
            terraform: tool("terraform")?,
            folder: tempfile::tempdir().expect("a temporary folder"),
            emulator: Emulator::start(&[AZURE], faults).expect("the emulator starts"),
            secrets: Vec::new(),
        })
    }

    fn write(&self, deployment: &Deployment) {
        for file in remote_setup::render::render(deployment).expect("renders") {
            self.file(&file.path, &file.contents);
        }
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.terraform);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .env(REATTACH_VARIABLE, self.emulator.reattach())
            .args(args)
            .arg("-no-color")
            .current_dir(self.folder.path());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        let start = Instant::now();
        let ran = Ran::of(&mut self.command(args));
        eprintln!("{args:?} {:?}", start.elapsed());
        ran
    }
}

#[test]
fn every_example_is_applied_as_planned() {
    for (name, _, deployment) in examples() {
        let Some(stage) = Stage::bundle(&deployment, Vec::new()) else {
            return;
        };
        stage.run(&["validate"]).ok();
        stage.run(&["plan", "-out=p"]).ok();
        let r = stage.run(&["apply", "p"]);
        eprintln!("{name} {}\n{}", r.stdout, r.stderr);
        let mut c = stage.command(&["apply", "-auto-approve", "-input=false"]);
        for (n, v) in &stage.secrets {
            c.env(format!("TF_VAR_{n}"), v);
        }
        let r = Ran::of(&mut c);
        eprintln!("{name} {}\n{}", r.stdout, r.stderr);
        eprintln!("{}", std::fs::read_to_string(stage.folder.path().join("terraform.tfstate")).unwrap());
        eprintln!("{:#?}", stage.emulator.record());
        let r = stage.run(&["plan", "-detailed-exitcode"]);
        eprintln!("{name} {}\n{}", r.stdout, r.stderr);
        break;
    }
}
