//! `remote-setup help [VERB]`: the same text as `remote-setup VERB --help`.

use clap::CommandFactory;

use crate::cli::{Cli, HelpArgs};
use crate::error::{Error, Kind, Result};
use crate::text::nearest;
use crate::text::shown;

/// Prints what a verb does and takes; without one, the whole program.
///
/// # Errors
/// A verb that does not exist.
pub fn run(args: &HelpArgs) -> Result<()> {
    let program = Cli::command();
    if let Some(verb) = &args.verb {
        let verbs: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
        if !verbs.contains(&verb.as_str()) {
            let error = Error::usage(format!("`{}` is not a verb; allowed: {}", shown(verb), verbs.join(", ")));
            return Err(match nearest(verb, verbs) {
                Some(near) => error.hint(format!("did you mean `remote-setup help {near}`?")),
                None => error.hint("see the verbs with `remote-setup help`"),
            });
        }
    }
    let words = ["remote-setup"]
        .into_iter()
        .chain(args.verb.as_deref())
        .chain(["--help"]);
    match program.try_get_matches_from(words) {
        Err(help) if !help.use_stderr() => help.print().map_err(|error| {
            Error::new(Kind::Failed, format!("cannot write to stdout: {}", crate::error::why(&error)))
        }),
        _ => Ok(()),
    }
}
