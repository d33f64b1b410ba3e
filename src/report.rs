//! What people and programs read: results on stdout, everything else on stderr.

mod failure;
mod plain;
pub mod progress;
pub mod receipt;
pub mod review;

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::deployment::{Deployment, mcp};
use crate::error::{Error, Kind, why};
use crate::inputs::environment;
use crate::tables::Lang;
use crate::tables::translation::say;

pub use crate::cli::refusal::refused as command_line_error;
pub use crate::text::count;

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
        Err(error) => Err(Error::new(Kind::Failed, format!("cannot write to stdout: {}", why(&error)))),
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

pub use failure::{ending, error};

/// `Error:` and its hints, on stderr.
fn error_text(error: &Error) {
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
pub fn summary(d: &Deployment, out: &str, missing: &[&str], lang: Lang, palette: Palette) -> String {
    let mut text = String::new();
    let told = |english: &str| say(lang, english).into_owned();
    let (cloud, bridge, provider) = (d.cloud.display_name, d.bridge.display_name, d.provider.display_name);
    let mut row = |label: &str, value: String| {
        let label = told(label);
        // A Chinese character is as wide as two others.
        let filler = " ".repeat(11_usize.saturating_sub(label.width()));
        let _ = writeln!(text, "  {}{filler} {value}", palette.bold(&label));
    };
    row(
        "Cloud",
        format!("{}, {}, {} ({})", told(cloud), d.region, d.size, d.architecture.slug()),
    );
    row(
        "Chat",
        match d.allowlist.as_slice() {
            [] => told(&format!("{bridge}, nobody paired yet")),
            ids => told(&format!("{bridge}, answers {}", ids.join(", "))),
        },
    );
    row("Model", format!("{}, {}", told(provider), told(&d.model_in_words())));
    if let Some(url) = &d.base_url {
        row("Endpoint", url.clone());
    }
    row(
        "Runtime",
        format!("CodeWhale {}, {}, 127.0.0.1:{}", d.version, d.install.slug(), d.port),
    );
    for (name, server) in &d.mcp_servers {
        row("MCP server", mcp::described(name, server));
    }
    row(
        "SSH from",
        if d.ssh_cidrs.is_empty() { told("nowhere") } else { joined(&d.ssh_cidrs) },
    );
    row("SSH key", shortened(&d.ssh_public_key));
    let short = |pin: &str| pin.chars().take(19).collect::<String>();
    let pinned: Vec<String> = d
        .pinned()
        .map(|(download, pin)| format!("{} {}…", told(download.label()), short(pin)))
        .collect();
    if !pinned.is_empty() {
        row("Pinned", pinned.join(", "));
    }
    row(
        "Cost",
        match d.monthly_usd {
            Some(usd) => told(&format!("about ${usd:.0} a month (estimate of {})", d.cloud.priced)),
            None if d.cloud.tells_price() => told(&format!("{cloud} says it when planning")),
            None => told("not known for this size"),
        },
    );
    row(
        "Secrets",
        if missing.is_empty() {
            told("all given")
        } else {
            told(&format!("missing: {}", missing.join(", ")))
        },
    );
    row("Folder", out.to_owned());
    for warning in &d.warnings {
        let warning = match lang {
            Lang::En => warning.to_string(),
            Lang::ZhCn => warning.chinese(),
        };
        let _ = writeln!(text, "  {}{warning}", palette.yellow(&told("Warning: ")));
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

/// Said where a file of secrets was for others too.
pub fn closed(path: &Path, mode: u32) -> String {
    format!(
        "{} had mode {mode:04o}, so others on this computer could read it; it has 0600 now",
        path.display()
    )
}
