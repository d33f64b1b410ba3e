//! Runs one step. Nothing else starts a program.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use rustix::fs::Mode;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::error::{Error, Kind, Result, why};
use crate::files::{open_private_append, open_regular};
use crate::inputs::Secret;
use crate::process::environment::Environment;
use crate::process::interrupt;
use crate::process::step::Step;

/// Values for the secret variables of a step, by variable name.
pub type SecretVariables<'a> = &'a [(String, Secret)];

/// How often the child's output and the person's Ctrl-C are looked at.
const POLL: Duration = Duration::from_millis(5);

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The person pressed Ctrl-C while it ran.
    pub interrupted: bool,
}

impl Ended {
    pub fn ok(self) -> bool {
        self.code == Some(0) && !self.interrupted
    }
}

/// What a person is told about their Ctrl-C.
#[derive(Clone, Copy, Debug)]
pub enum Notice {
    /// The engine was asked to stop after what it is doing.
    Stopping,
    /// What a third Ctrl-C would do.
    ThirdKills,
    Killed,
}

/// From here on what this program and its children write is for its owner alone: state, plans, their
/// backups, logs.
pub fn keep_private() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// The expression of a step: cleared environment, no terminal, its own process group.
fn expression(step: &Step, environment: &Environment, secrets: SecretVariables) -> duct::Expression {
    let variables = environment
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)))
        .chain(
            secrets
                .iter()
                .map(|(name, secret)| (OsString::from(name), OsString::from(secret.expose()))),
        );
    duct::cmd(&step.program, &step.args)
        .dir(&step.directory)
        .full_env(variables)
        .unchecked()
        // A Ctrl-C at the terminal goes to the whole group: the child must get it once, from us.
        .before_spawn(|command| {
            command.process_group(0);
            Ok(())
        })
}

fn not_started(step: &Step, error: &std::io::Error) -> Error {
    if error.kind() == ErrorKind::NotFound {
        return Error::new(Kind::Failed, format!("`{}` is not installed", step.program))
            .hint(format!("install it, or run by hand: {}", step.shown()));
    }
    Error::new(Kind::Failed, format!("cannot start `{}`: {}", step.program, why(error)))
}

/// Runs a step to its end and returns what it printed. Ctrl-C ends it at once.
///
/// # Errors
/// A program that cannot be started, and an interrupt.
pub fn capture(step: &Step, environment: &Environment) -> Result<(Ended, String, String)> {
    run(step, environment, b"")
}

/// The same for a step that is given something to read.
///
/// # Errors
/// As for [`capture`].
pub fn exchange(step: &Step, environment: &Environment, input: &[u8]) -> Result<(Ended, String, String)> {
    run(step, environment, input)
}

fn run(step: &Step, environment: &Environment, input: &[u8]) -> Result<(Ended, String, String)> {
    let before = interrupt::count();
    let (reader, mut writer) = std::io::pipe().context("cannot make a pipe")?;
    let handle = expression(step, environment, &[])
        .stdin_file(reader)
        .stdout_capture()
        .stderr_capture()
        .start()
        .map_err(|error| not_started(step, &error))?;
    std::thread::scope(|scope| {
        // A program that ends early reads no more; how it ended says why.
        scope.spawn(move || writer.write_all(input));
        loop {
            let ended = handle.try_wait();
            if let Some(output) = ended.with_context(|| format!("cannot wait for `{}`", step.program))? {
                return Ok(answer(output));
            }
            if interrupt::count() > before {
                kill_group(&handle);
                return Err(Error::new(Kind::Interrupted, "interrupted"));
            }
            std::thread::sleep(POLL);
        }
    })
}

/// How it ended, and what it printed.
fn answer(output: &std::process::Output) -> (Ended, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ended = Ended {
        code: output.status.code(),
        interrupted: false,
    };
    (ended, text(&output.stdout), text(&output.stderr))
}

/// Ends a program with everything that it started: `az`, for one, is a script that waits for another program.
fn kill_group(handle: &duct::Handle) {
    for group in pids(handle) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

fn pids(handle: &duct::Handle) -> Vec<Pid> {
    let pids = handle.pids().into_iter();
    pids.filter_map(|pid| i32::try_from(pid).ok().and_then(Pid::from_raw))
        .collect()
}

/// Runs a step with its output in `log` and hands on each line as it comes.
///
/// The child writes to a file, not to us: when this program is killed, Terraform still ends its work
/// and records it.
///
/// # Errors
/// A program that cannot be started, and a log that cannot be written.
pub fn follow(
    step: &Step,
    environment: &Environment,
    secrets: SecretVariables,
    log: &Path,
    line: &mut dyn FnMut(&str),
    notice: &mut dyn FnMut(Notice),
) -> Result<Ended> {
    let out = private_file(log)?;
    let mut reader = Tail::open(log)?;
    // Before it starts: a Ctrl-C counts from its first moment on.
    let before = interrupt::count();
    let handle = expression(step, environment, secrets)
        .stdin_null()
        .stdout_file(out.try_clone().context("cannot share the log")?)
        .stderr_file(out)
        .start()
        .map_err(|error| not_started(step, &error))?;
    let mut acted = 0;
    let status = loop {
        let ended = handle
            .try_wait()
            .with_context(|| format!("cannot wait for `{}`", step.program))?;
        reader.lines(line)?;
        if let Some(output) = ended {
            break output.status;
        }
        while acted < interrupt::count() - before {
            acted += 1;
            interrupted(&handle, acted, notice)?;
        }
        std::thread::sleep(POLL);
    };
    reader.lines(line)?;
    Ok(Ended {
        code: status.code(),
        interrupted: acted > 0,
    })
}

fn interrupted(handle: &duct::Handle, times: usize, notice: &mut dyn FnMut(Notice)) -> Result<()> {
    match times {
        1 => {
            notice(Notice::Stopping);
            for pid in pids(handle) {
                let _ = kill_process(pid, Signal::INT);
            }
        }
        2 => notice(Notice::ThirdKills),
        _ => {
            notice(Notice::Killed);
            kill_group(handle);
        }
    }
    Ok(())
}

/// Opens for appending, readable by its owner alone.
fn private_file(path: &Path) -> Result<File> {
    Ok(open_private_append(path).with_context(|| format!("cannot write `{}`", path.display()))?)
}

/// Reads what is added to a file, whole lines only.
struct Tail {
    reader: BufReader<File>,
    partial: String,
}

impl Tail {
    fn open(path: &Path) -> Result<Tail> {
        let mut file = open_regular(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).context("cannot read the log")?;
        Ok(Tail {
            reader: BufReader::new(file),
            partial: String::new(),
        })
    }

    fn lines(&mut self, line: &mut dyn FnMut(&str)) -> Result<()> {
        loop {
            let mut bytes = Vec::new();
            let read = self
                .reader
                .read_until(b'\n', &mut bytes)
                .context("cannot read the log")?;
            if read == 0 {
                return Ok(());
            }
            self.partial.push_str(&String::from_utf8_lossy(&bytes));
            if self.partial.ends_with('\n') {
                line(self.partial.trim_end());
                self.partial.clear();
            }
        }
    }
}
