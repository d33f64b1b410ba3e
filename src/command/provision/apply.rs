//! `apply`: of a bundle, or of a plan of it that was kept.

use super::run::run;
use crate::cli::{ApplyArgs, ProvisionArgs};
use crate::command::Context;
use crate::error::{Error, Result};
use crate::terraform::operation::Operation;
use crate::terraform::saved::SavedPlan;

/// Plans, asks, applies just that, brings the secrets where they are pushed, waits for the machine; leaves a receipt.
///
/// # Errors
/// Declined (4), interrupted (130), the engine's own, a broken policy, a machine that cannot be reached, a plan that is not
/// what it was.
pub fn apply(args: &ApplyArgs, context: &mut Context) -> Result<()> {
    let named = args.provision.run.bundle.dir.as_deref();
    let Some(file) = named.filter(|path| path.exists() && !path.is_dir()) else {
        return match &args.bundle {
            Some(_) => Err(Error::usage("--bundle goes with a plan that was kept, and none was named")
                .hint("name its file, or leave --bundle out: `remote-setup apply DIR`")),
            None => apply_bundle(&args.provision, context),
        };
    };
    let saved = SavedPlan::read(file)?;
    let mut provision = args.provision.clone();
    provision.run.bundle.dir.clone_from(&args.bundle);
    run(&provision, Operation::Apply, Some(&saved), context)
}

/// The same of a bundle's folder.
///
/// # Errors
/// As for [`apply`].
pub fn apply_bundle(args: &ProvisionArgs, context: &mut Context) -> Result<()> {
    run(args, Operation::Apply, None, context)
}
