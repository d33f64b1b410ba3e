//! `plan`: shows what would change, and can save it.

use std::path::Path;

use serde::Serialize;

use super::planned::{planned, recipient, review};
use super::secrets::Purpose;
use super::session::{Session, now};
use crate::bundle::ExtraFile;
use crate::cli::PlanArgs;
use crate::command::Context;
use crate::deployment::Warning;
use crate::error::Result;
use crate::machine::recipient::Recipient;
use crate::process::command::Command;
use crate::report::progress::Progress;
use crate::report::{self, Palette, SCHEMA_VERSION};
use crate::terraform::operation::Operation;
use crate::terraform::plan::Change;
use crate::terraform::plan::Rule;
use crate::terraform::saved::SavedPlan;

/// What `plan --json` prints.
#[derive(Serialize)]
struct Planned<'a> {
    schema_version: u32,
    steps: &'a [Command],
    changes: &'a [Change],
    rules: &'a [Rule],
    extra_files: &'a [ExtraFile],
    digest: &'a str,
    /// The machine that would get the secrets, if it exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a Recipient>,
    monthly_usd_estimate: Option<f32>,
    warnings: &'a [Warning],
    /// Where the plan was saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    saved: Option<&'a Path>,
}

/// Shows what would change without changing anything; returns whether something would.
///
/// # Errors
/// An engine failure, a broken policy, a file that cannot be written.
pub fn plan(args: &PlanArgs, context: &Context) -> Result<bool> {
    args.save.as_deref().map(SavedPlan::check_place).transpose()?;
    let mut session = Session::open(&args.provision, Operation::Apply, Purpose::Look, context)?;
    session.rotation.begin()?;
    let looked = looked(args, &mut session);
    // A plan shows what new secrets would change, but stores none.
    session.settle_rotation(looked)
}

fn looked(args: &PlanArgs, session: &mut Session) -> Result<bool> {
    let saved = args.save.as_deref();
    let (plan, digest) = planned(session, None, &mut Progress::new())?;
    let commands = session.commands();
    let recipient = recipient(session, &plan)?;
    let text = |palette| review(session, &plan, &commands, &digest, recipient.as_ref(), palette);
    if args.provision.run.bundle.json {
        report::note(&text(Palette::stderr()));
    } else {
        report::result(&format!("{}\n", text(Palette::stdout()).trim_matches('\n')))?;
    }
    let folder = session.run.directory().display();
    if plan.is_empty() {
        report::note(&format!("The machine was not checked; `remote-setup apply {folder}` does that."));
    }
    if let Some(path) = saved {
        SavedPlan::of(&session.run, session.account.as_ref(), &plan, &digest, now()?)?.save(path, &session.run)?;
        let path = path.display();
        report::note(&format!(
            "saved as {path}. To apply exactly this plan: `remote-setup apply {path} --bundle {folder}`"
        ));
    }
    if args.provision.run.bundle.json {
        report::json(&Planned {
            schema_version: SCHEMA_VERSION,
            steps: &commands,
            changes: &plan.changes,
            rules: &plan.rules,
            extra_files: &session.run.bundle.extra,
            digest: &digest,
            recipient: recipient.as_ref(),
            monthly_usd_estimate: session.run.deployment().monthly_usd,
            warnings: &session.run.deployment().warnings,
            saved,
        })?;
    }
    Ok(!plan.is_empty())
}
