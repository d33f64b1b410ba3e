//! Waits until the machine itself says that it is ready: a machine that runs is not an agent that works.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::environment::Environment;
use super::interrupt;
use super::process;
use super::step::Step;
use crate::error::{Error, Kind, Result};

/// `/var/lib/codewhale-setup/result.json`, as far as it matters here.
#[derive(Clone, Debug, Deserialize)]
pub struct HostResult {
    pub status: String,
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub message: String,
}

/// How long to wait, and how often to look.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub total: Duration,
    pub pause: Duration,
}

/// Looks until the machine says something or patience ends.
///
/// # Errors
/// The machine says `failed`, says nothing in time, or Ctrl-C.
pub fn wait(
    step: &Step,
    outputs: &BTreeMap<String, String>,
    environment: &Environment,
    patience: Patience,
    tell: &mut dyn FnMut(&str),
) -> Result<HostResult> {
    let mut step = step.clone();
    let output = |name: &str| outputs.get(name).map(String::as_str).unwrap_or_default();
    let target = format!("{}@{}", output("ssh_user"), output("public_ip"));
    for arg in &mut step.args {
        *arg = arg.replace("{ssh_target}", &target).replace("{vm_id}", output("vm_id"));
    }
    let began = Instant::now();
    let mut refused_since = None;
    loop {
        let (_, stdout, stderr) = process::capture(&step, environment)?;
        if let Some(result) = result_in(&stdout) {
            return match result.status.as_str() {
                "ready" => Ok(result),
                _ => Err(Error::new(
                    Kind::Failed,
                    format!("the machine stopped at its step `{}`: {}", result.step, result.message),
                )
                .hint(
                    "put the cause right, then on the machine: `sudo bash /var/lib/codewhale-setup/bundle/install.sh`",
                )),
            };
        }
        let said = stderr.lines().last().unwrap_or("no answer").trim();
        let refused = REFUSALS.iter().any(|refusal| stderr.contains(refusal));
        refused_since = refused.then(|| refused_since.unwrap_or_else(Instant::now));
        if refused_since.is_some_and(|since: Instant| since.elapsed() >= patience.total / 10) {
            return Err(Error::new(Kind::Failed, format!("the machine cannot be asked: {said}"))
                .hint(format!("ask it from where you can log in, with: {}", step.shown()))
                .hint("`--no-wait` leaves this out"));
        }
        if began.elapsed() >= patience.total {
            return Err(
                Error::new(Kind::Failed, format!("the machine does not say that it is ready: {said}"))
                    .hint(format!("look yourself: {}", step.shown())),
            );
        }
        tell(&format!("waiting for the machine, {} s so far ({said})", began.elapsed().as_secs()));
        if !interrupt::sleep(patience.pause) {
            return Err(Error::new(
                Kind::Interrupted,
                "stopped waiting; the machine goes on setting itself up",
            ));
        }
    }
}

/// What `ssh` and the cloud's command line say when waiting longer will not help. A machine that starts may say
/// it too, for a while.
const REFUSALS: &[&str] = &["Permission denied", "Host key verification failed", "az login"];

/// The cloud's own command wraps the answer in other text.
fn result_in(text: &str) -> Option<HostResult> {
    let start = text.find("{\"schema_version\"")?;
    let mut reader = serde_json::Deserializer::from_str(&text[start..]).into_iter::<HostResult>();
    reader.next()?.ok()
}
