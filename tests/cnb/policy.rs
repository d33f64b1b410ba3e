//! What CNB would take and we do not want, and what stands in two files and must agree. CNB's own rules are in `schemas`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Path and text of each file of the repository.
pub type Files = BTreeMap<String, String>;

/// The files that CNB reads, and the schema of each.
pub const READ: &[(&str, &str)] = &[
    (".cnb.yml", "pipeline"),
    (".cnb/tag_deploy.yml", "environments"),
    (".cnb/web_trigger.yml", "buttons"),
    (".cnb/secrets.example.yml", "secrets"),
];

/// What a script may know of its surroundings; CNB has no variable for a tag.
const VARIABLES: &[&str] = &["CNB_BRANCH", "CNB_BUILD_FAILED_STAGE_NAME", "CNB_COMMIT", "CNB_IS_TAG"];

/// What brings packages at run time.
const INSTALLERS: &[&str] = &[
    "apt install",
    "apt-get install",
    "apk add",
    "pip install",
    "npm install",
];

pub fn yaml(files: &Files, path: &str) -> Value {
    let text = files.get(path).unwrap_or_else(|| panic!("no {path}"));
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Every rule that is broken, as `rule: what`; nothing when all is well.
pub fn check(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    let pipelines = yaml(files, ".cnb.yml");
    let events = pipelines["$"].as_object().expect("events under `$`");
    for (event, all) in events {
        for pipeline in all.as_array().expect("pipelines") {
            deployment(event, pipeline, files, &mut found);
        }
    }
    let events: BTreeSet<&str> = events.keys().map(String::as_str).collect();
    let fired = buttons(files, &mut found);
    for event in fired.iter().filter(|event| !events.contains(event.as_str())) {
        found.push(format!("button: `{event}` is defined nowhere"));
    }
    let lost = events
        .iter()
        .filter(|event| event.starts_with("tag_deploy.") && !fired.contains(**event));
    found.extend(lost.map(|event| format!("button: nothing fires `{event}`")));
    secret_file(files, &events, &mut found);
    scripts(files, &mut found);
    found
}

/// Half a deployment is worse than none: they wait for each other, in time, and say how they failed.
fn deployment(event: &str, pipeline: &Value, files: &Files, found: &mut Vec<String>) {
    let mut complain = |rule: &str, what: &str| found.push(format!("{rule}: {event}: {what}"));
    let (stages, lock) = (list(pipeline, "stages"), &pipeline["lock"]);
    let mut longest = 0;
    for job in stages.iter().chain(list(pipeline, "failStages")) {
        match seconds(&job["timeout"]) {
            Some(seconds) => longest = longest.max(seconds),
            None => complain("timeout", "has to be said; the default has changed before"),
        }
    }
    if lock["wait"] != true || lock["cancel-in-progress"] == true {
        complain("lock", "deployments have to wait for each other");
    }
    if ["expires", "timeout"]
        .iter()
        .any(|key| lock[key].as_u64().unwrap_or(3600) < longest)
    {
        complain("lock", "ends before a stage does");
    }
    if list(pipeline, "failStages").is_empty() {
        complain("failStages", "a failure is not reported");
    }
    // Only the stage that needs the secrets gets them.
    let imports: Vec<&Value> = stages
        .iter()
        .map(|stage| &stage["imports"])
        .filter(|imports| !imports.is_null())
        .collect();
    let secret = |import: &Value| {
        import
            .as_str()
            .is_some_and(|url| url.starts_with("https://cnb.cool/") && url.contains("/-/blob/"))
    };
    if imports.len() != 1 || !imports.into_iter().all(secret) || !pipeline["imports"].is_null() {
        complain("imports", "one stage reads one file of a secret repository");
    }
    if !["cnb:arch:amd64", "cnb:arch:arm64"]
        .iter()
        .any(|tag| pipeline["runner"]["tags"] == *tag)
    {
        complain("runner", "no architecture is asked for");
    }
    let dockerfile = pipeline["docker"]["build"].as_str().and_then(|path| files.get(path));
    let images: Vec<&str> = dockerfile
        .into_iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("FROM "))
        .collect();
    let pinned = |image: &&str| {
        image
            .split_once(':')
            .is_some_and(|(_, tag)| tag.starts_with(|c: char| c.is_ascii_digit()))
    };
    if images.is_empty() || !images.iter().all(pinned) || stages.iter().any(|stage| !stage["image"].is_null()) {
        complain("image", "may be another one tomorrow");
    }
}

