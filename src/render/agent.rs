//! The agent's facts for the templates, its own templates among them.

use serde::Serialize;

use crate::deployment::Deployment;

#[derive(Debug, Serialize)]
pub(super) struct AgentContext {
    homepage: &'static str,
    /// The arguments of its program.
    arguments: String,
    /// Programs it needs: path and package.
    packages: &'static [(&'static str, &'static str)],
    /// Variable with the folder of its state; empty if its home folder is enough.
    home_env: &'static str,
    /// Variable with the token that it shares with the bridge.
    token: &'static str,
    health: &'static str,
    guarded: &'static str,
    bridge_command: String,
    bridge_environment: &'static str,
    /// Names of its configuration files, including that of its MCP servers.
    config_files: Vec<&'static str>,
    /// It supports MCP servers.
    takes_mcp: bool,
    /// The folder of an older version; empty if there was none.
    legacy_etc: &'static str,
}

impl AgentContext {
    pub(super) fn of(d: &Deployment) -> AgentContext {
        let agent = d.agent;
        let arguments = agent.arguments.replace("{port}", &d.port.to_string());
        AgentContext {
            homepage: agent.homepage,
            arguments: arguments.replace("{workers}", &d.workers.to_string()),
            packages: agent.packages,
            home_env: agent.home_env.unwrap_or_default(),
            token: agent.token.env,
            health: agent.probes.health,
            guarded: agent.probes.guarded,
            bridge_command: agent.bridge_command.replace("{bridge}", d.bridge.slug),
            bridge_environment: agent.bridge_environment,
            config_files: agent.config_files.iter().copied().chain(agent.mcp_file).collect(),
            takes_mcp: agent.mcp_file.is_some(),
            legacy_etc: agent.legacy_etc.unwrap_or_default(),
        }
    }
}

/// One setting of the bridge.
#[derive(Debug, Serialize)]
pub(super) struct BridgeSetting<'a> {
    name: &'static str,
    value: std::borrow::Cow<'a, str>,
}

/// All of the bridge's own settings.
pub(super) fn bridge_settings(d: &Deployment) -> Vec<BridgeSetting<'_>> {
    let bridge = d.bridge;
    let state = d.agent.names().fill("/var/lib/@agent@");
    let own = [
        (bridge.allowlist_env, d.allowlist.join(",")),
        (bridge.allow_unlisted_env, "false".to_owned()),
        (bridge.thread_map_env, format!("{state}-{}-bridge/thread-map.json", bridge.slug)),
    ];
    let own = own.into_iter().map(|(name, value)| (name, value.into()));
    let fixed = bridge.fixed_settings.iter().map(|&(name, value)| (name, value.into()));
    let chosen = d.bridge_settings.iter().map(|(name, value)| (*name, value.into()));
    own.chain(fixed)
        .chain(chosen)
        .map(|(name, value)| BridgeSetting { name, value })
        .collect()
}
