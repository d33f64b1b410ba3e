//! How a run ended, and its receipt.

use std::path::{Path, PathBuf};

use super::planned::NOTHING_TO_CHANGE;
use super::session::{Session, now};
use super::standing;
use crate::command::Context;
use crate::error::{Error, Kind, Result};
use crate::inputs::environment as variables;
use crate::machine::installed::HostFilesState;
use crate::machine::push::Pushed;
use crate::machine::recipient::Recipient;
use crate::report::receipt::Receipt;
use crate::report::{self, SCHEMA_VERSION};
use crate::terraform::gate::Approval;
use crate::terraform::operation::Operation;
use crate::terraform::plan::Plan;
use crate::terraform::receipt;
use crate::terraform::state;

/// What is known of a run when it ends.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub plan: Option<Plan>,
    pub approval: Option<Approval>,
    pub digest: String,
    /// The machine that was to get the secrets, as shown.
    pub recipient: Option<Recipient>,
    /// What the machine did with the secrets.
    pub pushed: Option<Pushed>,
    pub error: Option<Error>,
    /// The cloud was changed as planned; the error is about the machine.
    pub applied: bool,
}

impl Outcome {
    pub fn failed(error: Error) -> Outcome {
        Outcome {
            error: Some(error),
            ..Outcome::default()
        }
    }

    fn status(&self) -> &'static str {
        let changes = self.plan.as_ref().is_some_and(|plan| !plan.is_empty());
        match (&self.error, self.pushed) {
            (Some(error), _) => match error.kind() {
                Kind::Declined => "declined",
                Kind::Usage => "refused",
                // An interrupt says nothing about the bundle.
                Kind::Interrupted => "interrupted",
                _ => "failed",
            },
            (None, _) if changes => "applied",
            (None, Some(_)) => "pushed",
            (None, None) => "unchanged",
        }
    }

    /// Restores secrets that did not arrive, writes the receipt, asks the machine if all went well, prints the receipt
    /// for `--json`, and returns the run's result.
    pub fn close(mut self, session: &mut Session, context: &mut Context) -> Result<()> {
        let ended = self.error.take().map_or(Ok(()), Err);
        self.error = session.settle_rotation(ended).err();
        let session = &*session;
        let mut receipt = self.receipt(session)?;
        // Saved before waiting for the machine, so that there is a receipt however the wait ends.
        let path = save(&receipt, session)?;
        let ended = match self.error.take() {
            Some(error) => Err(with_way_on(session, error, self.applied, receipt.exists.len())),
            None => self.well(session, context, &mut receipt, &path),
        };
        if session.args.run.bundle.json {
            return report::ending(&receipt, ended);
        }
        ended
    }

    fn well(&self, session: &Session, context: &mut Context, receipt: &mut Receipt, path: &Path) -> Result<()> {
        let is_unchanged = receipt.status == "unchanged";
        match receipt.status {
            _ if is_unchanged && session.run.operation == Operation::Destroy => report::note("Nothing to destroy."),
            _ if is_unchanged => report::note(NOTHING_TO_CHANGE),
            "pushed" => report::note(&format!("done. Receipt: {}", path.display())),
            _ => report::note(&format!("done: {}. Receipt: {}", exist(receipt.exists.len()), path.display())),
        }
        if session.run.operation == Operation::Destroy {
            if is_unchanged {
                receipt.status = "nothing_to_do";
            }
        } else {
            if !session.args.run.rotate.is_empty() && session.run.deployment().cloud.vault.is_some() {
                let load = "To load the new values, run on the machine: sudo systemctl restart @agent@-secrets";
                report::note(&session.run.deployment().agent.names().fill(load));
            }
            let installed = standing::ask(session, is_unchanged, context)?;
            // After an apply with CNB, the machine waits for a push.
            let is_new = match &self.plan {
                Some(plan) => plan.has_new_machine(),
                None => session.run.deployment().allowlist.is_empty(),
            };
            standing::tell(session, &installed, is_new, is_unchanged);
            if is_unchanged && installed.state == HostFilesState::Current {
                receipt.status = "nothing_to_do";
            }
            receipt.machine = Some(installed);
        }
        save(receipt, session).map(|_| ())
    }

    fn receipt(&self, session: &Session) -> Result<Receipt> {
        let run = &session.run;
        let d = run.deployment();
        Ok(Receipt {
            schema_version: SCHEMA_VERSION,
            status: self.status(),
            aim: run.operation.word(),
            started_at: session.started_at.clone(),
            finished_at: now()?,
            user: variables::process("USER")
                .or_else(|| variables::process("LOGNAME"))
                .unwrap_or_default(),
            deployment: d.name.clone(),
            id: d.id.clone(),
            account: session.account.clone(),
            engine: run.engine.program.clone(),
            engine_version: run.engine.version.clone(),
            providers: state::providers(run.directory()),
            digest: self.digest.clone(),
            approved: self.approval.as_ref().map(Approval::given),
            monthly_usd_estimate: d.monthly_usd,
            changes: self.plan.as_ref().map(|plan| plan.changes.clone()).unwrap_or_default(),
            exists: run.exists(),
            recipient: self.recipient.clone(),
            secrets: self.pushed,
            machine: None,
            message: self
                .error
                .as_ref()
                .map(|error| error.message().to_owned())
                .unwrap_or_default(),
        })
    }
}

fn save(receipt: &Receipt, session: &Session) -> Result<PathBuf> {
    receipt::save(receipt, session.run.directory(), &session.name, &session.run.secrets)
}

/// After a failure: adds what exists, and the command that continues.
fn with_way_on(session: &Session, error: Error, applied: bool, exists: usize) -> Error {
    // A failed destroy without a state does not know what exists.
    let knows_nothing = session.run.operation == Operation::Destroy && exists == 0;
    if error.kind() == Kind::Declined || error.kind() == Kind::Usage || knows_nothing {
        return error;
    }
    let folder = session.run.directory().display();
    if applied {
        return error.hint(format!("{} now", exist(exists)));
    }
    error
        .hint(format!("{} now; engine log: {}", exist(exists), session.run.log.display()))
        .hint(format!(
            "continue with `remote-setup apply {folder}`, or remove everything with `remote-setup destroy {folder}`"
        ))
}

fn exist(number: usize) -> String {
    match number {
        0 => "nothing exists".to_owned(),
        1 => "1 resource exists".to_owned(),
        number => format!("{} exist", report::count(number, "resource")),
    }
}