fn seconds(timeout: &Value) -> Option<u64> {
    let text = timeout.as_str()?;
    let (number, unit) = text.split_at(text.len().checked_sub(1)?);
    let unit = [("s", 1), ("m", 60), ("h", 3600)]
        .into_iter()
        .find(|(name, _)| *name == unit)?
        .1;
    Some(number.parse::<u64>().ok()? * unit)
}

/// Events that a button fires. A list of roles is exact, so the owner has to be in each.
fn buttons(files: &Files, found: &mut Vec<String>) -> BTreeSet<String> {
    let (environments, web) = (yaml(files, ".cnb/tag_deploy.yml"), yaml(files, ".cnb/web_trigger.yml"));
    let mut fired = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut members = |who: &Value, at: &str| {
        if !texts(&who["roles"]).contains("owner") {
            wrong.push(format!("roles: {at}: the owner is shut out"));
        }
    };
    for environment in list(&environments, "environments") {
        let event = format!("tag_deploy.{}", environment["name"].as_str().unwrap_or_default());
        members(&environment["permissions"], &event);
        let approvers: Vec<_> = list(environment, "require")
            .iter()
            .map(|entry| &entry["approver"])
            .collect();
        // Without one, nobody is asked.
        members(approvers.first().unwrap_or(&&Value::Null), &format!("approver of {event}"));
        fired.insert(event);
    }
    for row in list(&web, "branch") {
        for button in list(row, "buttons") {
            let event = button["event"].as_str().unwrap_or_default().to_owned();
            members(&button["permissions"], &event);
            fired.insert(event);
        }
        if !row["reg"].as_str().unwrap_or_default().starts_with('^') {
            found.push("button: `reg` says from its start where the button shows".to_owned());
        }
    }
    found.append(&mut wrong);
    fired
}

/// This repository, these events and release tags read it, and nobody else.
fn secret_file(files: &Files, events: &BTreeSet<&str>, found: &mut Vec<String>) {
    let file = yaml(files, ".cnb/secrets.example.yml");
    let slugs = texts(&file["allow_slugs"]);
    if slugs.len() != 1 || slugs.iter().any(|slug| slug.contains('*')) {
        found.push("allow: `allow_slugs` names one repository".to_owned());
    }
    if texts(&file["allow_events"]) != *events {
        found.push("allow: `allow_events` names the events of the pipeline".to_owned());
    }
    // It is compared with the tag, not with a branch.
    if texts(&file["allow_branches"]) != BTreeSet::from(["v*"]) {
        found.push("allow: `allow_branches` names release tags".to_owned());
    }
    for (key, value) in file.as_object().expect("keys") {
        if !key.starts_with("allow_") && value != "" {
            found.push(format!("secret file: `{key}` has a value; this is only an example"));
        }
    }
}

fn scripts(files: &Files, found: &mut Vec<String>) {
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(".cnb")) {
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            if let Some(installer) = INSTALLERS
                .iter()
                .find(|installer| line.contains(**installer) && !path.ends_with("Dockerfile"))
            {
                found.push(format!("install: {path}: `{installer}` at run time; build an image instead"));
            }
            if line.contains("ssh-keyscan") {
                found.push(format!("host key: {path}: ssh-keyscan trusts whoever answers"));
            }
            let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            for word in words.filter(|word| word.starts_with("CNB_") && !VARIABLES.contains(word)) {
                found.push(format!("variable: {path}: CNB knows no `{word}`"));
            }
            let called = line.split([' ', '"']).filter(|word| word.starts_with(".cnb/"));
            for called in called.filter(|called| path == ".cnb.yml" && !files.contains_key(*called)) {
                found.push(format!("files: {called} is called and is not there"));
            }
        }
    }
}
