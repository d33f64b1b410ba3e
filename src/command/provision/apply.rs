//! `apply`: applies a bundle, or a saved plan of it.

use super::run::run;
use crate::cli::{ApplyArgs, ProvisionArgs};
use crate::command::Context;
use crate::error::{Error, Result};
use crate::terraform::operation::Operation;
use crate::terraform::saved::SavedPlan;

/// Plans, asks, applies exactly that plan, pushes secrets where there is no vault, waits for the machine, and writes a
/// receipt.
///
/// # Errors
/// Declined (4), interrupted (130), an engine failure, a broken policy, a machine that cannot be reached, a saved plan
/// that no longer holds.
pub fn apply(args: &ApplyArgs, context: &mut Context) -> Result<()> {
    let named = args.provision.run.bundle.dir.as_deref();
    let Some(file) = named.filter(|path| path.exists() && !path.is_dir()) else {
        return match &args.bundle {
            Some(_) => Err(Error::usage("--bundle needs a saved plan, and none was named")
                .hint("name the plan's file, or drop --bundle: `remote-setup apply DIR`")),
            None => apply_bundle(&args.provision, context),
        };
    };
    let saved = SavedPlan::read(file)?;
    let mut provision = args.provision.clone();
    provision.run.bundle.dir.clone_from(&args.bundle);
    run(&provision, Operation::Apply, Some(&saved), context)
}

/// Applies a bundle's folder.
///
/// # Errors
/// As for [`apply`].
pub fn apply_bundle(args: &ProvisionArgs, context: &mut Context) -> Result<()> {
    run(args, Operation::Apply, None, context)
}
