//! What makes CNB refuse or misread a pipeline, or a deployment unsafe. Each complaint begins with
//! the name of its rule.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::known::{EVENTS, INSTALLERS, RUNNERS, TASKS, VARIABLES};
use super::model::{Image, Job, Jobs, OneOrMany, Pipeline};

/// Path and text of each file of the repository.
pub type Files = BTreeMap<String, String>;

/// Every rule that is broken; nothing when all is well.
pub fn check(files: &Files) -> Vec<String> {
    let mut checker = Checker {
        files,
        found: Vec::new(),
    };
    let pipelines = checker.pipelines();
    for (branch, event, pipeline) in &pipelines {
        checker.event(branch, event);
        checker.pipeline(&format!("{branch} → {event}"), event, pipeline);
    }
    checker.variables();
    checker.environments(&pipelines);
    checker.web_trigger(&pipelines);
    checker.secret_file(&pipelines);
    checker.scripts();
    checker.images(&pipelines);
    checker.found
}

pub(super) struct Checker<'a> {
    files: &'a Files,
    found: Vec<String>,
}

/// Branch, event and pipeline.
pub(super) type Placed = (String, String, Pipeline);

pub(super) fn text(value: Option<&String>) -> &str {
    value.map_or("", String::as_str)
}

pub(super) fn is_deployment(event: &str) -> bool {
    ["tag_deploy.", "web_trigger", "api_trigger"]
        .iter()
        .any(|family| event.starts_with(family))
}

/// Milliseconds, or `30s`, `10m`, `1h`; at most 12 hours. Gives seconds.
fn seconds(timeout: &Value) -> Option<u64> {
    let seconds = match timeout {
        Value::Number(number) => number.as_u64()? / 1000,
        Value::String(text) => {
            let unit = match text.chars().last()? {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                _ => return None,
            };
            text[..text.len() - 1].parse::<u64>().ok()? * unit
        }
        _ => return None,
    };
    (1..=12 * 3600).contains(&seconds).then_some(seconds)
}

/// `*` stands for anything.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|start| rest.is_char_boundary(start) && glob(after, &rest[start..]))
        }),
    }
}

fn pinned(image: &str) -> bool {
    let last = image.rsplit('/').next().unwrap_or_default();
    image.contains("@sha256:")
        || last
            .split_once(':')
            .is_some_and(|(_, tag)| tag.starts_with(|c: char| c.is_ascii_digit()))
}

fn jobs_of(stage: &Job) -> Vec<&Job> {
    match &stage.jobs {
        None => vec![stage],
        Some(Jobs::List(jobs)) => jobs.iter().collect(),
        Some(Jobs::Map(jobs)) => jobs.values().collect(),
    }
}

fn scripts_of(job: &Job) -> String {
    let all = [&job.script, &job.commands];
    let lines: Vec<_> = all.into_iter().flatten().flat_map(OneOrMany::all).collect();
    lines.join("\n")
}

