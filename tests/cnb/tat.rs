//! A stand-in for the TAT API on loopback, which checks every signature for itself, and a machine
//! behind it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::common::World;

pub const ID: &str = "AKIDexample0123456789";
/// Must never be seen anywhere.
pub const KEY: &str = "MARKEDkey0123456789";
pub const INSTANCE: &str = "lhins-abcd1234";

/// What the machine and the service do, and what was asked of them.
#[derive(Default)]
pub struct State {
    /// `status` of the result file, or none.
    pub result: Option<String>,
    pub doctor: i64,
    pub roll_back: i64,
    pub bootstrap: i64,
    /// Answers before any other: an HTTP status for a broken service, or an error code of the API.
    pub faults: Vec<Fault>,
    /// States in which the next commands end instead of being run.
    pub interrupted: Vec<&'static str>,
    /// Name and script of each command, in order.
    pub commands: Vec<(String, String)>,
    /// Everything that arrived.
    pub seen: String,
    /// How often the state was asked for, by command.
    asked: Vec<usize>,
    ends: Vec<(&'static str, i64, String)>,
}

#[derive(Clone, Copy)]
pub enum Fault {
    Http(u16),
    Api(&'static str),
}

pub struct Tat {
    pub address: String,
    pub state: Arc<Mutex<State>>,
    world: Arc<World>,
}

impl Tat {
    pub fn start() -> Tat {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let tat = Tat {
            address,
            state: Arc::new(Mutex::new(State {
                result: Some("ready".to_owned()),
                ..State::default()
            })),
            world: Arc::new(World::new()),
        };
        let (state, world) = (Arc::clone(&tat.state), Arc::clone(&tat.world));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &state, &world);
            }
        });
        tat
    }

    pub fn names(&self) -> Vec<String> {
        let state = self.state.lock().expect("the state");
        state.commands.iter().map(|(name, _)| name.clone()).collect()
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, world: &World) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |name: &str| -> String {
        let found = lines.iter().filter_map(|line| line.split_once(": "));
        let mut found = found.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().expect("a length")];
    reader.read_exact(&mut body).expect("a body");
    let mut state = state.lock().expect("the state");
    let text = String::from_utf8_lossy(&body).into_owned();
    state.seen += &format!("{}\n{text}\n", lines.join("\n"));
    let fault = (!state.faults.is_empty()).then(|| state.faults.remove(0));
    let (status, response) = match fault {
        Some(Fault::Http(status)) => (status, json!("broken")),
        Some(Fault::Api(code)) => (200, refusal(code)),
        None if !is_signed(&header, &body) => (200, refusal("AuthFailure.SignatureFailure")),
        None => {
            let asked: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(header("x-tc-version"), "2020-10-28");
            assert_eq!(header("x-tc-region"), "ap-hongkong");
            let answer = match header("x-tc-action").as_str() {
                "RunCommand" => run(&mut state, &asked, world),
                "DescribeInvocationTasks" => describe(&mut state, &asked),
                other => panic!("{other}"),
            };
            (200, answer)
        }
    };
    let answer = json!({ "Response": response }).to_string();
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
        answer.len()
    );
}

fn refusal(code: &str) -> Value {
    json!({ "Error": { "Code": code, "Message": "as told" }, "RequestId": "r" })
}

fn run(state: &mut State, asked: &Value, world: &World) -> Value {
    for (key, value) in [
        ("CommandType", json!("SHELL")),
        ("Username", json!("root")),
        ("InstanceIds", json!([INSTANCE])),
        ("SaveCommand", json!(false)),
    ] {
        assert_eq!(asked[key], value, "{asked}");
    }
    let timeout = asked["Timeout"].as_u64().expect("a timeout");
    assert!((1..=86400).contains(&timeout));
    let content = asked["Content"].as_str().expect("content");
    assert!(content.len() <= 64 * 1024);
    let script = decoded(content);
    let name = asked["CommandName"].as_str().expect("a name").to_owned();
    let end = if state.interrupted.is_empty() {
        let (code, output) = carry_out(state, &name, &script, world);
        (if code == 0 { "SUCCESS" } else { "FAILED" }, code, output)
    } else {
        (state.interrupted.remove(0), -1, String::new())
    };
    state.ends.push(end);
    state.asked.push(0);
    state.commands.push((name, script));
    json!({ "InvocationId": format!("inv-{}", state.commands.len() - 1), "CommandId": "cmd-1", "RequestId": "r" })
}

