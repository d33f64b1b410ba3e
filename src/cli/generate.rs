//! The default verb: the answers, and what is done with them.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::AnswerFlags;

#[derive(Debug, Default, Args)]
pub struct GenerateArgs {
    #[command(flatten)]
    pub answers: AnswerFlags,
    /// Read the answers from a file, such as the deployment.yaml of a bundle
    #[arg(long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub spec: Option<PathBuf>,
    /// Folder of the bundle [default: ./codewhale-deploy/<cloud>-<bridge>, or /<name> for one with a name]
    #[arg(long, value_name = "DIR", help_heading = "Output", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Write the bundle and stop; this is the default
    #[arg(long, help_heading = "Output")]
    pub generate_only: bool,
    /// Then plan, ask and apply
    #[arg(long, help_heading = "Output", conflicts_with_all = ["generate_only", "check"])]
    pub apply: bool,
    /// With --apply: terraform or tofu
    #[arg(long, value_name = "ENGINE", help_heading = "Output", requires = "apply")]
    pub engine: Option<String>,
    /// With --apply and --yes: say yes to destroying and replacing too
    #[arg(long, help_heading = "Output", requires = "apply")]
    pub allow_destroy: bool,
    /// With --apply: do not wait until the machine says that it is ready
    #[arg(long, help_heading = "Output", requires = "apply")]
    pub no_wait: bool,
    /// Write nothing; show how the bundle differs and exit 3 if it does
    #[arg(long, help_heading = "Output", conflicts_with = "force")]
    pub check: bool,
    /// Replace generated files that were edited by hand, keeping each as FILE.bak-<UTC>
    #[arg(long, help_heading = "Output")]
    pub force: bool,
    /// Do not ask whether to generate
    #[arg(long, short, help_heading = "Output")]
    pub yes: bool,
    /// Never ask; list everything that is missing
    #[arg(long, help_heading = "Output")]
    pub non_interactive: bool,
    /// Print one JSON object on stdout
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}
