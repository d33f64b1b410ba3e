//! The cloud behind the providers: what was done to it, and what goes wrong on purpose.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::tencent::Account;
use super::{Action, Applied, Effect, Fault, Trigger};

/// Shared by all providers of one emulator.
pub(super) struct Cloud {
    faults: Vec<Fault>,
    log: Mutex<Log>,
    account: Mutex<Account>,
    stopped: watch::Sender<bool>,
}

#[derive(Default)]
struct Log {
    attempts: usize,
    hanging: usize,
    refused_by_vault: usize,
    applied: Vec<Applied>,
    /// Digests only: a secret must not outlive the call that brought it.
    stored: BTreeSet<[u8; 32]>,
}

/// How an attempt to change something ends.
pub(super) enum Attempt {
    Succeeds,
    Fails { summary: String, detail: String },
}

impl Cloud {
    pub(super) fn new(faults: Vec<Fault>) -> Cloud {
        Cloud {
            faults,
            log: Mutex::default(),
            account: Mutex::default(),
            stopped: watch::Sender::new(false),
        }
    }

    /// Counts an attempt to change a resource, and lets it end as the faults say.
    pub(super) async fn attempt(&self, type_name: &str) -> Attempt {
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
            None => Attempt::Succeeds,
            Some(Effect::Fail { summary, detail }) => Attempt::Fails {
                summary: summary.clone(),
                detail: detail.clone(),
            },
            Some(Effect::Hang) => {
                self.log().hanging += 1;
                // An error would mean that the emulator is going away, which ends waiting as well.
                let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
                self.log().hanging -= 1;
                Attempt::Fails {
                    summary: "Interrupted".to_owned(),
                    detail: format!("Terraform stopped the provider before {type_name} was finished."),
                }
            }
        }
    }

    /// Terraform was interrupted: nothing may hang any more, now or when it comes to its turn.
    pub(super) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Terraform runs, maybe again after having been interrupted.
    pub(super) fn start(&self) {
        self.stopped.send_replace(false);
    }

    pub(super) fn is_hanging(&self) -> bool {
        self.log().hanging > 0
    }

    pub(super) fn refuse_by_vault(&self) {
        self.log().refused_by_vault += 1;
    }

    pub(super) fn refused_by_vault(&self) -> usize {
        self.log().refused_by_vault
    }

    pub(super) fn applied(&self, applied: Applied) {
        self.log().applied.push(applied);
    }

    pub(super) fn record(&self) -> Vec<Applied> {
        self.log().applied.clone()
    }

    /// How often a resource of this name was made before. Where it has none, before it has an id, how
    /// many of its type are gone.
    pub(super) fn generation(&self, type_name: &str, name: &str) -> usize {
        let log = self.log();
        let same = |a: &&Applied| match name {
            "" => a.action == Action::Delete && a.type_name == type_name,
            name => a.action == Action::Create && a.type_name == type_name && a.name == name,
        };
        log.applied.iter().filter(same).count()
    }

    pub(super) fn store(&self, text: &str) {
        self.log().stored.insert(Sha256::digest(text).into());
    }

    pub(super) fn has_stored(&self, text: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(text).into();
        self.log().stored.contains(&digest)
    }

    pub(super) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
