//! An agent of this file alone: a program that answers `/health`, and a bridge that asks it. What comes up with it is
//! everything an agent needs, and nothing that another one left behind.

use std::sync::Once;

use remote_setup::agents::{Agent, Bridge, Dialect, Oldest, Probes, Token};
use remote_setup::inputs::Spec;
use remote_setup::tables::{Install, Row, words};

use crate::bed::{Bed, Plan};
use crate::common::spec;

const HELLO: Agent = Agent {
    slug: "hello-agent",
    display_name: "Hello",
    aliases: &[],
    homepage: "https://hello.example",
    version: "1.2.3",
    oldest: Oldest {
        version: [1, 0, 0],
        because: words("is the first", "是第一个版本"),
    },
    releases: &[],
    mirrors: &[],
    installs: &[Install::Native],
    downloads: |_, _| &[],
    packages: &[],
    port: 7000,
    workspace: "/srv/hello",
    arguments: "{port}",
    home_env: None,
    token: Token {
        env: "HELLO_TOKEN",
        other_names: &[],
    },
    probes: Probes {
        health: "/health",
        guarded: "/hello",
    },
    bridges: &[Bridge {
        slug: "telegram",
        allowlist_env: "HELLO_ALLOWED",
        allow_unlisted_env: "HELLO_STRANGERS",
        thread_map_env: "HELLO_CHATS",
        fixed_settings: &[],
        npm: false,
        stop_timeout: 10,
    }],
    bridge_command: "/usr/bin/python3 /opt/hello-agent/bridges/{bridge}-bridge/bridge.py",
    bridge_environment: "PYTHONDONTWRITEBYTECODE=1",
    dialects: &[Dialect::ChatCompletions],
    models: &[],
    config_files: &["hello.conf"],
    mcp_file: None,
    legacy_etc: None,
    fragments: &[
        ("bridge.env", BRIDGE_ENV),
        ("hello.conf", "greeting = hello\n"),
        ("install.sh", INSTALL),
        ("runtime.env", "HELLO_MODELS={{ broker.base_url }}\n"),
    ],
};

const BRIDGE_ENV: &str = "HELLO_URL=http://127.0.0.1:{{ port }}
{% for setting in bridge_settings -%}
{{ setting.name }}={{ setting.value }}
{% endfor -%}
";

const INSTALL: &str = r#"{% block install_native %}
install_runtime_native() {
  cat >"$PARTIAL/bin/@agent@" <<'PROGRAM'
#!/usr/bin/python3
import http.server, os, signal, sys

class Hello(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        known = self.headers.get("Authorization") == "Bearer " + os.environ["HELLO_TOKEN"]
        self.send_response(200 if known or self.path == "/health" else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Hello).serve_forever()
PROGRAM
  chmod 0755 "$PARTIAL/bin/@agent@"
  : >"$PARTIAL/got"
}
{% endblock %}

{% block install_bridge %}
install_bridge() {
  ! is_complete || return 0
  mkdir "$PARTIAL/bridges/$BRIDGE-bridge"
  cat >"$PARTIAL/bridges/$BRIDGE-bridge/bridge.py" <<'PROGRAM'
import os, time, urllib.request

while True:
    token = {"Authorization": "Bearer " + os.environ["HELLO_TOKEN"]}
    asked = urllib.request.Request(os.environ["HELLO_URL"] + "/hello", headers=token)
    with urllib.request.urlopen(asked) as answer, open(os.environ["HELLO_CHATS"], "a") as chats:
        print(answer.status, file=chats)
    time.sleep(1)
PROGRAM
  recipe >"$PARTIAL/recipe"
}
{% endblock %}

{% block steps %}
step runtime install_runtime
step bridge install_bridge
{% endblock %}
"#;

/// Puts it into the table of agents; before anything is looked up there.
pub fn introduce() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| Agent::table().extend(&[HELLO]));
}

const UNITS: &[&str] = &["metadata-block", "secrets", "broker", "runtime", "telegram-bridge"];

#[test]
fn an_agent_of_one_file_comes_up() {
    introduce();
    let spec = Spec {
        agent: Some("hello-agent".to_owned()),
        model: Some("gpt-5.6".to_owned()),
        ..spec()
    };
    let Some(bed) = Bed::boot(Plan::new("hello", &spec)) else {
        return;
    };
    let result = bed.ready();
    assert_eq!(result["message"], "Hello 1.2.3 answers, and the telegram bridge runs");
    for unit in UNITS {
        let state = bed.text(&format!(
            "systemctl is-active hello-agent-{unit} && systemctl is-enabled hello-agent-{unit}"
        ));
        assert_eq!(state, "active\nenabled\n", "{unit}");
    }
    let answer = bed.text("curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:7000/health");
    assert_eq!(answer, "200");
    let chats = bed.path("/var/lib/hello-agent-telegram-bridge/thread-map.json");
    bed.wait_for("word of the bridge", || {
        std::fs::read_to_string(&chats).ok().filter(|text| text.contains("200"))
    });
    let asked = bed.text("cat /etc/hello-agent/runtime.env");
    assert_eq!(asked, "HELLO_MODELS=http://127.0.0.1:7001/api/v1\n");
    // The whole of it, in its own words.
    let doctor = bed.doctor("");
    assert_eq!(doctor.code, 0, "{doctor:#?}");
    no_other_agent_left_its_name(&bed);
}

fn no_other_agent_left_its_name(bed: &Bed) {
    let names = bed.text(
        "find / -xdev -ipath '*codewhale*' -o -xdev -ipath '*deepseek*'; getent passwd | grep -i codewhale; \
         systemctl list-units --all --plain | grep -i codewhale; nft list ruleset | grep -i codewhale; true",
    );
    assert_eq!(names, "", "{}", bed.name);
    // The machine's report has this field whatever the agent is.
    let lines = bed.text(
        "grep -rihoP '.*(codewhale(?!_version)|deepseek).*' /opt/hello-agent /etc/hello-agent /etc/systemd/system/*hello* \
         /var/lib/hello-agent* /etc/polkit-1/rules.d; true",
    );
    assert_eq!(lines, "", "{}", bed.name);
}
