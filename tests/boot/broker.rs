//! The key broker: who gets through, with which key, and what is left of it.

use std::process::{Child, Stdio};

use remote_setup::deployment::{Broker, SecretFile};
use remote_setup::inputs::Spec;
use remote_setup::model_providers::KeyHeader;
use serde_json::{Value, json};

use crate::bed::{Bed, Plan, mirrored};
use crate::checks;
use crate::world::{MARK, SEARCH, first_value};

/// Events of one answer of the provider, and the word at its end.
const EVENTS: usize = 5;

/// Where the machine has one: a whole turn, and nobody else's.
pub fn it_works_for_the_agent_alone(bed: &Bed) {
    let Some(broker) = &bed.deployment.broker else { return };
    a_turn_streams(bed, &first_value(&key_name(bed)));
    the_key_is_not_the_agents(bed);
    what_the_agent_sends_along_is_taken_off(bed, broker);
    other_paths_are_refused(bed, broker);
    others_are_refused(bed, broker);
    the_journal_tells_sizes_only(bed, broker);
}

/// Name of the model key in the vault.
pub fn key_name(bed: &Bed) -> String {
    let mut secrets = bed.deployment.secrets.iter();
    let key = secrets.find(|secret| secret.files == [SecretFile::Broker]);
    key.expect("a key").vault_name()
}

const TURN: &str = r#"token=$(sed -n 's/^CODEWHALE_RUNTIME_TOKEN=//p' /run/codewhale/runtime.secrets.env)
exec curl --silent --show-error --fail --max-time 60 --data-binary @- \
    --header @<(printf 'Authorization: Bearer %s' "$token") http://127.0.0.1:PORT/v1/stand-in/turn"#;

fn turn_script(bed: &Bed) -> String {
    TURN.replace("PORT", &bed.deployment.port.to_string())
}

/// One turn of the agent: what its runtime got from the provider, and when.
fn turn(bed: &Bed, pause: f64) -> Value {
    let ran = bed.run_with(&turn_script(bed), &json!({ "pause": pause }).to_string());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:#?}"))
}

/// Event by event, as the provider sends them, with the key that the provider knows.
pub fn a_turn_streams(bed: &Bed, key: &str) {
    let turn = turn(bed, 0.4);
    assert_eq!(turn["status"], 200, "{}: {turn:#}\n{}", bed.name, bed.last_words());
    let events = turn["events"].as_array().expect("events");
    assert_eq!(events.len(), EVENTS, "{turn:#}");
    let times: Vec<f64> = events.iter().map(|event| event[0].as_f64().expect("a time")).collect();
    assert!(
        times.windows(2).all(|pair| pair[1] - pair[0] > 0.2),
        "{}: held back: {times:?}",
        bed.name
    );
    let asked = bed.world.records("model").pop().expect("a record");
    assert_eq!(asked["key"], key, "{asked:#}");
    assert_eq!(asked["host"], bed.deployment.broker.as_ref().expect("a broker").host, "{asked:#}");
}

/// Not in what its processes were started with, seen by root, who sees all of it.
fn the_key_is_not_the_agents(bed: &Bed) {
    let environments = "for p in $(pgrep --uid codewhale); do cat /proc/$p/environ; done | tr '\\0' '\\n'";
    let found = bed.text(environments);
    assert!(found.contains("CODEWHALE_BASE_URL=http://127.0.0.1:"), "{}: {found}", bed.name);
    assert!(!found.contains(&first_value(&key_name(bed))), "{}: the key is there", bed.name);
    assert!(!found.contains("API_KEY"), "{}: {found}", bed.name);
}

/// What curl says as the agent, to a path of the broker.
fn ask(bed: &Bed, broker: &Broker, more: &str, path: &str) -> String {
    let (code, output) = bed.agent(&format!(
        "curl --silent --output /dev/null --write-out '%{{http_code}}' --max-time 20 {more} 'http://127.0.0.1:{}{path}'",
        broker.port
    ));
    assert!(code == 0 || output == "000", "{}: {code} {output}", bed.name);
    output
}