impl Checker<'_> {
    pub(super) fn complain(&mut self, rule: &str, at: &str, what: impl std::fmt::Display) {
        self.found.push(format!("{rule}: {at}: {what}"));
    }

    pub(super) fn parse<T: DeserializeOwned + Default>(&mut self, path: &str) -> T {
        let Some(text) = self.files.get(path) else {
            self.complain("files", path, "is missing");
            return T::default();
        };
        // By way of JSON: what YAML reads differently is then seen differently here too.
        let parsed = serde_yaml::from_str::<Value>(text)
            .map_err(|error| error.to_string())
            .and_then(|value| serde_json::from_value(value).map_err(|error| error.to_string()));
        parsed.unwrap_or_else(|error| {
            self.complain("keys", path, error);
            T::default()
        })
    }

    /// Every pipeline with its branch and event.
    fn pipelines(&mut self) -> Vec<Placed> {
        let file: BTreeMap<String, Value> = self.parse(".cnb.yml");
        let mut placed = Vec::new();
        for (branch, events) in file {
            if branch.starts_with('.') || branch == "include" {
                continue;
            }
            let Value::Object(events) = events else {
                self.complain("keys", &branch, "holds no events");
                continue;
            };
            for (event, pipelines) in events {
                let list = match pipelines {
                    Value::Array(list) => list,
                    Value::Object(map) => map.into_iter().map(|(_, pipeline)| pipeline).collect(),
                    other => vec![other],
                };
                for pipeline in list {
                    match serde_json::from_value(pipeline) {
                        Ok(pipeline) => placed.push((branch.clone(), event.clone(), pipeline)),
                        Err(error) => self.complain("keys", &format!("{branch} → {event}"), error),
                    }
                }
            }
        }
        placed
    }

    fn event(&mut self, branch: &str, event: &str) {
        let at = format!("{branch} → {event}");
        let crontab = event.strip_prefix("crontab:");
        let known = EVENTS.contains(&event) || crontab.is_some() || is_deployment(event) || event.starts_with("issue.");
        if !known {
            self.complain("event", &at, "is not an event");
        }
        let anywhere = !(is_deployment(event)
            || event.starts_with("issue.")
            || ["tag_push", "auto_tag", "vscode"].contains(&event));
        if !anywhere && branch != "$" {
            self.complain("branch", &at, "is found under `$` only");
        }
        if let Some(fields) = crontab {
            if branch == "$" || branch.contains(['*', '?', '!', '|', '(', '[']) {
                self.complain("crontab", &at, "needs one branch by name");
            }
            let fields: Vec<_> = fields.split_whitespace().collect();
            let often = fields.first().is_some_and(|minute| {
                *minute == "*"
                    || minute
                        .strip_prefix("*/")
                        .is_some_and(|n| n.parse::<u8>().is_ok_and(|n| n < 5))
            });
            if fields.len() != 5 || often {
                self.complain("crontab", &at, "takes five fields, five minutes apart at least");
            }
        }
    }

    fn pipeline(&mut self, at: &str, event: &str, pipeline: &Pipeline) {
        if pipeline.imports.is_some() {
            self.complain("imports", at, "belongs to the one stage that needs the secrets, not to the pipeline");
        }
        match pipeline.runner.as_ref().and_then(|runner| runner.tags.as_ref()) {
            None => self.complain("runner", at, "no architecture is asked for"),
            Some(tags) => {
                for tag in tags.all() {
                    if !RUNNERS.contains(&tag) || tag == "cnb:arch:default" {
                        self.complain("runner", at, format_args!("`{tag}` names no architecture"));
                    }
                }
            }
        }
        let stages = pipeline.stages.as_deref().unwrap_or_default();
        if stages.is_empty() {
            self.complain("stages", at, "there are none");
        }
        let others = [&pipeline.fail_stages, &pipeline.end_stages];
        let mut longest = 0;
        for stage in stages.iter().chain(others.into_iter().flatten().flatten()) {
            for job in jobs_of(stage) {
                longest = longest.max(self.job(at, event, job));
            }
        }
        if is_deployment(event) {
            self.deployment(at, pipeline, longest);
        }
        if let Some(lock) = &pipeline.lock
            && lock.wait == Some(true)
            && lock.cancel_in_progress == Some(true)
        {
            self.complain("lock", at, "`wait` and `cancel-in-progress` exclude each other");
        }
    }

    fn deployment(&mut self, at: &str, pipeline: &Pipeline, longest: u64) {
        match &pipeline.lock {
            Some(lock) if lock.cancel_in_progress == Some(true) => {
                self.complain("lock", at, "half a deployment must not be cancelled");
            }
            Some(lock) if lock.wait == Some(true) && lock.key.is_some() => {
                if lock.expires.unwrap_or(3600) < longest || lock.timeout.unwrap_or(3600) < longest {
                    self.complain("lock", at, format_args!("ends before a stage of {longest} s does"));
                }
            }
            _ => self.complain("lock", at, "deployments have to wait for each other"),
        }
        if pipeline.fail_stages.as_deref().unwrap_or_default().is_empty() {
            self.complain("failStages", at, "a failure is not reported");
        }
        let stages = pipeline.stages.as_deref().unwrap_or_default();
        let secret = stages.iter().filter(|stage| stage.imports.is_some()).count();
        if secret != 1 {
            self.complain("imports", at, format_args!("{secret} stages get the secrets, not one"));
        }
    }

    /// Gives the seconds it may take.
    fn job(&mut self, at: &str, event: &str, job: &Job) -> u64 {
        let at = format!("{at} → {}", text(job.name.as_ref()));
        let script = scripts_of(job);
        if job.name.is_none() {
            self.complain("name", &at, "a job has no name");
        }
        if let Some(name) = &job.r#type {
            match TASKS.iter().find(|(known, _)| known == name) {
                None => self.complain("task", &at, format_args!("`{name}` is not a built-in task")),
                Some((_, events)) if !events.is_empty() && !events.iter().any(|family| event.starts_with(family)) => {
                    self.complain("task", &at, format_args!("`{name}` does nothing in {event}"));
                }
                Some(_) => {}
            }
        } else if script.is_empty() && job.settings.is_none() {
            self.complain("script", &at, "does nothing");
        }
        self.script(&at, &script, true);
        for import in job.imports.iter().flat_map(OneOrMany::all) {
            let whole = import
                .strip_prefix("https://cnb.cool/")
                .is_some_and(|rest| rest.contains("/-/blob/"));
            if !whole || !import.ends_with(".yml") {
                self.complain("imports", &at, format_args!("`{import}` is not a file of a secret repository"));
            }
        }
        match job.timeout.as_ref().map(seconds) {
            None => self.complain("timeout", &at, "has to be said; the default has changed before"),
            Some(None) => self.complain("timeout", &at, "is 30s, 10m or 1h, at most 12h"),
            Some(Some(seconds)) => return seconds,
        }
        0
    }

    fn script(&mut self, at: &str, script: &str, posix: bool) {
        for line in script.lines().filter(|line| !line.trim_start().starts_with('#')) {
            for installer in INSTALLERS {
                if line.contains(installer) {
                    self.complain("install", at, format_args!("`{installer}` at run time; build an image instead"));
                }
            }
            if line.contains("ssh-keyscan") {
                self.complain("host key", at, "ssh-keyscan trusts whoever answers");
            }
            if posix && ["pipefail", "[[", "function "].iter().any(|word| line.contains(word)) {
                self.complain("sh", at, format_args!("`{}` is not for sh", line.trim()));
            }
        }
    }

    /// Scripts that stages call, and whether they are there.
    fn scripts(&mut self) {
        let pipelines = self.files.get(".cnb.yml").cloned().unwrap_or_default();
        let lines = pipelines.lines().filter(|line| !line.starts_with('#'));
        for word in lines
            .flat_map(|line| line.split([' ', '"']))
            .filter(|word| word.starts_with(".cnb/"))
        {
            if !self.files.contains_key(word) {
                self.complain("files", word, "is called and is not there");
            }
        }
        for (path, script) in self.files {
            if path.starts_with(".cnb/") && (path.ends_with(".sh") || path.ends_with(".py")) {
                self.script(path, script, path.ends_with(".sh"));
            }
        }
    }

    /// `CNB_*` is CNB's own.
    fn variables(&mut self) {
        for (path, text) in self.files {
            if path != ".cnb.yml" && !path.starts_with(".cnb/") {
                continue;
            }
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            for word in words.filter(|word| word.starts_with("CNB_")) {
                if !VARIABLES.contains(&word) {
                    self.complain("variable", path, format_args!("CNB knows no `{word}`"));
                } else if text
                    .lines()
                    .any(|line| line.trim_start().starts_with(&format!("{word}:")))
                {
                    self.complain("variable", path, format_args!("`{word}` is read only"));
                }
            }
        }
    }

    fn images(&mut self, pipelines: &[Placed]) {
        for (_, event, pipeline) in pipelines {
            let docker = pipeline.docker.as_ref();
            let image = docker.and_then(|docker| docker.image.as_ref()).map(Image::name);
            let build = docker.and_then(|docker| docker.build.as_ref());
            let stages = pipeline.stages.iter().flatten().flat_map(jobs_of);
            for name in stages
                .filter_map(|job| job.image.as_ref())
                .map(Image::name)
                .chain(image)
            {
                if !pinned(name) {
                    self.complain("image", event, format_args!("`{name}` may be another one tomorrow"));
                }
            }
            match build {
                None if image.is_none() => self.complain("image", event, "none is chosen"),
                None => {}
                Some(build) => match self.files.get(build.dockerfile()) {
                    None => self.complain("image", event, format_args!("`{}` is missing", build.dockerfile())),
                    Some(text) => {
                        let from = text.lines().filter_map(|line| line.strip_prefix("FROM "));
                        for base in from.collect::<Vec<_>>() {
                            if !pinned(base) {
                                self.complain(
                                    "image",
                                    build.dockerfile(),
                                    format_args!("`{base}` may be another one tomorrow"),
                                );
                            }
                        }
                    }
                },
            }
        }
    }
}
