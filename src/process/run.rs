//! Runs one command. Nothing else starts a program.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::fs::Mode;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::error::{Error, Kind, Result, why};
use crate::files::{open_private_append, open_regular};
use crate::inputs::Secret;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::process::interrupt::{self, Woken};

/// Values for the secret variables of a command, by variable name.
pub type SecretVariables<'a> = &'a [(String, Secret)];

/// How often a log is checked while its writer runs.
const LOOK: Duration = Duration::from_millis(20);

/// The output of a program and its exit code.
#[derive(Clone, Debug)]
pub struct Output {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    pub fn ok(&self) -> bool {
        self.code == Some(0)
    }
}

/// How a program ended whose output was followed.
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

/// What a person is told after Ctrl-C.
#[derive(Clone, Copy, Debug)]
pub enum Notice {
    /// The engine was asked to stop after its current work.
    Stopping,
    /// What a third Ctrl-C would do.
    ThirdKills,
    Killed,
}

/// From here on, files of this program and its children are private: state, plans, backups, logs.
pub fn keep_private() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// The expression of a command: cleared environment, no terminal, its own process group.
fn expression(command: &Command, environment: &Environment, secrets: SecretVariables) -> duct::Expression {
    let variables = environment
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)))
        .chain(
            secrets
                .iter()
                .map(|(name, secret)| (OsString::from(name), OsString::from(secret.expose()))),
        );
    duct::cmd(&command.program, &command.args)
        .dir(&command.directory)
        .full_env(variables)
        .unchecked()
        // A Ctrl-C at the terminal goes to the whole group: the child must get it once, from us.
        .before_spawn(|child| {
            child.process_group(0);
            Ok(())
        })
}

fn not_started(command: &Command, error: &std::io::Error) -> Error {
    if error.kind() == ErrorKind::NotFound {
        return Error::new(Kind::Failed, format!("`{}` is not installed", command.program))
            .hint(format!("install it, or run by hand: {}", command.shown()));
    }
    Error::new(Kind::Failed, format!("cannot start `{}`: {}", command.program, why(error)))
}

/// Runs a command to its end and returns what it printed. Ctrl-C ends it at once.
///
/// # Errors
/// A program that cannot be started, and an interrupt.
pub fn capture(command: &Command, environment: &Environment) -> Result<Output> {
    exchange(command, environment, b"")
}

/// The same with something to read on stdin.
///
/// # Errors
/// As for [`capture`].
pub fn exchange(command: &Command, environment: &Environment, stdin: &[u8]) -> Result<Output> {
    let before = interrupt::count();
    let (reader, mut writer) = std::io::pipe().context("cannot make a pipe")?;
    let handle = expression(command, environment, &[])
        .stdin_file(reader)
        .stdout_capture()
        .stderr_capture()
        .start()
        .map_err(|error| not_started(command, &error))?;
    let handle = watched(handle);
    std::thread::scope(|scope| {
        // A program that ends early stops reading; its exit code says why.
        scope.spawn(move || writer.write_all(stdin));
        match interrupt::wait(before, None, || handle.try_wait().transpose()) {
            Woken::Done(output) => {
                Ok(output_of(output.with_context(|| format!("cannot wait for `{}`", command.program))?))
            }
            Woken::Interrupted | Woken::TimedOut => {
                kill_group(&handle);
                Err(Error::new(Kind::Interrupted, "interrupted"))
            }
        }
    })
}

/// Wakes the waiters when the program ends. The thread is never joined: after a kill, a grandchild may still hold the
/// output open.
fn watched(handle: duct::Handle) -> Arc<duct::Handle> {
    let handle = Arc::new(handle);
    let waited_for = Arc::clone(&handle);
    std::thread::spawn(move || {
        // The woken waiter asks for the result itself.
        let _ = waited_for.wait();
        interrupt::wake();
    });
    handle
}

/// The exit code and the output as text.
fn output_of(output: &std::process::Output) -> Output {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Output {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

/// Kills a program and everything it started: `az`, for one, is a script that waits for another program.
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

/// Runs a command with its output in `log`, and passes on each line as it comes.
///
/// The child writes to a file, not to us: when this program is killed, Terraform still ends its work
/// and records it.
///
/// # Errors
/// A program that cannot be started, and a log that cannot be written.
pub fn follow(
    command: &Command,
    environment: &Environment,
    secrets: SecretVariables,
    log: &Path,
    line: &mut dyn FnMut(&str),
    notice: &mut dyn FnMut(Notice),
) -> Result<Ended> {
    let out = private_file(log)?;
    let mut reader = Tail::open(log)?;
    // Counted before it starts, so that an early Ctrl-C is not missed.
    let before = interrupt::count();
    let handle = expression(command, environment, secrets)
        .stdin_null()
        .stdout_file(out.try_clone().context("cannot share the log")?)
        .stderr_file(out)
        .start()
        .map_err(|error| not_started(command, &error))?;
    let handle = watched(handle);
    let mut acted = 0;
    let status = loop {
        let next = Some(Instant::now() + LOOK);
        let woken = interrupt::wait(before + acted, next, || handle.try_wait().transpose());
        reader.lines(line)?;
        match woken {
            Woken::Done(output) => {
                break output
                    .with_context(|| format!("cannot wait for `{}`", command.program))?
                    .status;
            }
            Woken::Interrupted => {
                acted += 1;
                interrupted(&handle, acted, notice);
            }
            Woken::TimedOut => {}
        }
    };
    reader.lines(line)?;
    Ok(Ended {
        code: status.code(),
        interrupted: acted > 0,
    })
}

fn interrupted(handle: &duct::Handle, times: usize, notice: &mut dyn FnMut(Notice)) {
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
}

/// Opens for appending, readable by its owner alone.
fn private_file(path: &Path) -> Result<File> {
    Ok(open_private_append(path).with_context(|| format!("cannot write `{}`", path.display()))?)
}

/// Reads what is appended to a file, in whole lines.
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