fn what_the_agent_sends_along_is_taken_off(bed: &Bed, broker: &Broker) {
    let path = format!("{}/models?word=of-the-query", broker.api_paths[0]);
    let headers = "-H 'Authorization: Bearer own' -H 'X-Api-Key: own' -H 'Api-Key: own' -H 'X-Goog-Api-Key: own' \
                   -H 'Cookie: own=1' -H 'Proxy-Authorization: own'";
    assert_eq!(ask(bed, broker, headers, &path), "200", "{}", bed.name);
    let asked = bed.world.records("model").pop().expect("a record");
    assert_eq!(asked["path"], path, "{asked:#}");
    assert_eq!(asked["key"], first_value(&key_name(bed)), "{asked:#}");
    let headers: Vec<&str> = asked["headers"]
        .as_array()
        .expect("headers")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let own = match broker.header {
        KeyHeader::XApiKey => "x-api-key",
        KeyHeader::Bearer | KeyHeader::BearerAndXApiKey => "authorization",
    };
    let keys = [
        "api-key",
        "authorization",
        "cookie",
        "proxy-authorization",
        "x-api-key",
        "x-goog-api-key",
    ];
    let sent: Vec<_> = headers.into_iter().filter(|name| keys.contains(name)).collect();
    assert_eq!(sent, [own], "{asked:#}");
}

fn other_paths_are_refused(bed: &Bed, broker: &Broker) {
    let prefix = broker.api_paths[0];
    let before = bed.world.records("model").len();
    let tries = [
        ("--path-as-is", "/".to_owned(), "404"),
        ("--path-as-is", "/account/keys".to_owned(), "404"),
        ("--path-as-is", format!("{prefix}extra/models"), "404"),
        ("--path-as-is", format!("{prefix}/../account"), "404"),
        ("--path-as-is", format!("{prefix}/%2e%2e/account"), "404"),
        ("--path-as-is", format!("{prefix}/x/..%2f..%2faccount"), "404"),
        ("--path-as-is", format!("{prefix}//account"), "404"),
        ("--path-as-is", format!("{prefix}/models;/../../account"), "404"),
        ("-X DELETE", format!("{prefix}/models"), "405"),
        ("-X CONNECT", format!("{prefix}/models"), "405"),
        ("-H 'Host: elsewhere.example'", format!("{prefix}/models"), "421"),
    ];
    for (more, path, status) in tries {
        assert_eq!(ask(bed, broker, more, &path), status, "{}: {more} {path}", bed.name);
    }
    // The form a proxy is asked in.
    let (_, output) = bed.agent(&format!(
        "curl --silent --output /dev/null --write-out '%{{http_code}}' --proxy http://127.0.0.1:{} http://mirror.example{prefix}/models",
        broker.port
    ));
    assert_eq!(output, "421", "{}", bed.name);
    assert_eq!(bed.world.records("model").len(), before, "{}: the provider was asked", bed.name);
    // Nobody goes on with the key to where the provider points.
    assert_eq!(ask(bed, broker, "", &format!("{prefix}/redirect")), "307", "{}", bed.name);
}

fn others_are_refused(bed: &Bed, broker: &Broker) {
    for user in ["root", "codewhale-bridge", "codewhale-broker", "nobody"] {
        let ran = bed.run(&format!(
            "runuser -u {user} -- curl --silent --max-time 5 http://127.0.0.1:{}/codewhale-broker/health",
            broker.port
        ));
        assert_eq!(ran.code, 7, "{}: {user} reaches the broker: {ran:#?}", bed.name);
    }
    assert_eq!(ask(bed, broker, "", "/codewhale-broker/health"), "204", "{}", bed.name);
}

fn the_journal_tells_sizes_only(bed: &Bed, broker: &Broker) {
    bed.text("journalctl --sync");
    let said = bed.text("journalctl --quiet --output=cat --unit=codewhale-broker");
    let line = format!("POST {}", broker.api_paths.last().expect("a path"));
    let line = said.lines().find(|said| said.starts_with(&line));
    let line = line.unwrap_or_else(|| panic!("{}: no turn in {said}", bed.name));
    assert!(line.contains(" 200 in=") && line.contains("upstream=200"), "{line}");
    for word in ["of-the-query", "pause", "Bearer", MARK] {
        assert!(!said.contains(word), "{}: `{word}` is in {said}", bed.name);
    }
}

