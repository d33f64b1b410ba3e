//! MCP servers: programs the agent's runtime starts beside it, or addresses it talks to.

use std::collections::BTreeMap;

use super::refusal::check;
use super::secrets::SecretSlot;
use crate::agents::Agent;
use crate::error::{Error, Result};
use crate::inputs::{McpServer, syntax};
use crate::text::shown;

const KEY: &str = "mcp_servers";
/// Folders the agent can write, so it would choose what runs.
const WRITABLE: &[&str] = &["/var/lib/@agent@", "/tmp", "/var/tmp", "/dev/shm"];
/// What the name of a secret ends in.
const SECRET_ENDINGS: &[&str] = &["KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIALS"];

/// # Errors
/// The first server that is not accepted, by its place in the spec.
pub(super) fn servers(
    asked: Option<&BTreeMap<String, McpServer>>,
    agent: &Agent,
    workspace: &str,
    secrets: &[SecretSlot],
) -> Result<BTreeMap<String, McpServer>> {
    let asked = asked.cloned().unwrap_or_default();
    if agent.mcp_file.is_none() && !asked.is_empty() {
        return Err(Error::usage(format!("{} takes no MCP servers", agent.display_name))
            .about(KEY, &format!("`{KEY}`"), "")
            .hint("leave them out"));
    }
    for (name, server) in &asked {
        check_name(name)?;
        match (&server.command, &server.url) {
            (Some(command), None) => check_program(name, command, server, agent, workspace, secrets)?,
            (None, Some(url)) => check_address(name, url, server)?,
            _ => {
                return Err(Error::usage(format!("`{KEY}.{name}` needs either `command` or `url`"))
                    .about(KEY, "", name)
                    .hint("give a program on the machine as `command`, or an https address as `url`"));
            }
        }
    }
    Ok(asked)
}

/// What one server is, in a line.
pub fn described(name: &str, server: &McpServer) -> String {
    let mut words: Vec<String> = server.command.iter().chain(&server.url).cloned().collect();
    words.extend(server.args.iter().flatten().map(|text| format!("{text:?}")));
    words.extend(
        server
            .env
            .iter()
            .flatten()
            .map(|(name, value)| format!("{name}={value:?}")),
    );
    format!("{name}: {}", words.join(" "))
}

fn refused(place: &str, value: &str, why: &str, hint: &str) -> Error {
    Error::usage(format!("`{}` {why}", shown(value)))
        .about(place, &format!("`{place}`"), value)
        .hint(hint)
}

fn check_name(name: &str) -> Result<()> {
    let ok = (1..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
    if ok {
        return Ok(());
    }
    let why = "is not the name of a server: at most 32 of `a-z`, `0-9`, `-` and `_`, first a letter";
    Err(refused(KEY, name, why, "use a name such as `github`"))
}

fn check_program(
    name: &str,
    command: &str,
    server: &McpServer,
    agent: &Agent,
    workspace: &str,
    secrets: &[SecretSlot],
) -> Result<()> {
    let place = format!("{KEY}.{name}.command");
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b))
    };
    let ok = command.len() <= 200 && command.strip_prefix('/').unwrap_or(command).split('/').all(plain);
    if !ok || (command.contains('/') && !command.starts_with('/')) {
        let why =
            "is not a program: a name such as `npx`, or an absolute path of letters, digits, `.`, `_`, `+` and `-`";
        return Err(refused(&place, command, why, "put what follows the program into `args`"));
    }
    let inside = |folder: &str| command.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    if inside(workspace) || WRITABLE.iter().any(|folder| inside(&agent.names().fill(folder))) {
        let why = "lies where the agent can write, so the agent would choose what runs";
        return Err(refused(
            &place,
            command,
            why,
            "install it where only root writes, such as `/usr/local/bin`",
        ));
    }
    for text in server.args.iter().flatten() {
        check_text(&format!("{KEY}.{name}.args"), text)?;
    }
    for (variable, value) in server.env.iter().flatten() {
        let place = format!("{KEY}.{name}.env");
        let ok = (1..=64).contains(&variable.len())
            && variable.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && variable.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !ok {
            let why = "is not the name of an environment variable: letters, digits and `_`";
            return Err(refused(&place, variable, why, "write it as in `LOG_LEVEL`"));
        }
        let upper = variable.to_ascii_uppercase();
        if secrets.iter().any(|slot| slot.env == variable) || SECRET_ENDINGS.iter().any(|end| upper.ends_with(end)) {
            let why = "names a secret, and no secret belongs in `deployment.yaml`";
            return Err(refused(
                &place,
                variable,
                why,
                "leave it out; a server that needs one cannot be named here",
            ));
        }
        check_text(&format!("{place}.{variable}"), value)?;
    }
    Ok(())
}

/// The runtime puts its own environment, keys and all, in the place of `${NAME}`.
fn check_text(place: &str, text: &str) -> Result<()> {
    if text.contains("${") {
        let why = "holds `${`, by which the runtime would put in one of its own keys";
        return Err(refused(place, text, why, "write the value itself"));
    }
    if text.len() > 500 || text.chars().any(char::is_control) {
        let why = "is longer than 500 bytes or holds a control character";
        return Err(refused(place, text, why, "write one short line"));
    }
    Ok(())
}

fn check_address(name: &str, url: &str, server: &McpServer) -> Result<()> {
    if server.args.is_some() || server.env.is_some() {
        return Err(
            Error::usage(format!("`{KEY}.{name}` has a `url`, and `args` or `env` for a program"))
                .about(KEY, "", name)
                .hint("leave `args` and `env` out, or name a `command` instead"),
        );
    }
    let place = format!("{KEY}.{name}.url");
    let address = check(url, &place, |text| syntax::url(text, &["https", "http"]))?;
    let host = address.split('/').nth(2).unwrap_or_default();
    let local = ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
        host.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    });
    if address.starts_with("http://") && !local {
        let hint = "use an https address, or one on `127.0.0.1`";
        return Err(refused(&place, url, "is not encrypted", hint));
    }
    Ok(())
}
