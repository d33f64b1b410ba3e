//! What people and programs read: results on stdout, everything else on stderr.

mod plain;
pub mod progress;
pub mod review;

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::deployment::{Deployment, mcp};
use crate::error::{Error, Kind};
use crate::inputs::environment;

/// Version of every JSON object this program prints.
pub const SCHEMA_VERSION: u32 = 1;

/// Styles for one stream, empty when colour is not wanted there.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    colour: bool,
}

impl Palette {
    /// Colour follows the terminal; `NO_COLOR` and `TERM=dumb` turn it off.
    pub fn stderr() -> Palette {
        Palette::of(io::stderr().is_terminal())
    }

    /// As [`Palette::stderr`], for stdout.
    pub fn stdout() -> Palette {
        Palette::of(io::stdout().is_terminal())
    }

    fn of(terminal: bool) -> Palette {
        Palette {
            colour: terminal && !environment::no_color(),
        }
    }

    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub fn red(self, text: &str) -> String {
        self.paint("31;1", text)
    }

    pub fn green(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.paint("33", text)
    }

    pub fn cyan(self, text: &str) -> String {
        self.paint("36", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A line for the person watching; never a result, never a secret.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{}", plain::plain(text, Palette::stderr().colour));
}

/// A result, on stdout.
///
/// # Errors
/// A closed pipe or a full disk.
pub fn result(text: &str) -> Result<(), Error> {
    let written = io::stdout()
        .write_all(plain::plain(text, Palette::stdout().colour).as_bytes())
        .and_then(|()| io::stdout().flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Error::new(Kind::Failed, format!("cannot write to stdout: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// One JSON object, on stdout.
///
/// # Errors
/// As for [`result`].
pub fn json(object: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(object).map_err(anyhow::Error::from)?;
    result(&format!("{}\n", plain::escaped(&text)))
}

/// `Error:` and its hints, on stderr.
pub fn error(error: &Error) {
    let palette = Palette::stderr();
    if error.kind() == Kind::Interrupted {
        note(error.message());
        return;
    }
    note(&format!("{} {error}", palette.red("Error:")));
    for hint in error.hints() {
        note(&format!("{} {hint}", palette.cyan("Hint:")));
    }
}

/// The deployment in a few lines, as shown before generating.
pub fn summary(d: &Deployment, out: &str, missing: &[&str], palette: Palette) -> String {
    let mut text = String::new();
    let mut row = |label: &str, value: String| {
        let _ = writeln!(text, "  {} {value}", palette.bold(&format!("{label:<11}")));
    };
    row(
        "Cloud",
        format!("{}, {}, {} ({})", d.cloud.display_name, d.region, d.size, d.architecture.slug()),
    );
    row(
        "Chat",
        match d.allowlist.as_slice() {
            [] => format!("{}, nobody paired yet", d.bridge.display_name),
            ids => format!("{}, answers {}", d.bridge.display_name, ids.join(", ")),
        },
    );
    row("Model", format!("{}, {}", d.provider.display_name, d.model));
    row(
        "Runtime",
        format!("CodeWhale {}, {}, 127.0.0.1:{}", d.version, d.install.slug(), d.port),
    );
    for (name, server) in &d.mcp_servers {
        row("MCP server", mcp::described(name, server));
    }
    row(
        "SSH from",
        if d.ssh_cidrs.is_empty() { "nowhere".to_owned() } else { joined(&d.ssh_cidrs) },
    );
    row("SSH key", shortened(&d.ssh_public_key));
    let short = |pin: &str| pin.chars().take(19).collect::<String>();
    let pinned: Vec<String> = d
        .pinned()
        .map(|(download, pin)| format!("{} {}…", download.label(), short(pin)))
        .collect();
    if !pinned.is_empty() {
        row("Pinned", pinned.join(", "));
    }
    row(
        "Cost",
        match d.monthly_usd {
            Some(usd) => format!("about ${usd:.0} a month (estimate of {})", d.cloud.priced),
            None if d.cloud.tells_price() => {
                format!("{} says it when planning", d.cloud.display_name)
            }
            None => "not known for this size".to_owned(),
        },
    );
    row(
        "Secrets",
        if missing.is_empty() {
            "all given".to_owned()
        } else {
            format!("missing: {}", missing.join(", "))
        },
    );
    row("Folder", out.to_owned());
    for warning in &d.warnings {
        let _ = writeln!(text, "  {} {warning}", palette.yellow("Warning:"));
    }
    text
}

fn joined<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn shortened(key: &str) -> String {
    let mut parts = key.split_whitespace();
    let (kind, body) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let comment = parts.collect::<Vec<_>>().join(" ");
    let tail: String = body.chars().skip(body.chars().count().saturating_sub(12)).collect();
    format!("{kind} …{tail} {comment}").trim_end().to_owned()
}

/// clap's verdict in our words: its first line, and where to look.
pub fn command_line_error(error: &clap::Error) -> Error {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let listed: Vec<&str> = text
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("  ") && !line.trim().is_empty())
        .map(str::trim)
        .collect();
    let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
    let message = if listed.is_empty() || message.ends_with('\'') {
        message.to_owned()
    } else {
        format!("{message} {}", listed.join(", "))
    };
    Error::usage(message.replace('\'', "`")).hint(match tip {
        Some(tip) => tip.replace('\'', "`"),
        None => "see `remote-setup --help`".to_owned(),
    })
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
