//! The default verb: the answers, and what is done with them.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::AnswerFlags;

#[derive(Debug, Default, Args)]
pub struct GenerateArgs {
    #[command(flatten)]
    pub answers: AnswerFlags,
    /// Read answers from a file, such as a bundle's deployment.yaml
    #[arg(long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub spec: Option<PathBuf>,
    /// Bundle folder [default: ./codewhale-deploy/<cloud>-<bridge>, or /<name> if it has one]
    #[arg(long, value_name = "DIR", help_heading = "Output", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Write the bundle and stop; this is the default
    #[arg(long, help_heading = "Output")]
    pub generate_only: bool,
    /// Then plan, ask for confirmation and apply
    #[arg(long, help_heading = "Output", conflicts_with_all = ["generate_only", "check"])]
    pub apply: bool,
    /// With --apply: terraform or tofu
    #[arg(long, value_name = "ENGINE", help_heading = "Output", requires = "apply")]
    pub engine: Option<String>,
    /// With --apply and --yes: allow resources to be destroyed or replaced
    #[arg(long, help_heading = "Output", requires = "apply")]
    pub allow_destroy: bool,
    /// With --apply: do not wait until the machine is ready
    #[arg(long, help_heading = "Output", requires = "apply")]
    pub no_wait: bool,
    /// Write nothing; show the differences and exit 3 if there are any
    #[arg(long, help_heading = "Output", conflicts_with = "force")]
    pub check: bool,
    /// Overwrite files edited by hand, keeping each as FILE.bak-<UTC>
    #[arg(long, help_heading = "Output")]
    pub force: bool,
    /// Skip the confirmation before generating
    #[arg(long, short, help_heading = "Output")]
    pub yes: bool,
    /// Never prompt; list everything that is missing
    #[arg(long, help_heading = "Output")]
    pub non_interactive: bool,
    /// Print one JSON object to stdout
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}
