//! `destroy`: shows what would be lost, asks for the deployment's name, and destroys exactly that.

use super::run::run;
use crate::cli::ProvisionArgs;
use crate::command::Context;
use crate::error::Result;
use crate::terraform::operation::Operation;

/// Plans, asks, destroys exactly what was shown, and writes a receipt.
///
/// # Errors
/// Declined (4), interrupted (130), an engine failure, no state.
pub fn destroy(args: &ProvisionArgs, context: &mut Context) -> Result<()> {
    run(args, Operation::Destroy, None, context)
}
