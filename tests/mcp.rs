//! MCP servers: root's file on the machine, shown before anybody says yes, and no way to a key.

use std::collections::BTreeMap;

use remote_setup::deployment::Deployment;
use remote_setup::inputs::{McpServer, Spec};
use serde_json::{Value, json};

use crate::common::{World, file, resolve, spec};

fn with(name: &str, server: McpServer) -> Spec {
    Spec {
        mcp_servers: Some(BTreeMap::from([(name.to_owned(), server)])),
        ..spec()
    }
}

fn program(command: &str) -> McpServer {
    McpServer {
        command: Some(command.to_owned()),
        ..McpServer::default()
    }
}

fn address(url: &str) -> McpServer {
    McpServer {
        url: Some(url.to_owned()),
        ..McpServer::default()
    }
}

fn mcp_json(deployment: &Deployment) -> Value {
    serde_json::from_str(&file(deployment, "mcp.json")).expect("JSON")
}

#[test]
fn servers_of_the_spec_are_what_the_machine_gets() {
    assert_eq!(mcp_json(&resolve(&spec())), json!({"servers": {}}));
    let mut asked = with(
        "files",
        McpServer {
            args: Some(vec!["--root".to_owned(), "a \"b\" $HOME \\".to_owned()]),
            env: Some(BTreeMap::from([("LOG_LEVEL".to_owned(), "debug".to_owned())])),
            ..program("/usr/local/bin/files-mcp")
        },
    );
    let servers = asked.mcp_servers.as_mut().expect("servers");
    servers.insert("docs".to_owned(), address("https://docs.example/mcp"));
    let wanted = json!({"servers": {
        "docs": {"url": "https://docs.example/mcp"},
        "files": {
            "command": "/usr/local/bin/files-mcp", "args": ["--root", "a \"b\" $HOME \\"], "env": {"LOG_LEVEL": "debug"},
        },
    }});
    let deployment = resolve(&asked);
    assert_eq!(mcp_json(&deployment), wanted);
    // The spec that is written says the same.
    assert_eq!(mcp_json(&resolve(&deployment.spec)), wanted);
}

#[test]
fn the_runtime_reads_roots_files_only() {
    for install in ["native", "docker"] {
        let deployment = resolve(&Spec {
            install: Some(install.to_owned()),
            ..spec()
        });
        let settings = file(&deployment, "runtime.env");
        let unit = file(&deployment, "codewhale-runtime.service");
        for (variable, path) in [
            ("CODEWHALE_CONFIG_PATH", "/etc/codewhale/config.toml"),
            ("CODEWHALE_MCP_CONFIG", "/etc/codewhale/mcp.json"),
        ] {
            assert!(settings.contains(&format!("\n{variable}={path}\n")), "{settings}");
            let mount = format!("--mount type=bind,source={path},target={path},readonly ");
            assert_eq!(unit.contains(&mount), install == "docker", "{unit}");
        }
        assert!(
            !unit.contains("--volume"),
            "docker makes a missing folder for --volume, as root: {unit}"
        );
    }
    let config = file(&resolve(&spec()), "config.toml");
    assert!(config.contains("[hooks]\n") && config.ends_with("enabled = false\n"), "{config}");
}

#[test]
fn what_could_take_a_key_is_refused() {
    let with_args = |text: &str| McpServer {
        args: Some(vec![text.to_owned()]),
        ..program("npx")
    };
    let with_env = |name: &str, value: &str| McpServer {
        env: Some(BTreeMap::from([(name.to_owned(), value.to_owned())])),
        ..program("npx")
    };
    let both = McpServer {
        url: Some("https://docs.example".to_owned()),
        ..program("npx")
    };
    for (name, server, wanted) in [
        ("x", with_args("${OPENAI_API_KEY}"), "one of its own keys"),
        ("x", with_args("--key=${CODEWHALE_RUNTIME_TOKEN}"), "one of its own keys"),
        ("x", with_args("${PATH}"), "one of its own keys"),
        ("x", with_env("LEVEL", "${OPENAI_API_KEY}"), "one of its own keys"),
        ("x", with_env("GITHUB_TOKEN", "ghp_x"), "names a secret"),
        ("x", with_env("openai_api_key", "sk-x"), "names a secret"),
        ("x", with_env("A-B", "x"), "not the name of an environment variable"),
        ("x", with_args("a\nb"), "control character"),
        ("x", with_args("\u{1b}[2J"), "control character"),
        ("x", with_args(&"x".repeat(501)), "longer than 500"),
        ("x", program("/opt/whalebro/server"), "the agent can write"),
        ("x", program("/var/lib/codewhale/server"), "the agent can write"),
        ("x", program("/tmp/server"), "the agent can write"),
        ("x", program("./server"), "not a program"),
        ("x", program("bin/server"), "not a program"),
        ("x", program("/usr/bin/../../tmp/server"), "not a program"),
        ("x", program("sh -c id"), "not a program"),
        ("x", program("$SHELL"), "not a program"),
        ("x", program(""), "not a program"),
        ("x", address("http://docs.example/mcp"), "not encrypted"),
        ("x", address("http://127.0.0.1.docs.example/mcp"), "not encrypted"),
        ("x", address("https://docs.example/${OPENAI_API_KEY}"), "not an address"),
        ("x", address("file:///etc/passwd"), "not an address"),
        ("x", both, "either `command` or `url`"),
        ("x", McpServer::default(), "either `command` or `url`"),
        ("A b", program("npx"), "not the name of a server"),
    ] {
        let spec = with(name, server.clone());
        let error = Deployment::resolve(&spec)
            .err()
            .unwrap_or_else(|| panic!("{server:?} is accepted"));
        let text = error.to_string();
        assert!(text.contains(wanted), "{server:?}: {text}");
        assert!(text.contains("mcp_servers") && !error.hints().is_empty(), "{text}");
    }
    for fine in [
        address("http://127.0.0.1:9000/mcp"),
        address("http://[::1]:9000"),
        program("npx"),
    ] {
        resolve(&with("x", fine));
    }
}

#[test]
fn the_summary_shows_every_server() {
    let world = World::new();
    let server = "mcp_servers:\n  files:\n    command: /usr/bin/files-mcp\n    args: [--root, /srv/data]\n";
    world.write("answers.yaml", server);
    let ran = world.generate(&["--spec=answers.yaml"]).ok();
    assert!(
        ran.stderr
            .contains("files: /usr/bin/files-mcp \"--root\" \"/srv/data\""),
        "{ran:#?}"
    );
}
