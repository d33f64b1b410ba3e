//! The program applying for real: Terraform itself and emulated clouds; a fake `ssh` and `az`, or a real `sshd`.

mod carrying_over;
mod failures;
mod gate;
mod host_key;
mod json;
mod keys;
mod leaks;
mod machine;
mod pinning;
mod policy;
mod pushing;
mod recipient;
mod reviews;
mod saved;
mod shapes;
mod standing;
mod steps;
mod strangers;
mod terminal;
mod version_0_1;
mod waits;
mod ways_out;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Parser;
use remote_setup::cli::{Cli, Verb};
use remote_setup::clouds::CLOUDS;
use remote_setup::command::generate;
use remote_setup::command::{Context, provision};
use remote_setup::process::retry::RetryPolicy;
use remote_setup::rehearse::{Emulator, Fault, REATTACH_VARIABLE};
use remote_setup::report;
use remote_setup::terraform::gate::AtTerminal;
use remote_setup::terraform::gate::Person;
use serde::{Deserialize, Serialize};

use crate::common::{Ran, World, tool};

/// Secrets of the bundle; every one must be found in the vault and nowhere else.
pub const SECRETS: &[(&str, &str)] = &[
    ("OPENROUTER_API_KEY", "MARKED-SECRET-model-key"),
    ("TELEGRAM_BOT_TOKEN", "123456789:MARKED-SECRET-bot-token-0123456789"),
    ("CODEWHALE_RUNTIME_TOKEN", "MARKED-SECRET-runtime-token"),
];

/// Resources of the bundle, data sources not counted.
pub const RESOURCES: usize = 18;

/// Those that the emulated cloud makes: Terraform keeps one, the machine's revision, to itself.
pub const MADE: usize = RESOURCES - 1;

/// What a run of the program in a process of its own is told.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Told {
    args: Vec<String>,
    variables: Vec<(String, String)>,
    /// Answer of a person who is there; without one, whoever is at the terminal.
    answer: Option<String>,
    /// Shell command that runs between the question and the answer.
    before_answer: String,
}

/// Azure's command line, as far as it tells the machine's host key.
pub const TELLS_KEY: &str = "case \"$*\" in *'run-command invoke'*'cat /etc/ssh/ssh_host_ed25519_key.pub')\n\
                      printf 'Enable succeeded: \\n[stdout]\\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEwCABfZpiwWBc7m6pK76LoPEHPMjgr92B48I+VGCawd root@machine\\n\\n[stderr]\\n'\n\
                      exit ;;\nesac\n";

const TOLD: &str = "TOLD_AS_PROGRAM";

struct Scripted(Told);

impl Person for Scripted {
    fn is_there(&self) -> bool {
        true
    }

    fn ask(&mut self, question: &str) -> Option<String> {
        eprintln!("{question}");
        Command::new("sh")
            .args(["-c", &self.0.before_answer])
            .status()
            .expect("sh");
        self.0.answer.clone()
    }
}

/// Not a test by itself: the tests below start this binary again with just this one, which then is the
/// program with an emulated cloud around it.
#[test]
#[ignore = "started by other tests"]
fn as_program() {
    let Ok(told) = std::env::var(TOLD) else { return };
    let told: Told = serde_json::from_str(&told).expect("what to do");
    let cli = Cli::try_parse_from(&told.args).unwrap_or_else(|error| error.exit());
    let as_json = cli.wants_json();
    let short = |seconds, milliseconds| RetryPolicy {
        total: Duration::from_secs(seconds),
        pause: Duration::from_millis(milliseconds),
    };
    let mut context = Context {
        variables: told.variables.clone(),
        person: if told.answer.is_some() || !told.before_answer.is_empty() {
            Box::new(Scripted(told))
        } else {
            Box::new(AtTerminal)
        },
        apply_retry: short(20, 100),
        ssh_retry: short(4, 100),
        ready_retry: short(20, 50),
    };
    let Some(verb) = cli.verb else {
        exit(generate::run(&cli.generate, &mut context), as_json);
    };
    let outcome = match verb {
        Verb::Plan(args) => match provision::plan(&args, &context) {
            Ok(true) if args.exit_code => std::process::exit(i32::from(remote_setup::CHANGES)),
            looked => looked.map(|_| ()),
        },
        Verb::Apply(args) => provision::apply(&args, &mut context),
        Verb::Destroy(args) => provision::destroy(&args, &mut context),
        Verb::Push(args) => provision::push(&args, &mut context),
        Verb::Pin(args) => provision::pin(&args, &mut context),
        Verb::Output(args) => provision::output(&args, &context),
        _ => panic!("not a verb of the engine"),
    };
    exit(outcome, as_json);
}

