//! `destroy`: shows what would be lost, asks for the deployment's name, and destroys just that.

use super::run::run;
use crate::cli::ProvisionArgs;
use crate::command::Context;
use crate::error::Result;
use crate::terraform::operation::Operation;

/// Plans, asks, destroys just that; leaves a receipt.
///
/// # Errors
/// Declined (4), interrupted (130), the engine's own, no state.
pub fn destroy(args: &ProvisionArgs, context: &mut Context) -> Result<()> {
    run(args, Operation::Destroy, None, context)
}
