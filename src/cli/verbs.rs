//! The verbs, and those about the tool itself.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use clap_complete::Shell;

use super::run::{ApplyArgs, BundleArgs, OutputArgs, PinArgs, PlanArgs, ProvisionArgs, PushArgs, SecretsArgs};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show what can be chosen: clouds, chat apps, model providers and agents
    #[command(alias = "list")]
    Choices(ChoicesArgs),
    /// Show what apply would change, and change nothing
    Plan(PlanArgs),
    /// Plan a bundle, ask for confirmation, apply it, and wait until the machine is ready
    Apply(ApplyArgs),
    /// Destroy everything a bundle created, after asking for its name
    Destroy(ProvisionArgs),
    /// Send the secrets to the machine over SSH, on clouds without a vault
    Push(PushArgs),
    /// Pin downloads to exactly what the machine installed
    Pin(PinArgs),
    /// Plan, apply and destroy a bundle against emulated providers: no account, network or cost
    Rehearse(BundleArgs),
    /// Print the addresses and commands of an applied bundle
    Output(OutputArgs),
    /// List which secrets are set and which are missing, by name; exit 3 if any is missing
    Secrets(SecretsArgs),
    /// Rename DEEPSEEK_* settings in env files to CODEWHALE_*
    Migrate(MigrateArgs),
    /// Print a shell completion script
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
    /// clouds, chats, providers or agents [default: all of them]
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
    /// Rewrite the files, keeping each original as FILE.bak-<UTC>, readable only by you
    #[arg(long)]
    pub write: bool,
    /// Print one JSON object to stdout
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
