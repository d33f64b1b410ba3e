//! Applies what was approved, and retries failures that pass by themselves.

use std::time::{Duration, Instant};

use super::session::Session;
use crate::error::{Error, Kind, Result};
use crate::process::interrupt;
use crate::process::retry::RetryPolicy;
use crate::report;
use crate::terraform::apply::Run;
use crate::terraform::apply::Watcher;
use crate::terraform::gate::Approval;

/// Applies, then plans and applies again as long as the failure is one that passes by itself. The approval becomes that
/// of the last apply.
///
/// # Errors
/// A failure that does not pass, or not in time.
pub(super) fn apply(
    session: &Session,
    approval: &mut Approval,
    retry: RetryPolicy,
    watcher: &mut dyn Watcher,
) -> Result<()> {
    let began = Instant::now();
    let mut pause = retry.pause;
    loop {
        let failed = match session.run.apply(approval, watcher) {
            Ok(()) => return Ok(()),
            Err(failed) => failed,
        };
        let Some(known) = failed.known.filter(|known| known.retry) else {
            return Err(failed.error);
        };
        if began.elapsed() + pause > retry.total {
            return Err(failed.error);
        }
        report::note(&format!("{}; retrying in {} s", known.cause.en, pause.as_secs_f32().ceil()));
        if !interrupt::sleep(pause) {
            return Err(Error::new(Kind::Interrupted, "interrupted while waiting to apply again"));
        }
        pause = (pause * 3 / 2).min(Duration::from_secs(120));
        match the_rest(&session.run, approval, watcher)? {
            Some(next) => *approval = next,
            None => return Ok(()),
        }
    }
}

/// A new plan for what is left; `None` if nothing is.
fn the_rest(run: &Run, approval: &Approval, watcher: &mut dyn Watcher) -> Result<Option<Approval>> {
    let plan = run.plan(watcher)?;
    if plan.is_empty() {
        return Ok(None);
    }
    approval.for_the_rest(&plan, run.digest(&plan)).map(Some)
}
