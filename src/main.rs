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
        // What cannot be read as a whole may still ask for JSON.
        Err(error) => return fail(&report::command_line_error(&error), std::env::args_os().any(|arg| arg == "--json")),
    };
    match remote_setup::run(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&error, cli.wants_json()),
    }
}

fn fail(error: &Error, as_json: bool) -> ExitCode {
    report::error(error, as_json);
    ExitCode::from(error.kind().exit_code())
}