fn exit(outcome: remote_setup::error::Result<()>, as_json: bool) -> ! {
    std::process::exit(match outcome {
        Ok(()) => 0,
        Err(error) => {
            report::error(&error, as_json);
            i32::from(error.kind().exit_code())
        }
    });
}

/// A bundle with its secrets, an emulated Azure, and recorders in front of every program.
pub struct Stage {
    pub world: World,
    pub emulator: Emulator,
    told: Told,
}

impl Stage {
    /// `None`, said aloud, where Terraform is missing.
    pub fn new(faults: Vec<Fault>) -> Option<Stage> {
        let world = World::new();
        world.generate(&[]).ok();
        Stage::of(world, "azure", "ARM_CLIENT_ID", SECRETS, faults)
    }

    /// Around a bundle that is there already, with the variable that logs in by itself.
    fn of(world: World, cloud: &str, login: &str, secrets: &[(&str, &str)], faults: Vec<Fault>) -> Option<Stage> {
        let terraform = tool("terraform")?;
        let secrets: String = secrets
            .iter()
            .map(|(name, value)| format!("{name}={value}\n"))
            .collect();
        world.write("bundle/secrets.env", &secrets);
        fs::set_permissions(world.path("bundle/secrets.env"), fs::Permissions::from_mode(0o600)).expect("mode");
        let cloud = CLOUDS.iter().find(|row| row.slug == cloud).expect("a cloud");
        let emulator = Emulator::start(cloud.rehearsal, faults).expect("an emulator");
        let told = Told {
            variables: vec![
                (REATTACH_VARIABLE.to_owned(), emulator.reattach()),
                (login.to_owned(), "emulated".to_owned()),
            ],
            ..Told::default()
        };
        let stage = Stage { world, emulator, told };
        stage.program("terraform", &format!("exec '{}' \"$@\"", terraform.display()));
        stage.program("ssh", &stage.answer());
        stage.program("az", &format!("{TELLS_KEY}echo 'nobody should have asked' >&2; exit 1"));
        Some(stage)
    }

    /// Puts a program in front of the path; it writes down how it was called.
    pub fn program(&self, name: &str, body: &str) {
        let log = self.world.path("argv.log");
        let text = format!("#!/bin/bash\nprintf '%s\\n' \"{name} $*\" >> '{}'\n{body}\n", log.display());
        let path = self.world.write(&format!("bin/{name}"), &text);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
    }

    /// Shell that answers as a machine which got the host files of the bundle when it was first asked.
    pub fn answer(&self) -> String {
        format!(
            "machine='{}'\n[ -e \"$machine\" ] || {{ {} >\"$machine\"; }}\ncat \"$machine\"",
            self.world.path("machine-result").display(),
            self.installs()
        )
    }

