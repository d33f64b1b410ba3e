//! The commands of provisioning one bundle, in order, as data.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::clouds::provisioning::Program;
use crate::clouds::provisioning::SecretUse;
use crate::clouds::provisioning::Stage;
use crate::clouds::provisioning::Stdin;
use crate::clouds::provisioning::StepRow;
use crate::deployment::Deployment;
use crate::layout::{KNOWN_HOSTS, PLAN_FILE};
use crate::tables::Bootstrap;

/// One command.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub description: String,
    pub program: String,
    pub args: Vec<String>,
    pub directory: PathBuf,
    /// Names of the environment variables that carry secrets; never their values.
    pub secret_variables: Vec<String>,
    /// What it is given to read, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reads: Option<&'static str>,
    #[serde(skip)]
    pub stage: Stage,
    #[serde(skip)]
    pub secrets: SecretUse,
    #[serde(skip)]
    pub stdin: Stdin,
}

impl Step {
    /// As one would type it.
    pub fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.args);
        let typed = words.map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        match self.stdin {
            Stdin::File(name) => format!("{typed} < {name}"),
            Stdin::Nothing | Stdin::Secrets => typed,
        }
    }

    /// With this key and no other, where it is `ssh` that has none yet.
    #[must_use]
    pub(crate) fn logging_in_with(mut self, key: &str) -> Step {
        if self.program == "ssh"
            && !self.args.iter().any(|arg| arg == "-i")
            && let Some(end) = self.args.iter().position(|arg| arg == "--")
        {
            let options = ["-o", "IdentitiesOnly=yes", "-i", key].map(str::to_owned);
            self.args.splice(end..end, options);
        }
        self
    }

    /// With `{name}` replaced wherever it stands.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Step {
        let place = format!("{{{name}}}");
        for arg in &mut self.args {
            *arg = arg.replace(&place, value);
        }
        self
    }
}

/// What a run does to the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    Apply,
    Destroy,
    /// Changes nothing there; brings files and secrets to the machine.
    Push,
}

impl Aim {
    pub fn word(self) -> &'static str {
        match self {
            Aim::Apply => "apply",
            Aim::Destroy => "destroy",
            Aim::Push => "push",
        }
    }
}

/// Every command, in order. Destroying is a plan too, and applies it.
pub fn steps(d: &Deployment, engine: &str, directory: &Path, aim: Aim) -> Vec<Step> {
    let rows = d.cloud.provisioning.steps.iter();
    rows.filter(|row| is_part(row.stage, d, aim))
        .map(|row| step(row, d, engine, directory, aim))
        .collect()
}

fn is_part(stage: Stage, d: &Deployment, aim: Aim) -> bool {
    let ssh = !d.ssh_cidrs.is_empty();
    // What the CNB pipeline brings is not there yet when an apply ends.
    let filled = aim != Aim::Destroy && (aim == Aim::Push || d.bootstrap != Bootstrap::Cnb);
    match stage {
        Stage::Account | Stage::Init | Stage::Plan | Stage::Apply => aim != Aim::Push,
        Stage::Bootstrap => filled && ssh && d.bootstrap == Bootstrap::Ssh,
        Stage::HostKey | Stage::AwaitSsh | Stage::Push | Stage::ReadyBySsh => filled && ssh,
        Stage::ReadyByCloud => filled && !ssh,
    }
}

fn step(row: &StepRow, d: &Deployment, engine: &str, directory: &Path, aim: Aim) -> Step {
    let own = row.args.iter().map(|arg| arg.replace("{plan}", PLAN_FILE));
    let (program, mut args) = match row.program {
        Program::Engine => (engine, Vec::new()),
        Program::OnMachine => ("ssh", on_machine()),
        Program::Named(name) => (name, Vec::new()),
    };
    args.extend(own);
    if row.stage == Stage::Plan && aim == Aim::Destroy {
        args.insert(1, "-destroy".to_owned());
    }
    let variables = d
        .secrets
        .iter()
        .map(|slot| format!("TF_VAR_{}", slot.terraform_variable()));
    Step {
        description: row.description.to_owned(),
        program: program.to_owned(),
        args,
        directory: directory.to_owned(),
        secret_variables: if row.secrets == SecretUse::None { Vec::new() } else { variables.collect() },
        reads: match row.stdin {
            Stdin::Nothing => None,
            Stdin::Secrets => Some("secrets"),
            Stdin::File(name) => Some(name),
        },
        stage: row.stage,
        secrets: row.secrets,
        stdin: row.stdin,
    }
}

/// Only the host key that the bundle holds and only the key that the deployment names; nothing of the operator's
/// that would get around either, or reach back from the machine. Relative, since ssh splits this path at blanks.
fn on_machine() -> Vec<String> {
    let known_hosts = format!("UserKnownHostsFile={KNOWN_HOSTS}");
    let options = [
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        &known_hosts,
        "GlobalKnownHostsFile=/dev/null",
        "IdentitiesOnly=yes",
        "ConnectTimeout=10",
        "ServerAliveInterval=15",
        "ServerAliveCountMax=4",
        "ControlPath=none",
        "ForwardAgent=no",
    ];
    let mut args: Vec<String> = options
        .iter()
        .flat_map(|option| ["-o", option])
        .map(str::to_owned)
        .collect();
    // Whatever follows is no option, whoever wrote it.
    args.extend(["-i", "{identity}", "--", "{ssh_target}"].map(str::to_owned));
    args
}

/// As a shell takes it for one word.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@".contains(c);
    // Any other braces a shell may take for several words.
    let is_place = word
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    if is_place || (!word.is_empty() && word.chars().all(plain)) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
