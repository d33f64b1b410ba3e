//! What is known of one agent.

use serde::Serialize;

use super::{Dialect, Download, Mirror, ModelRule, Names, Release};
use crate::tables::{Architecture, Install, Row, Words};

/// One coding agent: how it is installed, what it is given, and how its health is checked. Templates read its columns by name,
/// except skipped ones: the deployment fills those in, or no template shows them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Agent {
    /// Also in every name on the machine, see [`Names`]: lower-case letters, digits and `-`.
    pub slug: &'static str,
    pub display_name: &'static str,
    pub aliases: &'static [&'static str],
    pub homepage: &'static str,
    /// The version used unless another is asked for: the newest that was tried.
    #[serde(skip)]
    pub version: &'static str,
    #[serde(skip)]
    pub oldest: Oldest,
    #[serde(skip)]
    pub releases: &'static [Release],
    /// Where it can be downloaded; the first is the default.
    #[serde(skip)]
    pub mirrors: &'static [Mirror],
    /// Ways to install it.
    #[serde(skip)]
    pub installs: &'static [Install],
    /// What a machine downloads of it, and a pin can hold.
    #[serde(skip)]
    pub downloads: fn(Install, Architecture) -> &'static [Download],
    /// Programs it needs beside those that every machine gets: path and package.
    pub packages: &'static [(&'static str, &'static str)],
    /// On the loopback address, unless another is asked for.
    #[serde(skip)]
    pub port: u16,
    /// Folder it works in, unless another is asked for.
    #[serde(skip)]
    pub workspace: &'static str,
    /// What its program is started with; `{port}` and `{workers}` stand for the numbers.
    #[serde(skip)]
    pub arguments: &'static str,
    /// Variable that says where its state is, where its home is not enough.
    pub home_env: Option<&'static str>,
    #[serde(skip)]
    pub token: Token,
    #[serde(flatten)]
    pub probes: Probes,
    #[serde(skip)]
    pub bridges: &'static [Bridge],
    /// What a bridge is started with, and its environment; `{bridge}` stands for its slug.
    #[serde(skip)]
    pub bridge_command: &'static str,
    pub bridge_environment: &'static str,
    /// Protocols in which it asks models.
    #[serde(skip)]
    pub dialects: &'static [Dialect],
    #[serde(skip)]
    pub models: &'static [ModelRule],
    /// Its configuration, root's: files in the bundle and under `/etc`, each a fragment.
    #[serde(skip)]
    pub config_files: &'static [&'static str],
    /// The file that names MCP servers; `None` where it knows none.
    pub mcp_file: Option<&'static str>,
    /// Where installations from before it got its present name keep their settings.
    pub legacy_etc: Option<&'static str>,
    /// Templates of its own, which the others include as `agent/NAME`.
    #[serde(skip)]
    pub fragments: &'static [Fragment],
}

/// The first version that can be installed, and why no older one can.
#[derive(Clone, Copy, Debug)]
pub struct Oldest {
    pub version: [u16; 3],
    /// Follows its number, as in “0.9.0 is the first”.
    pub because: Words,
}

/// The bearer token that agent and bridge share.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub env: &'static str,
    /// Other names it may have in the operator's environment.
    pub other_names: &'static [&'static str],
}

/// Paths to ask whether it works.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Probes {
    /// Answers 200 to everybody as soon as it works.
    pub health: &'static str,
    /// Answers 200 with the token, and 401 without.
    pub guarded: &'static str,
}

/// The program that carries messages between the agent and a chat app, with the environment names it reads.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Bridge {
    /// The chat app; also names the program's folder, the env file and the unit.
    pub slug: &'static str,
    pub allowlist_env: &'static str,
    pub allow_unlisted_env: &'static str,
    pub thread_map_env: &'static str,
    /// Settings that are the same for everybody.
    #[serde(skip)]
    pub fixed_settings: &'static [(&'static str, &'static str)],
    /// True when it has npm dependencies.
    pub npm: bool,
    /// Seconds systemd waits for a clean stop.
    pub stop_timeout: u16,
}

/// A template: name and text.
pub type Fragment = (&'static str, &'static str);

impl Agent {
    /// The one that nobody has to ask for.
    pub fn default_row() -> &'static Agent {
        &Agent::rows()[0]
    }

    pub fn names(&self) -> Names {
        Names::of(self)
    }

    /// Its bridge to a chat app.
    pub fn bridge(&self, chat: &str) -> Option<&'static Bridge> {
        self.bridges.iter().find(|own| own.slug == chat)
    }

    /// What is known of a version on a mirror.
    pub fn release(&self, version: &str, mirror: &str) -> Option<&'static Release> {
        let wanted = |release: &&Release| release.version == version && release.mirror == mirror;
        self.releases.iter().find(wanted)
    }

    /// The mirror for machines inside or outside mainland China.
    pub fn default_mirror(&self, mainland: bool) -> Option<&'static Mirror> {
        let near = self.mirrors.iter().find(|mirror| mirror.mainland == mainland);
        near.or(self.mirrors.first())
    }
}
