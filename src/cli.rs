//! The command line, as clap sees it. Values stay text: `inputs` reads them.

pub mod refusal;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use crate::agents::Agent;
use crate::chats::Chat;
use crate::clouds::Cloud;
use crate::tables::Bootstrap;
use crate::tables::Choice;
use crate::tables::CnbDeploy;
use crate::tables::Install;
use crate::tables::Lang;
use crate::tables::Row;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold());

/// Write reviewed infrastructure-as-code for a remote CodeWhale agent you talk to from a chat app
///
/// Without a verb, asks for what it does not know, then writes a bundle: Terraform, cloud-init,
/// systemd units, env files and a runbook. Nothing is created in any cloud.
#[derive(Debug, Parser)]
#[command(name = "remote-setup", version, styles = STYLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Option<Verb>,
    #[command(flatten)]
    pub generate: GenerateArgs,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List what can be chosen: clouds, bridges and model providers
    List(ListArgs),
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
pub struct ListArgs {
    /// clouds, bridges or providers; all of them when left out
    pub table: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Which bundle, and what reads the outcome.
#[derive(Clone, Debug, Default, Args)]
pub struct BundleArgs {
    /// Folder of the bundle; the current one, or the only one under ./codewhale-deploy, when left out
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// terraform or tofu; the first on the path when left out
    #[arg(long, value_name = "ENGINE")]
    pub engine: Option<String>,
    /// Print one JSON object on stdout
    #[arg(long)]
    pub json: bool,
}

/// What every run that may reach the machine takes.
#[derive(Clone, Debug, Default, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Never ask
    #[arg(long)]
    pub non_interactive: bool,
    /// Store a new value of a secret; repeatable
    #[arg(long, value_name = "NAME")]
    pub rotate: Vec<String>,
    /// Do not wait until the machine says that it is ready
    #[arg(long)]
    pub no_wait: bool,
    /// Where secrets are pushed: the machine's host key, or its SHA256 fingerprint, when known_hosts has none yet
    #[arg(long, value_name = "KEY|SHA256:…")]
    pub host_key: Option<String>,
    /// Private half of the deployment's SSH key; found in ~/.ssh or in an agent when left out
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PushArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Say yes to the machine that is shown beforehand
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ProvisionArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Say yes to the plan beforehand
    #[arg(long, short)]
    pub yes: bool,
    /// With --yes: also to destroying and replacing
    #[arg(long)]
    pub allow_destroy: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// Exit 3 when something would change
    #[arg(long)]
    pub exit_code: bool,
    /// Keep what was planned in a file, for `apply FILE`; it holds hashes, no secret
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ApplyArgs {
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// With a plan kept by `plan --save` in the place of DIR, which applies just that: the folder of its bundle
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub bundle: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PinArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Never ask
    #[arg(long)]
    pub non_interactive: bool,
    /// Say yes to what the machine says beforehand
    #[arg(long, short)]
    pub yes: bool,
    /// Private half of the deployment's SSH key; found in ~/.ssh or in an agent when left out
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct OutputArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Private half of the deployment's SSH key, for the commands that are printed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct SecretsArgs {
    /// Folder of the bundle; the current one, or the only one under ./codewhale-deploy, when left out
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// Print one JSON object on stdout
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

#[derive(Debug, Default, Args)]
pub struct GenerateArgs {
    #[arg(long, value_name = "CLOUD", help = slugs::<Cloud>("Where the agent runs"), help_heading = "Choices")]
    pub cloud: Option<String>,
    #[arg(long, value_name = "BRIDGE", help = slugs::<Chat>("Chat app to talk through"), help_heading = "Choices")]
    pub bridge: Option<String>,
    /// Model provider: see `remote-setup list providers`
    #[arg(long, value_name = "PROVIDER", help_heading = "Choices")]
    pub provider: Option<String>,
    /// Model id, or `auto` for the provider's own default
    #[arg(long, value_name = "MODEL", help_heading = "Choices")]
    pub model: Option<String>,
    /// Address of your model server, for a provider without a key
    #[arg(long, value_name = "URL", help_heading = "Choices")]
    pub base_url: Option<String>,
    /// Chat ids the bridge answers, separated by commas; pair later when left out
    #[arg(long, value_name = "IDS", allow_hyphen_values = true, help_heading = "Choices")]
    pub allowlist: Option<String>,
    /// A setting of the bridge, such as FEISHU_DOMAIN=lark; repeatable
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Choices")]
    pub bridge_setting: Vec<String>,

    /// Name of the deployment
    #[arg(long, value_name = "NAME", help_heading = "Machine")]
    pub name: Option<String>,
    /// Region of the cloud
    #[arg(long, value_name = "REGION", help_heading = "Machine")]
    pub region: Option<String>,
    /// Machine size of the cloud
    #[arg(long, value_name = "SIZE", help_heading = "Machine")]
    pub size: Option<String>,
    /// Folder the agent works in
    #[arg(long, value_name = "PATH", help_heading = "Machine")]
    pub workspace: Option<String>,
    /// Loopback port of the runtime
    #[arg(long, value_name = "PORT", help_heading = "Machine")]
    pub port: Option<String>,
    /// Background workers of the runtime, 1 to 8
    #[arg(long, value_name = "N", help_heading = "Machine")]
    pub workers: Option<String>,
    /// A tag for every cloud resource; repeatable
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Machine")]
    pub tag: Vec<String>,

    /// SSH public key, as text or as a file; the newest ~/.ssh/id_*.pub when left out
    #[arg(long, value_name = "FILE|TEXT", help_heading = "Access", value_hint = ValueHint::FilePath)]
    pub ssh_public_key: Option<String>,
    /// Public network that may reach SSH, as a CIDR, repeatable; `none` for no SSH rule at all
    #[arg(long, value_name = "CIDR", help_heading = "Access")]
    pub allow_ssh_from: Vec<String>,
    /// Has no effect any more
    #[arg(long, value_name = "CIDR", hide = true)]
    pub allow_vault_from: Vec<String>,

    #[arg(long, value_name = "HOW", help = words("How the runtime is installed", Install::ALL), help_heading = "Software")]
    pub install: Option<String>,
    /// CodeWhale version, runtime and bridge alike
    #[arg(long, value_name = "VERSION", help_heading = "Software")]
    pub codewhale_version: Option<String>,
    #[arg(long, value_name = "MIRROR", help = mirror_help(), help_heading = "Software")]
    pub mirror: Option<String>,
    #[arg(long, value_name = "WAY", help = words("How the host files reach the machine", Bootstrap::ALL), help_heading = "Software")]
    pub bootstrap: Option<String>,

    /// Repository on cnb.cool that holds the bundle
    #[arg(long, value_name = "ORG/REPO", help_heading = "CNB pipeline")]
    pub cnb_repository: Option<String>,
    /// Secret repository on cnb.cool that the pipeline reads
    #[arg(long, value_name = "ORG/REPO", help_heading = "CNB pipeline")]
    pub cnb_secrets: Option<String>,
    #[arg(long, value_name = "WAY", help = words("How the pipeline reaches the machine", CnbDeploy::ALL), help_heading = "CNB pipeline")]
    pub cnb_deploy: Option<String>,

    #[arg(long, value_name = "LANG", help = words("Language of the questions and the runbook", Lang::ALL), help_heading = "Output")]
    pub lang: Option<String>,
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

impl Cli {
    /// Whether a program reads the outcome.
    pub fn wants_json(&self) -> bool {
        match &self.verb {
            None => self.generate.json,
            Some(Verb::List(args)) => args.json,
            Some(Verb::Plan(args)) => args.provision.run.bundle.json,
            Some(Verb::Apply(args)) => args.provision.run.bundle.json,
            Some(Verb::Destroy(args)) => args.run.bundle.json,
            Some(Verb::Push(args)) => args.run.bundle.json,
            Some(Verb::Pin(args)) => args.bundle.json,
            Some(Verb::Rehearse(args)) => args.json,
            Some(Verb::Output(args)) => args.bundle.json,
            Some(Verb::Secrets(args)) => args.json,
            Some(Verb::Migrate(args)) => args.json,
            Some(Verb::Help(_) | Verb::Completions { .. }) => false,
        }
    }
}

fn slugs<R: Row>(what: &str) -> String {
    let slugs: Vec<_> = R::rows().iter().map(Row::slug).collect();
    format!("{what}: {}", slugs.join(", "))
}

fn words<C: Choice>(what: &str, all: &[C]) -> String {
    let slugs: Vec<_> = all.iter().map(|choice| choice.slug()).collect();
    format!("{what}: {}", slugs.join(", "))
}

fn mirror_help() -> String {
    let mirrors = Agent::rows().iter().flat_map(|agent| agent.mirrors);
    let slugs: Vec<_> = mirrors.map(|mirror| mirror.slug).collect();
    format!("Where the machine downloads from: {}", slugs.join(", "))
}
