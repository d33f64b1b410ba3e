//! Agents: everything about one is in its row, and its row is in its own file.

mod agent;
mod codewhale;
mod model_rule;
mod names;
mod release;

pub use agent::{Agent, Bridge, Fragment, Oldest, Probes, Token};
pub use model_rule::{Dialect, ModelRule};
pub use names::Names;
pub use release::{Download, Mirror, Release, SourceDefaults};

use crate::tables::row;

/// In the order users see them; the first is the default.
pub const AGENTS: &[Agent] = &[codewhale::CODEWHALE];

row!(Agent, "agent", AGENTS);
