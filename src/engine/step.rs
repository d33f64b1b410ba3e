//! The commands of provisioning one bundle, in order, as data.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::deployment::Deployment;
use crate::registry::provisioning::{Program, SecretUse, Stage, StepRow};

/// Name of the saved plan in the bundle's folder; git ignores it.
pub const PLAN_FILE: &str = "codewhale.tfplan";

/// One command.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub description: String,
    pub program: String,
    pub args: Vec<String>,
    pub directory: PathBuf,
    /// Names of the environment variables that carry secrets; never their values.
    pub secret_variables: Vec<String>,
    #[serde(skip)]
    pub stage: Stage,
    #[serde(skip)]
    pub secrets: SecretUse,
}

impl Step {
    /// As one would type it.
    pub fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.args);
        words.map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// What a run does to the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    Apply,
    Destroy,
}

/// Every command, in order. Destroying is a plan too, and applies it.
pub fn steps(d: &Deployment, engine: &str, directory: &Path, aim: Aim) -> Vec<Step> {
    let ready = if d.ssh_cidrs.is_empty() { Stage::ReadyByCloud } else { Stage::ReadyBySsh };
    d.cloud
        .provisioning
        .steps
        .iter()
        .filter(|row| row.stage <= Stage::Apply || (row.stage == ready && aim == Aim::Apply))
        .map(|row| step(row, d, engine, directory, aim))
        .collect()
}

fn step(row: &StepRow, d: &Deployment, engine: &str, directory: &Path, aim: Aim) -> Step {
    let mut args: Vec<String> = row.args.iter().map(|arg| arg.replace("{plan}", PLAN_FILE)).collect();
    if row.stage == Stage::Plan && aim == Aim::Destroy {
        args.insert(1, "-destroy".to_owned());
    }
    let variables = d
        .secrets
        .iter()
        .map(|slot| format!("TF_VAR_{}", slot.terraform_variable()));
    Step {
        description: row.description.to_owned(),
        program: match row.program {
            Program::Engine => engine.to_owned(),
            Program::Named(name) => name.to_owned(),
        },
        args,
        directory: directory.to_owned(),
        secret_variables: if row.secrets == SecretUse::None { Vec::new() } else { variables.collect() },
        stage: row.stage,
        secrets: row.secrets,
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@{}".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
