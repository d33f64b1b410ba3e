//! The flag of every answer, made of its declaration.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueHint};

use crate::inputs::answers::{self, Answer, AnswerKind};
use crate::inputs::flags::GivenFlags;
use crate::inputs::spec::HEADINGS;
use crate::tables::Lang;

/// What was typed behind the flags of answers.
#[derive(Clone, Debug, Default)]
pub struct AnswerFlags(pub GivenFlags);

impl Args for AnswerFlags {
    fn augment_args(command: Command) -> Command {
        command.args(flagged().map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        AnswerFlags::augment_args(command)
    }
}

impl FromArgMatches for AnswerFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<AnswerFlags, clap::Error> {
        let typed = flagged().filter_map(|answer| {
            let values = matches.get_many::<String>(answer.flag)?;
            Some((answer.key, values.cloned().collect()))
        });
        Ok(AnswerFlags(typed.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = AnswerFlags::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The same command, with the values of each answer for a shell to complete. Parsing does without them: what is refused
/// is refused by the tables, which know the nearest one.
#[must_use]
pub fn with_values(command: Command) -> Command {
    command.mut_args(|arg| {
        let values = flagged()
            .find(|answer| arg.get_id() == answer.flag)
            .map(|answer| (answer.values)());
        match values.unwrap_or_default() {
            values if values.is_empty() => arg,
            values => arg.value_parser(PossibleValuesParser::new(values)),
        }
    })
}

/// Answers that have a flag, by heading.
fn flagged() -> impl Iterator<Item = &'static Answer> {
    let below = |heading| answers::all().filter(move |answer| answer.heading == heading);
    let all = HEADINGS.iter().copied().flat_map(below);
    all.filter(|answer| !answer.flag.is_empty())
}

fn arg(answer: &'static Answer) -> Arg {
    let arg = Arg::new(answer.flag)
        .long(answer.flag)
        .value_name(answer.value)
        .help(answer.explained(Lang::En))
        .help_heading(answer.heading.en)
        .hide(answer.hidden)
        .action(if answer.is_repeatable() { ArgAction::Append } else { ArgAction::Set });
    match answer.kind {
        AnswerKind::PublicKey(_) => arg.value_hint(ValueHint::FilePath),
        // Ids of groups are negative.
        AnswerKind::List(_) => arg.allow_hyphen_values(true),
        _ => arg,
    }
}
