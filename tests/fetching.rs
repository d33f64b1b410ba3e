//! `fetch-secrets.sh` as the machine runs it, against a metadata service and a vault on loopback.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::{Arc, Mutex};

use remote_setup::inputs::Spec;

use crate::common::{Ran, World, file, resolve, spec, tool};

/// What the vault answers for one secret, in order; the last answer repeats.
type Answers = VecDeque<(u16, String)>;

#[derive(Default)]
struct State {
    secrets: Vec<(String, Answers)>,
    metadata: Answers,
    tokens: usize,
    /// `Authorization` of each request to the vault.
    bearers: Vec<String>,
}

/// Both services of the cloud, on one loopback port.
struct Cloud {
    address: String,
    state: Arc<Mutex<State>>,
}

fn answers(list: &[(u16, &str)]) -> Answers {
    list.iter()
        .map(|(status, body)| (*status, (*body).to_owned()))
        .collect()
}

impl Cloud {
    fn start(secrets: &[(&str, &[(u16, &str)])], metadata: &[(u16, &str)]) -> Cloud {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State {
            secrets: secrets
                .iter()
                .map(|(name, list)| ((*name).to_owned(), answers(list)))
                .collect(),
            metadata: answers(metadata),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &shared);
            }
        });
        Cloud { address, state }
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let mut lines = BufReader::new(stream.try_clone().expect("a stream"))
        .lines()
        .map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let header = |name: &str| {
        headers
            .iter()
            .find_map(|line| line.strip_prefix(name).map(str::to_owned))
    };
    let path = request.split(' ').nth(1).unwrap_or_default();
    let mut state = state.lock().expect("the state");
    let (status, body) = if path.starts_with("/metadata/identity/oauth2/token?") {
        assert_eq!(header("Metadata: ").as_deref(), Some("true"), "{headers:?}");
        state.tokens += 1;
        let token = format!(
            "{{\"access_token\": \"MARKED-SECRET-token-{}\", \"expires_in\": \"86399\"}}",
            state.tokens
        );
        match state.metadata.pop_front() {
            Some((200, _)) | None => (200, token),
            Some(other) => other,
        }
    } else {
        let name = path
            .trim_start_matches("/secrets/")
            .split('?')
            .next()
            .unwrap_or_default()
            .to_owned();
        state.bearers.push(header("Authorization: Bearer ").unwrap_or_default());
        match state.secrets.iter_mut().find(|(secret, _)| *secret == name) {
            Some((_, list)) if list.len() > 1 => list.pop_front().expect("an answer"),
            Some((_, list)) => list[0].clone(),
            None => (404, "{}".to_owned()),
        }
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nRetry-After: 1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}

/// Runs the script of a bundle, with recorders in front of the programs it starts.
fn fetch(world: &World, cloud: &Cloud, patience: &str) -> Ran {
    fetch_from(world, cloud, &cloud.address, patience)
}

/// The same with the vault elsewhere.
fn fetch_from(world: &World, cloud: &Cloud, vault: &str, patience: &str) -> Ran {
    let deployment = resolve(&Spec {
        bridge: Some("feishu".to_owned()),
        ..spec()
    });
    world.write("fetch-secrets.sh", &file(&deployment, "fetch-secrets.sh"));
    let recorders = world.path("recorders");
    fs::create_dir_all(&recorders).expect("a folder");
    for program in ["curl", "python3", "mv", "sleep", "systemctl"] {
        // Nobody of this machine is to be told anything.
        let real = if program == "systemctl" { "true" } else { program };
        let real = tool(real).expect("installed");
        let script = format!(
            "#!/bin/sh\nprintf '%s ' {program} \"$@\" >> '{log}'; echo >> '{log}'\n{line}",
            log = world.path("argv.log").display(),
            line = if program == "sleep" {
                "exit 0\n".to_owned()
            } else {
                format!("exec '{}' \"$@\"\n", real.display())
            },
        );
        let path = recorders.join(program);
        fs::write(&path, script).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("mode");
    }
    let path = format!("{}:{}", recorders.display(), std::env::var("PATH").expect("PATH"));
    let mut command = Command::new("bash");
    command
        .arg(world.path("fetch-secrets.sh"))
        .env_clear()
        .env("PATH", path)
        .env("RUNTIME_DIRECTORY", world.path("run"))
        .env("CODEWHALE_IMDS_URL", &cloud.address)
        .env("CODEWHALE_VAULT_URI", vault)
        .env("CODEWHALE_MISSING_PATIENCE", patience)
        .env("CODEWHALE_VAULT_PATIENCE", patience)
        .env("http_proxy", "http://127.0.0.1:9")
        .env("no_proxy", "127.0.0.1,.invalid")
        .current_dir(world.folder.path());
    Ran::of(&mut command)
}

