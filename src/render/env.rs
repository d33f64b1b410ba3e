//! Env files: settings only. systemd reads no trailing comments and docker reads no quotes, so a
//! value stands bare to the end of its line.

use super::header;
use crate::deployment::Deployment;
use crate::model_providers::BaseUrl;

/// `runtime.env`.
pub(super) fn runtime(d: &Deployment) -> String {
    let mut lines = vec![
        ("CODEWHALE_PROVIDER", d.provider.runtime_slug().to_owned()),
        ("CODEWHALE_MODEL", d.model.clone()),
        ("CODEWHALE_HOME", "/var/lib/codewhale".to_owned()),
        // Root's: both can name commands, and put the runtime's keys into them.
        ("CODEWHALE_CONFIG_PATH", "/etc/codewhale/config.toml".to_owned()),
        ("CODEWHALE_MCP_CONFIG", "/etc/codewhale/mcp.json".to_owned()),
        ("CODEWHALE_RUNTIME_PORT", d.port.to_string()),
        ("CODEWHALE_RUNTIME_WORKERS", d.workers.to_string()),
        // On by default upstream, and a headless machine is never asked.
        ("CODEWHALE_TELEMETRY", "0".to_owned()),
    ];
    if let Some(url) = &d.base_url {
        lines.push(("CODEWHALE_BASE_URL", url.clone()));
        if url.starts_with("http://") && d.provider.base_url == BaseUrl::Any {
            lines.push(("CODEWHALE_ALLOW_INSECURE_HTTP", "1".to_owned()));
        }
    }
    // The broker on this machine stands for the provider, and adds the key.
    if let Some(broker) = &d.broker {
        lines.push(("CODEWHALE_BASE_URL", broker.base_url()));
    }
    file("Settings of the CodeWhale runtime.", &lines)
}

/// `<bridge>.env`.
pub(super) fn bridge(d: &Deployment) -> String {
    let bridge = d.bridge;
    let mut lines = vec![
        ("CODEWHALE_RUNTIME_URL", format!("http://127.0.0.1:{}", d.port)),
        ("CODEWHALE_WORKSPACE", d.workspace.clone()),
        // The bridge sends its own model with every turn, so both files must agree.
        ("CODEWHALE_MODEL", d.model.clone()),
        ("CODEWHALE_MODE", "agent".to_owned()),
        ("CODEWHALE_ALLOW_SHELL", "true".to_owned()),
        ("CODEWHALE_TRUST_MODE", "false".to_owned()),
        ("CODEWHALE_AUTO_APPROVE", "false".to_owned()),
        (bridge.allowlist_env, d.allowlist.join(",")),
        (bridge.allow_unlisted_env, "false".to_owned()),
        (
            bridge.thread_map_env,
            format!("/var/lib/codewhale-{}-bridge/thread-map.json", bridge.slug),
        ),
    ];
    lines.extend(
        bridge
            .fixed_settings
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    lines.extend(d.bridge_settings.iter().cloned());
    file(&format!("Settings of the {} bridge.", bridge.display_name), &lines)
}

fn file(what: &str, lines: &[(&str, String)]) -> String {
    let mut text = format!("{}\n# {what} No secret belongs in this file.\n", header("#"));
    for (name, value) in lines {
        text.push_str(name);
        text.push('=');
        text.push_str(value);
        text.push('\n');
    }
    text
}