fn carry_out(state: &State, name: &str, script: &str, world: &World) -> (i64, String) {
    let programs = |code: i64, output: &str| (code, output.to_owned());
    match name {
        "codewhale-bootstrap" => programs(state.bootstrap, "SSH host key: SHA256:of-the-machine\n"),
        "codewhale-doctor" => programs(state.doctor, "the doctor looked\n"),
        "codewhale-roll-back" => programs(state.roll_back, "went back\n"),
        // For real, in a folder that stands for the machine's.
        "codewhale-wait" => {
            if let Some(status) = &state.result {
                world.write("result.json", &format!("{{\"schema_version\": 1, \"status\": \"{status}\"}}\n"));
            }
            let folder = world.folder.path().display().to_string();
            let script = script.replace("/var/lib/codewhale-setup", &folder);
            let output = Command::new("sh").args(["-c", &script]).output().expect("sh");
            let _ = std::fs::remove_file(world.path("result.json"));
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.code().unwrap_or(-1).into(), said)
        }
        other => panic!("{other}"),
    }
}

/// Not at once: first it is on its way, then at work.
fn describe(state: &mut State, asked: &Value) -> Value {
    let id = asked["Filters"][0]["Values"][0].as_str().expect("an invocation");
    assert_eq!(asked["Filters"][0]["Name"], "invocation-id");
    let index: usize = id.trim_start_matches("inv-").parse().expect("one of ours");
    state.asked[index] += 1;
    if state.asked[index] == 1 {
        return json!({ "InvocationTaskSet": [], "TotalCount": 0 });
    }
    let (end, code, output) = &state.ends[index];
    let status = if state.asked[index] == 2 { "RUNNING" } else { end };
    let hidden = asked["HideOutput"] != json!(false);
    let output = if hidden { String::new() } else { encoded(output) };
    json!({ "TotalCount": 1, "InvocationTaskSet": [{
        "InvocationId": id, "TaskStatus": status, "ErrorInfo": "",
        "TaskResult": { "ExitCode": code, "Output": output },
    }] })
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x36))
        .chain_update(text)
        .finalize();
    let outer = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x5c)).chain_update(inner);
    outer.finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// TC3-HMAC-SHA256 over the headers that the request itself says it signs.
fn signature(
    secret: &str,
    service: &str,
    headers: &[(String, String)],
    body: &[u8],
    timestamp: &str,
    date: &str,
) -> String {
    let signed: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    let request = format!("POST\n/\n\n{lines}\n{}\n{}", signed.join(";"), hex(&Sha256::digest(body)));
    let digest = hex(&Sha256::digest(request.as_bytes()));
    let text = format!("TC3-HMAC-SHA256\n{timestamp}\n{date}/{service}/tc3_request\n{digest}");
    let day = hmac(format!("TC3{secret}").as_bytes(), date.as_bytes());
    let key = hmac(&hmac(&day, service.as_bytes()), b"tc3_request");
    hex(&hmac(&key, text.as_bytes()))
}

fn is_signed(header: &dyn Fn(&str) -> String, body: &[u8]) -> bool {
    let authorization = header("authorization");
    let part = |name: &str| {
        let rest = authorization.split_once(name).map_or("", |(_, rest)| rest);
        rest.split(',').next().unwrap_or_default().to_owned()
    };
    let credential = part("Credential=");
    let mut credential = credential.split('/');
    let (id, date) = (credential.next().unwrap_or_default(), credential.next().unwrap_or_default());
    let timestamp = header("x-tc-timestamp");
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock")
        .as_secs();
    // The service takes no older ones.
    if now.abs_diff(timestamp.parse().unwrap_or(0)) > 300 || date != day(now) {
        return false;
    }
    let signed = part("SignedHeaders=");
    let headers: Vec<_> = signed
        .split(';')
        .map(|name| {
            let value = header(name);
            (name.to_owned(), if name == "x-tc-action" { value.to_lowercase() } else { value })
        })
        .collect();
    ["content-type", "host"]
        .iter()
        .all(|must| signed.split(';').any(|name| name == *must))
        && id == ID
        && part("Signature=") == signature(KEY, "tat", &headers, body, &timestamp, date)
}

fn day(seconds: u64) -> String {
    let date = time::OffsetDateTime::from_unix_timestamp(seconds.try_into().expect("a time"))
        .expect("a time")
        .date();
    format!("{}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

fn base64(args: &[&str], text: &str) -> String {
    let mut child = Command::new("base64")
        .args(args)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("base64");
    let mut input = child.stdin.take().expect("stdin");
    let owned = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(owned.as_bytes()));
    let output = child.wait_with_output().expect("output");
    writer.join().expect("joined").expect("written");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn encoded(text: &str) -> String {
    base64(&["-w", "0"], text)
}

fn decoded(text: &str) -> String {
    base64(&["-d"], text)
}

/// The example that the documentation of the signature works out.
#[test]
fn the_signature_is_the_documented_one() {
    let body = r#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
    let headers = [
        ("content-type", "application/json; charset=utf-8"),
        ("host", "cvm.tencentcloudapi.com"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let signed = signature(
        "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        "cvm",
        &headers,
        body.as_bytes(),
        "1551113065",
        "2019-02-25",
    );
    assert_eq!(signed, "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168");
}