    /// Shell that prints the result of an installer which took the files of the bundle as they are now.
    pub fn installs(&self) -> String {
        format!(
            r#"(cd '{}' && printf '{{"schema_version": 1, "status": "ready", "step": "keep", "message": "it answers", "codewhale_version": "%s", "files": {{%s}}}}\n' \
  "$(sed -n "s/^VERSION='\(.*\)'/\1/p" install.sh)" \
  "$(if [ -e bootstrap.sh ]; then sh bootstrap.sh --list
    else sed '1,/^  content: |/d; /^runcmd:/,$d; s/^    //' cloud-init.yaml | sh -s -- --list; fi | sed 's/^\([^ ]*\)  \(.*\)$/"\2": "\1"/' | paste -sd,)")"#,
            self.world.path("bundle").display()
        )
    }

    /// Has every command of Terraform that is named (all of them for none) see another text in one file of the
    /// bundle: what is checked before and after is not what it reads in between.
    pub fn terraform_reads(&self, file: &str, text: &str, commands: &[&str]) {
        let terraform = tool("terraform").expect("seen before");
        let other = self.world.write("other-text", text);
        let only = match commands {
            [] => "*".to_owned(),
            several => several.join("|"),
        };
        self.program(
            "terraform",
            &format!(
                "case $1 in {only})\n  [ ! -e '{file}' ] || cp -p '{file}' '{file}.saved'\n  cp '{other}' '{file}'\n  '{terraform}' \"$@\"\n  code=$?\n  \
                 rm '{file}'\n  [ ! -e '{file}.saved' ] || mv '{file}.saved' '{file}'\n  exit $code ;;\nesac\nexec '{terraform}' \"$@\"",
                other = other.display(),
                terraform = terraform.display(),
            ),
        );
    }

    /// A file of the operator's own, named in the spec.
    pub fn extra(&self, name: &str, text: &str) {
        self.world.write(&format!("bundle/{name}"), text);
        let spec = self.world.read("bundle/deployment.yaml");
        if !spec.contains("extra_files:") {
            self.world
                .write("bundle/deployment.yaml", &format!("{spec}extra_files:\n- {name}\n"));
            self.world.run(&["--spec=bundle/deployment.yaml"]).ok();
        }
    }

    /// Every call of every program so far.
    pub fn calls(&self) -> String {
        fs::read_to_string(self.world.path("argv.log")).unwrap_or_default()
    }

    pub fn forget_calls(&self) {
        let _ = fs::remove_file(self.world.path("argv.log"));
    }

    pub fn command(&self, args: &[&str]) -> Command {
        self.command_with(args, |_| {})
    }

    fn command_with(&self, args: &[&str], change: impl FnOnce(&mut Told)) -> Command {
        let mut told = self.told.clone();
        told.args = std::iter::once("remote-setup")
            .chain(args.iter().copied())
            .map(str::to_owned)
            .collect();
        change(&mut told);
        let mut command = Command::new(std::env::current_exe().expect("this binary"));
        command
            .args(["--ignored", "--exact", "apply::as_program", "--nocapture"])
            .env_clear()
            .env("HOME", self.world.folder.path())
            .env("USER", "tester")
            .env(
                "PATH",
                format!("{}:{}", self.world.path("bin").display(), std::env::var("PATH").expect("PATH")),
            )
            .env(TOLD, serde_json::to_string(&told).expect("JSON"))
            .current_dir(self.world.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs without anybody to ask.
    pub fn run(&self, args: &[&str]) -> Ran {
        without_harness(Ran::of(&mut self.command(args)))
    }

    /// Runs with a person who answers, after a shell command has run.
    pub fn answered(&self, args: &[&str], answer: Option<&str>, before: &str) -> Ran {
        let mut command = self.command_with(args, |told| {
            told.answer = answer.map(str::to_owned);
            told.before_answer = if before.is_empty() { ":".to_owned() } else { before.to_owned() };
        });
        without_harness(Ran::of(&mut command))
    }

    /// Runs with variables of the cloud's own set or taken away.
    pub fn with_variables(&self, args: &[&str], variables: &[(&str, &str)]) -> Command {
        self.command_with(args, |told| {
            told.variables.retain(|(name, _)| name == REATTACH_VARIABLE);
            told.variables.extend(
                variables
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
            );
        })
    }

    /// Addresses in the state.
    pub fn state(&self) -> Vec<String> {
        let Ok(text) = fs::read_to_string(self.world.path("bundle/terraform.tfstate")) else {
            return Vec::new();
        };
        let state: serde_json::Value = serde_json::from_str(&text).expect("a state");
        let resources = state["resources"].as_array().expect("resources");
        let managed = resources.iter().filter(|resource| resource["mode"] == "managed");
        managed
            .flat_map(|resource| {
                let instances = resource["instances"].as_array().expect("instances").iter();
                instances
                    .map(|one| format!("{}.{}{}", resource["type"], resource["name"], one["index_key"]))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// The address that the emulated cloud gave the machine.
    pub fn address(&self) -> String {
        let state: serde_json::Value =
            serde_json::from_str(&self.world.read("bundle/terraform.tfstate")).expect("a state");
        state["outputs"]["public_ip"]["value"]
            .as_str()
            .expect("an address")
            .to_owned()
    }

    pub fn receipts(&self) -> Vec<PathBuf> {
        let mut found: Vec<_> = fs::read_dir(self.world.path("bundle/receipts"))
            .expect("receipts")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        found.sort();
        found
    }
}

/// The test harness says a line of its own first.
pub fn without_harness(mut ran: Ran) -> Ran {
    if let Some((_, rest)) = ran.stdout.split_once("running 1 test\n") {
        ran.stdout = rest.to_owned();
    }
    ran
}