fn nothing_leaked(world: &World, ran: &Ran) {
    let argv = world.read("argv.log");
    assert!(argv.contains("curl "), "no call was recorded");
    assert!(!argv.contains("MARKED"), "a secret is an argument:\n{argv}");
    assert!(!ran.stdout.contains("MARKED") && !ran.stderr.contains("MARKED"), "{ran:#?}");
}

const FINE: &[(&str, &[(u16, &str)])] = &[
    ("openrouter-api-key", &[(200, r#"{"value": "MARKED-SECRET-key"}"#)]),
    ("codewhale-runtime-token", &[(200, r#"{"value": "MARKED-SECRET-runtime"}"#)]),
    ("feishu-app-id", &[(200, r#"{"value": "MARKED-SECRET-app"}"#)]),
    ("feishu-app-secret", &[(200, r#"{"value": "MARKED-SECRET-app=="}"#)]),
];

fn tools_are_here() -> bool {
    ["curl", "python3", "mv"].iter().all(|name| tool(name).is_some())
}

#[test]
fn each_service_gets_its_own_secrets_and_nothing_is_said() {
    if !tools_are_here() {
        return;
    }
    let world = World::new();
    let cloud = Cloud::start(FINE, &[]);
    let ran = fetch(&world, &cloud, "0");
    assert_eq!(ran.code, 0, "{ran:#?}");
    nothing_leaked(&world, &ran);
    assert_eq!(world.read("run/broker.secrets.env"), "OPENROUTER_API_KEY=MARKED-SECRET-key\n");
    assert_eq!(
        world.read("run/runtime.secrets.env"),
        "CODEWHALE_RUNTIME_TOKEN=MARKED-SECRET-runtime\n"
    );
    assert_eq!(
        world.read("run/feishu.secrets.env"),
        "CODEWHALE_RUNTIME_TOKEN=MARKED-SECRET-runtime\nFEISHU_APP_ID=MARKED-SECRET-app\nFEISHU_APP_SECRET=MARKED-SECRET-app==\n"
    );
    for name in [
        "run/broker.secrets.env",
        "run/runtime.secrets.env",
        "run/feishu.secrets.env",
    ] {
        assert_eq!(
            fs::metadata(world.path(name)).expect(name).permissions().mode() & 0o777,
            0o600,
            "{name}"
        );
    }
    for name in ["openrouter-api-key", "feishu-app-secret"] {
        assert!(ran.stdout.contains(name), "names are said: {ran:#?}");
    }
}

#[test]
fn a_role_that_is_not_there_yet_is_waited_for_with_fresh_tokens() {
    if !tools_are_here() {
        return;
    }
    let world = World::new();
    let mut secrets = FINE.to_vec();
    secrets[0].1 = &[
        (403, "{}"),
        (403, "{}"),
        (429, "{}"),
        (503, "{}"),
        (404, "{}"),
        (200, r#"{"value": "MARKED-SECRET-key"}"#),
    ];
    let cloud = Cloud::start(&secrets, &[(404, ""), (500, ""), (410, ""), (200, "")]);
    let ran = fetch(&world, &cloud, "60");
    assert_eq!(ran.code, 0, "{ran:#?}");
    nothing_leaked(&world, &ran);
    let state = cloud.state.lock().expect("the state");
    assert_eq!(
        &state.bearers[..4],
        [
            "MARKED-SECRET-token-4",
            "MARKED-SECRET-token-5",
            "MARKED-SECRET-token-6",
            "MARKED-SECRET-token-6"
        ]
    );
    assert!(world.read("run/broker.secrets.env").contains("MARKED-SECRET-key"));
    let said = ran.stdout.lines().filter(|line| line.contains(" s so far; "));
    let said: Vec<_> = said
        .filter_map(|line| Some(line.split_once(" s so far")?.0.rsplit_once(", ")?.0))
        .collect();
    let vault = &cloud.address;
    let no_token = |answer: u16| format!("the metadata service gives no token (answer {answer}, curl 0)");
    let refused = format!(
        "the vault {vault} refuses this machine, which needs the role Key Vault Secrets User there \
         (secret `openrouter-api-key`: answer 403, curl 0)"
    );
    let expected = [
        no_token(404),
        no_token(500),
        no_token(410),
        refused.clone(),
        refused,
        format!("the vault {vault} does not answer (secret `openrouter-api-key`: answer 429, curl 0)"),
        format!("the vault {vault} does not answer (secret `openrouter-api-key`: answer 503, curl 0)"),
        format!(
            "secret `openrouter-api-key` is not in the vault {vault} (secret `openrouter-api-key`: answer 404, curl 0)"
        ),
    ];
    assert_eq!(said, expected);
}

/// The vault is made beside the machine: at first its name is unknown, then nobody answers there.
#[test]
fn a_vault_that_is_not_there_yet_is_waited_for_and_then_named() {
    if !tools_are_here() {
        return;
    }
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    // Too long for any name server to be asked for it.
    let name = format!("{}.invalid", "kv".repeat(32));
    for (vault, problem, curl) in [
        (
            format!("http://{name}"),
            format!("the name of the vault http://{name} does not resolve; does the vault exist?"),
            6,
        ),
        (format!("http://{closed}"), format!("the vault http://{closed} does not answer"), 7),
    ] {
        let world = World::new();
        world.write("run/runtime.secrets.env", "OLD=1\n");
        let cloud = Cloud::start(FINE, &[]);
        // It asks without a pause here, so this is many times.
        let ran = fetch_from(&world, &cloud, &vault, "4");
        assert_eq!(ran.code, 1, "{ran:#?}");
        let said = format!("{problem} (secret `openrouter-api-key`: answer 000, curl {curl})");
        assert!(ran.stdout.contains(&format!("{said}, ")), "`{said}`: {ran:#?}");
        assert_eq!(world.read("run/fetch-error"), format!("{said}\n"), "{ran:#?}");
        assert_eq!(world.read("run/runtime.secrets.env"), "OLD=1\n");
        nothing_leaked(&world, &ran);
    }
}

#[test]
fn what_cannot_be_used_is_named_and_old_secrets_stay() {
    if !tools_are_here() {
        return;
    }
    for (answer, said) in [
        ((404, "{}"), "secret `feishu-app-secret` is not in the vault"),
        ((200, r#"{"value": ""}"#), "secret `feishu-app-secret` is empty"),
        ((200, r#"{"value": "MARKED\nX=1"}"#), "secret `feishu-app-secret` holds a space"),
        ((200, r#"{"value": "MARKED x"}"#), "secret `feishu-app-secret` holds a space"),
        (
            (200, r#"{"value": "remote-setup-placeholder"}"#),
            "secret `feishu-app-secret` still holds a placeholder",
        ),
        ((400, "{}"), "answered 400 for secret `feishu-app-secret`"),
        (
            (403, "{}"),
            "which needs the role Key Vault Secrets User there (secret `feishu-app-secret`: answer 403, curl 0)",
        ),
        (
            (403, r#"{"error": {"innererror": {"code": "ForbiddenByFirewall"}}}"#),
            "does not let this subnet in (secret `feishu-app-secret`: answer 403, curl 0)",
        ),
        ((503, "{}"), "does not answer (secret `feishu-app-secret`: answer 503, curl 0)"),
        ((200, "nonsense"), "holds no value"),
    ] {
        let world = World::new();
        world.write("run/runtime.secrets.env", "OLD=1\n");
        let mut secrets = FINE.to_vec();
        let list = [answer];
        secrets[3].1 = &list;
        let cloud = Cloud::start(&secrets, &[]);
        let ran = fetch(&world, &cloud, "0");
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
        assert!(world.read("run/fetch-error").contains(said));
        assert_eq!(world.read("run/runtime.secrets.env"), "OLD=1\n");
        nothing_leaked(&world, &ran);
    }
}

#[test]
fn a_machine_without_identity_is_told_so_at_once() {
    if !tools_are_here() {
        return;
    }
    let world = World::new();
    let cloud = Cloud::start(FINE, &[(400, "{\"error\": \"invalid_request\"}")]);
    let ran = fetch(&world, &cloud, "0");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("no managed identity"), "{ran:#?}");
}

/// A new version of the key in the vault cuts nobody off: only the broker takes it, by a reload.
#[test]
fn a_new_key_is_for_the_broker_alone() {
    if !tools_are_here() {
        return;
    }
    let world = World::new();
    let mut secrets = FINE.to_vec();
    secrets[0].1 = &[
        (200, r#"{"value": "MARKED-SECRET-key"}"#),
        (200, r#"{"value": "MARKED-SECRET-key-2"}"#),
    ];
    let cloud = Cloud::start(&secrets, &[]);
    fetch(&world, &cloud, "0").ok();
    fs::remove_file(world.path("argv.log")).expect("removed");
    fetch(&world, &cloud, "0").ok();
    assert_eq!(world.read("run/broker.secrets.env"), "OPENROUTER_API_KEY=MARKED-SECRET-key-2\n");
    let argv = world.read("argv.log");
    let told: Vec<_> = argv.lines().filter(|line| line.starts_with("systemctl ")).collect();
    assert_eq!(told, ["systemctl --no-block try-reload-or-restart codewhale-broker.service "]);
}
