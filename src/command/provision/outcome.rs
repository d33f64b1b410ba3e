//! How a run ended, and the receipt of it.

use super::NOTHING_TO_DO;
use super::session::{Session, now};
use crate::engine::gate::Approval;
use crate::engine::plan::Plan;
use crate::engine::push::Pushed;
use crate::engine::receipt::Receipt;
use crate::engine::recipient::Recipient;
use crate::engine::state;
use crate::engine::step::Aim;
use crate::error::{Error, Kind, Result};
use crate::inputs::environment as variables;
use crate::report::{self, SCHEMA_VERSION};

/// What is known of a run when it ends.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub plan: Option<Plan>,
    pub approval: Option<Approval>,
    pub digest: String,
    /// Who was to get the secrets, as it was shown.
    pub recipient: Option<Recipient>,
    /// What the machine did with the secrets.
    pub pushed: Option<Pushed>,
    pub error: Option<Error>,
    /// The cloud was changed as it should be; the error is about the machine.
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
                // An interruption is no failure of the bundle.
                Kind::Interrupted => "interrupted",
                _ => "failed",
            },
            (None, _) if changes => "applied",
            (None, Some(_)) => "pushed",
            (None, None) => "nothing_to_do",
        }
    }

    /// Writes the receipt, prints it where `--json` asks for it, and hands the outcome on.
    pub fn close(self, session: &Session) -> Result<()> {
        let run = &session.run;
        let d = run.deployment;
        let receipt = Receipt {
            schema_version: SCHEMA_VERSION,
            status: self.status(),
            aim: run.aim.word(),
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
            providers: state::providers(&run.directory),
            digest: self.digest.clone(),
            approved: self.approval.as_ref().map(Approval::given),
            monthly_usd_estimate: d.monthly_usd,
            changes: self.plan.as_ref().map(|plan| plan.changes.clone()).unwrap_or_default(),
            exists: run.exists(),
            recipient: self.recipient,
            secrets: self.pushed,
            message: self
                .error
                .as_ref()
                .map(|error| error.message().to_owned())
                .unwrap_or_default(),
        };
        let path = receipt.save(&run.directory, &session.name, &run.secrets)?;
        if session.args.run.bundle.json {
            report::json(&receipt)?;
        }
        match (self.error, receipt.status) {
            (None, "nothing_to_do") if run.aim == Aim::Destroy => report::note("Nothing to destroy: nothing exists."),
            (None, "nothing_to_do") => report::note(NOTHING_TO_DO),
            (None, "pushed") => report::note(&format!("done. Receipt: {}", path.display())),
            (None, _) => report::note(&format!(
                "done: {} exist. Receipt: {}",
                report::count(receipt.exists.len(), "resource"),
                path.display()
            )),
            (Some(error), _) => return Err(with_way_on(session, error, self.applied, receipt.exists.len())),
        }
        Ok(())
    }
}

/// After a failure: what exists, and the command that continues.
fn with_way_on(session: &Session, error: Error, applied: bool, exists: usize) -> Error {
    // A destroy that failed and knows of nothing cannot say that nothing exists.
    let knows_nothing = session.run.aim == Aim::Destroy && exists == 0;
    if error.kind() == Kind::Declined || error.kind() == Kind::Usage || knows_nothing {
        return error;
    }
    let folder = session.run.directory.display();
    if applied {
        return error.hint(format!("{} now", exist(exists)));
    }
    error
        .hint(format!("{} now; the engine's log is {}", exist(exists), session.run.log.display()))
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
