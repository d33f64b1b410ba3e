//! The command line, as clap sees it. Values stay text: `inputs` reads them.

mod answers;
mod generate;
pub mod refusal;
mod run;
mod verbs;

use clap::Parser;
use clap::builder::styling::{AnsiColor, Styles};

pub use answers::{AnswerFlags, with_values};
pub use generate::GenerateArgs;
pub use run::{ApplyArgs, BundleArgs, OutputArgs, PinArgs, PlanArgs, ProvisionArgs, PushArgs, RunArgs, SecretsArgs};
pub use verbs::{ChoicesArgs, HelpArgs, MigrateArgs, Verb};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold());

/// Write reviewed infrastructure-as-code for a remote coding agent you talk to from a chat app
///
/// Without a verb, asks for whatever is missing, then writes a bundle: Terraform, cloud-init,
/// systemd units, env files and a runbook. Creates nothing in any cloud.
#[derive(Debug, Parser)]
#[command(name = "remote-setup", version, styles = STYLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Option<Verb>,
    #[command(flatten)]
    pub generate: GenerateArgs,
}

impl Cli {
    /// Whether a program reads the outcome.
    pub fn wants_json(&self) -> bool {
        self.verb.as_ref().map_or(self.generate.json, Verb::wants_json)
    }
}
