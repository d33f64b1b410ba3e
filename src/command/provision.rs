//! The verbs that act on a bundle: one file each, on top of what they share.

mod apply;
pub(super) mod bundle;
mod carry_over;
mod delivery;
mod destroy;
mod host_key;
mod outcome;
mod output;
mod pin;
mod plan;
mod planned;
mod push;
mod retrying;
mod run;
mod secrets;
mod session;
mod standing;

pub use apply::{apply, apply_bundle};
pub use destroy::destroy;
pub use output::output;
pub use pin::pin;
pub use plan::plan;
pub use push::push;