/// Turns a slow turn on, to be looked at later.
pub fn begin_a_slow_turn(bed: &Bed) -> Child {
    let before = bed.world.records("model").len();
    let mut child = bed
        .enter(&["bash", "-c", &turn_script(bed)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("nsenter");
    let mut stdin = child.stdin.take().expect("stdin");
    std::io::Write::write_all(&mut stdin, b"{\"pause\": 3}").expect("written");
    drop(stdin);
    bed.wait_for("turn", || (bed.world.records("model").len() > before).then_some(()));
    child
}

/// Process ids of both services.
pub fn pids(bed: &Bed) -> String {
    bed.text(&format!(
        "systemctl show --property=MainPID --value codewhale-runtime {}",
        bed.bridge_unit()
    ))
}

/// `renew` brings another key to the machine: a turn that is under way ends well, no service starts anew, and the
/// next turn has the new key.
pub fn the_key_changes_under_a_turn(bed: &Bed, new: &str, renew: impl FnOnce()) {
    let before = pids(bed);
    let slow = begin_a_slow_turn(bed);
    renew();
    // nginx takes new settings in its own time.
    bed.wait_for("turn with the new key", || (turn(bed, 0.0)["status"] == 200).then_some(()));
    a_turn_streams(bed, new);
    let slow = crate::common::Ran::from(slow.wait_with_output().expect("nsenter")).ok();
    let slow: Value = serde_json::from_str(&slow.stdout).expect("JSON");
    assert_eq!(slow["events"].as_array().map(Vec::len), Some(EVENTS), "{}: {slow:#}", bed.name);
    assert_eq!(
        pids(bed),
        before,
        "{}: a service started anew for a key that is not its own",
        bed.name
    );
}

fn anthropic() -> Spec {
    Spec {
        provider: Some("anthropic".to_owned()),
        ..mirrored()
    }
}

#[test]
fn a_provider_with_a_header_of_its_own() {
    let Some(bed) = Bed::boot(Plan::new("telegram, native, anthropic", &anthropic())) else {
        return;
    };
    bed.ready();
    it_works_for_the_agent_alone(&bed);
    let broker = bed.deployment.broker.as_ref().expect("a broker");
    the_provider_is_out_of_reach(&bed);
    a_rule_that_is_gone_closes_it(&bed);
    a_broker_that_died_comes_back(&bed);
    it_listens_once_it_is_started(&bed, broker);
    a_loop_is_slowed_down(&bed, broker);
    checks::doctor_agrees(&bed);
}

fn the_provider_is_out_of_reach(bed: &Bed) {
    bed.text("systemctl stop world@model");
    let answer = turn(bed, 0.0);
    assert_eq!(answer["status"], 502, "{answer:#}");
    bed.text("journalctl --sync");
    let said = bed.run(&format!("journalctl --all --output=export | grep --text '{SEARCH}'"));
    assert_eq!(said.stdout, "");
    let said = bed.text("journalctl --quiet --output=cat --unit=codewhale-broker --lines=5");
    assert!(said.contains(" 502 in="), "{said}");
    bed.text("systemctl start world@model");
    bed.wait_for("provider", || (turn(bed, 0.0)["status"] == 200).then_some(()));
}

/// It neither starts nor takes a key while anybody might use it.
fn a_rule_that_is_gone_closes_it(bed: &Bed) {
    bed.text("nft delete table inet codewhale_broker");
    assert_ne!(bed.run("systemctl reload codewhale-broker").code, 0);
    assert_ne!(bed.run("systemctl restart codewhale-broker").code, 0);
    assert_ne!(bed.doctor("").code, 0);
    bed.text("systemctl reload codewhale-metadata-block && systemctl restart codewhale-broker");
    bed.wait_for("turn", || (turn(bed, 0.0)["status"] == 200).then_some(()));
}

fn a_broker_that_died_comes_back(bed: &Bed) {
    let before = pids(bed);
    bed.text("systemctl kill --signal=KILL codewhale-broker");
    bed.wait_for("turn", || (turn(bed, 0.0)["status"] == 200).then_some(()));
    assert_eq!(pids(bed), before, "the agent needs no new start");
    bed.text("systemctl restart codewhale-broker");
}

fn it_listens_once_it_is_started(bed: &Bed, broker: &Broker) {
    let answers = bed.text(&format!(
        "for time in $(seq 20); do systemctl restart codewhale-broker && runuser -u codewhale -- curl --silent \
         --output /dev/null --write-out '%{{http_code}}\\n' http://127.0.0.1:{}/codewhale-broker/health; done || true",
        broker.port
    ));
    assert_eq!(answers.trim(), ["204"; 20].join("\n"), "{}", bed.name);
}

fn a_loop_is_slowed_down(bed: &Bed, broker: &Broker) {
    let (_, output) = bed.agent(&format!(
        "seq 100 | xargs -P 8 -I{{}} curl --silent --output /dev/null --write-out '%{{http_code}}\\n' \
         'http://127.0.0.1:{}{}/models'",
        broker.port, broker.api_paths[0]
    ));
    let count = |status: &str| output.lines().filter(|line| *line == status).count();
    assert!(count("200") >= 50 && count("429") >= 10, "{output}");
}
