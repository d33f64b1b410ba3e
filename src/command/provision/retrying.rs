//! Applying what was approved, again where a failure passes by itself.

use std::time::{Duration, Instant};

use super::session::Session;
use crate::error::{Error, Kind, Result};
use crate::process::interrupt;
use crate::process::retry::RetryPolicy;
use crate::report;
use crate::terraform::apply::Run;
use crate::terraform::apply::Watcher;
use crate::terraform::gate::Approval;

/// Applies, and plans and applies again while a failure is one that passes by itself. The approval becomes that of
/// what was applied last.
///
/// # Errors
/// What does not pass, or does not in time.
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
        report::note(&format!("{}; again in {} s", known.cause.en, pause.as_secs_f32().ceil()));
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

/// A new plan for what is still missing; `None` when nothing is.
fn the_rest(run: &Run, approval: &Approval, watcher: &mut dyn Watcher) -> Result<Option<Approval>> {
    let plan = run.plan(watcher)?;
    if plan.is_empty() {
        return Ok(None);
    }
    approval.for_the_rest(&plan, run.digest(&plan)).map(Some)
}
