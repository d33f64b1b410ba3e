//! Parses the command line, calls the library, maps an error to text and exit code.

use std::process::ExitCode;

use clap::Parser;
use remote_setup::cli::Cli;
use remote_setup::error::Error;
use remote_setup::report;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(&report::command_line_error(&error)),
    };
    match remote_setup::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &Error) -> ExitCode {
    report::error(error);
    ExitCode::from(error.kind().exit_code())
}
