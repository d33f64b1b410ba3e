//! The cloud behind the providers: records what was done, and injects faults.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::behaviour::Refusal;
use crate::value::Value;
use crate::{Action, Applied, Effect, Fault, Trigger};

/// Shared by all providers of one emulator.
pub(crate) struct Cloud {
    faults: Vec<Fault>,
    log: Mutex<Log>,
    stopped: watch::Sender<bool>,
}

#[derive(Default)]
struct Log {
    attempts: usize,
    hanging: usize,
    refused_by_vault: usize,
    applied: Vec<Applied>,
    /// Digests only: a secret must not outlive the call that sent it.
    stored: BTreeSet<[u8; 32]>,
    /// Ids of resources deleted outside Terraform.
    deleted: BTreeSet<String>,
    /// By id: resources that exist but are in no state.
    orphans: BTreeMap<String, (String, Value)>,
}

impl Cloud {
    pub(crate) fn new(faults: Vec<Fault>) -> Cloud {
        Cloud {
            faults,
            log: Mutex::default(),
            stopped: watch::Sender::new(false),
        }
    }

    /// Counts an attempted change, and ends it as the faults say.
    pub(crate) async fn attempt(&self, type_name: &str) -> Result<(), Refusal> {
        let number = {
            let mut log = self.log();
            log.attempts += 1;
            log.attempts
        };
        let fault = self.faults.iter().find(|fault| match &fault.when {
            Trigger::NthApply(wanted) => *wanted == number,
            Trigger::ResourceType(wanted) => wanted == type_name,
        });
        match fault.map(|fault| &fault.then) {
            None => Ok(()),
            Some(Effect::Fail { summary, detail }) => Err(Refusal {
                summary: summary.clone(),
                detail: detail.clone(),
            }),
            Some(Effect::Hang) => {
                self.log().hanging += 1;
                // An error means that the emulator is shutting down, which ends the wait as well.
                let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
                self.log().hanging -= 1;
                Err(Refusal {
                    summary: "Interrupted".to_owned(),
                    detail: format!("Terraform stopped the provider before {type_name} was finished."),
                })
            }
        }
    }

    /// Terraform was interrupted: no change may hang any more, now or later.
    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Terraform is running, perhaps again after an interrupt.
    pub(crate) fn start(&self) {
        self.stopped.send_replace(false);
    }

    pub(crate) fn is_hanging(&self) -> bool {
        self.log().hanging > 0
    }

    pub(crate) fn refuse_by_vault(&self) {
        self.log().refused_by_vault += 1;
    }

    pub(crate) fn refused_by_vault(&self) -> usize {
        self.log().refused_by_vault
    }

    pub(crate) fn applied(&self, applied: Applied) {
        self.log().applied.push(applied);
    }

    pub(crate) fn record(&self) -> Vec<Applied> {
        self.log().applied.clone()
    }

    /// How often a resource of this name was created before, or something was lost. Without a name, and before there is
    /// an id, how many of its type were deleted.
    pub(crate) fn generation(&self, type_name: &str, name: &str) -> usize {
        let log = self.log();
        let same = |a: &&Applied| match name {
            "" => a.action == Action::Delete && a.type_name == type_name,
            name => a.action == Action::Create && a.type_name == type_name && a.name == name,
        };
        log.applied.iter().filter(same).count() + log.deleted.len()
    }

    pub(crate) fn store(&self, text: &str) {
        self.log().stored.insert(Sha256::digest(text).into());
    }

    pub(crate) fn has_stored(&self, text: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(text).into();
        self.log().stored.contains(&digest)
    }

    pub(crate) fn delete(&self, id: String) {
        self.log().deleted.insert(id);
    }

    pub(crate) fn deleted(&self) -> BTreeSet<String> {
        self.log().deleted.clone()
    }

    pub(crate) fn orphan(&self, type_name: &str, id: String, state: Value) {
        self.log().orphans.insert(id, (type_name.to_owned(), state));
    }

    pub(crate) fn orphans(&self) -> Vec<String> {
        self.log().orphans.keys().cloned().collect()
    }

    /// The resource that `terraform import` finds under an id.
    pub(crate) fn adopt(&self, type_name: &str, id: &str) -> Option<Value> {
        let mut log = self.log();
        let (kind, _) = log.orphans.get(id)?;
        if kind != type_name {
            return None;
        }
        log.orphans.remove(id).map(|(_, state)| state)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
