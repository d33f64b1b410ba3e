//! The verbs, and those about the tool itself.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use clap_complete::Shell;

use super::run::{ApplyArgs, BundleArgs, OutputArgs, PinArgs, PlanArgs, ProvisionArgs, PushArgs, SecretsArgs};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show what can be chosen: clouds, chat apps and model providers
    #[command(alias = "list")]
    Choices(ChoicesArgs),
    /// Show what applying a bundle would change; changes nothing
    Plan(PlanArgs),
    /// Plan a bundle, ask, apply it, and wait for the machine
    Apply(ApplyArgs),
    /// Destroy everything a bundle made, after asking for its name
    Destroy(ProvisionArgs),
    /// Bring the secrets to the machine over SSH, where it keeps them itself
    Push(PushArgs),
    /// Ask the machine what it installed, and have every machine take just that
    Pin(PinArgs),
    /// Plan, apply and destroy a bundle against emulated providers: no account, no network, no cost
    Rehearse(BundleArgs),
    /// Print addresses and commands of what was applied
    Output(OutputArgs),
    /// Say which secrets a bundle has and which are missing, by name; exit 3 when it lacks one
    Secrets(SecretsArgs),
    /// Rename DEEPSEEK_* settings of env files to CODEWHALE_*
    Migrate(MigrateArgs),
    /// Print a completion script for a shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: Shell,
    },
    /// Explain a verb, or the whole program
    Help(HelpArgs),
}

#[derive(Debug, Args)]
pub struct HelpArgs {
    /// A verb, such as apply
    pub verb: Option<String>,
}

#[derive(Debug, Args)]
pub struct ChoicesArgs {
    /// clouds, chats or providers; all of them when left out
    pub table: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// Env files of an older installation
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Change the files, keeping each as FILE.bak-<UTC> that only you can read
    #[arg(long)]
    pub write: bool,
    /// Print one JSON object on stdout
    #[arg(long)]
    pub json: bool,
}

impl Verb {
    /// Whether a program reads the outcome.
    pub fn wants_json(&self) -> bool {
        match self {
            Verb::Choices(args) => args.json,
            Verb::Plan(args) => args.provision.run.bundle.json,
            Verb::Apply(args) => args.provision.run.bundle.json,
            Verb::Destroy(args) => args.run.bundle.json,
            Verb::Push(args) => args.run.bundle.json,
            Verb::Pin(args) => args.bundle.json,
            Verb::Rehearse(args) => args.json,
            Verb::Output(args) => args.bundle.json,
            Verb::Secrets(args) => args.json,
            Verb::Migrate(args) => args.json,
            Verb::Help(_) | Verb::Completions { .. } => false,
        }
    }
}
