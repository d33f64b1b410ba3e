//! `remote-setup completions <shell>`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Cli, with_values};
use crate::error::Result;
use crate::report;

/// Prints the completion script.
///
/// # Errors
/// Only a failing stdout.
pub fn run(shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut with_values(Cli::command()), "remote-setup", &mut script);
    report::result(&String::from_utf8_lossy(&script))
}
