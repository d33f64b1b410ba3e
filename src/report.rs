//! What people and programs read: results on stdout, everything else on stderr.

mod failure;
mod plain;
pub mod progress;
pub mod receipt;
pub mod review;

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::deployment::{Deployment, mcp};
use crate::error::{Error, Kind, why};
use crate::tables::translation::say;
use crate::tables::{Lang, Words, words};

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
        Palette::of(&io::stderr())
    }

    /// The same for stdout.
    pub fn stdout() -> Palette {
        Palette::of(&io::stdout())
    }

    fn of(stream: &impl RawStream) -> Palette {
        Palette {
            colour: AutoStream::choice(stream) != ColorChoice::Never,
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

/// A line on stderr for the person watching; never a result, never a secret.
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
    let (cloud, chat) = (d.cloud.display_name.say(lang), d.chat.display_name.say(lang));
    let mut row = |label: Words, value: String| {
        let label = label.say(lang);
        // A Chinese character is as wide as two others.
        let filler = " ".repeat(11_usize.saturating_sub(label.width()));
        let _ = writeln!(text, "  {}{filler} {value}", palette.bold(label));
    };
    row(
        words("Cloud", "云"),
        format!("{cloud}, {}, {} ({})", d.region, d.size, d.architecture.slug()),
    );
    row(
        words("Chat", "聊天"),
        match d.allowlist.as_slice() {
            [] => words("{}, not paired yet", "{}，还没有配对").with(lang, &[&chat]),
            ids => words("{}, answers {}", "{}，只回复 {}").with(lang, &[&chat, &ids.join(", ")]),
        },
    );
    row(
        words("Model", "模型"),
        format!("{}, {}", d.provider.display_name.say(lang), d.model_in_words(lang)),
    );
    if let Some(url) = &d.base_url {
        row(words("Endpoint", "接口地址"), url.clone());
    }
    row(
        words("Runtime", "运行时"),
        format!("{} {}, {}, 127.0.0.1:{}", d.agent.display_name, d.version, d.install.slug(), d.port),
    );
    for (name, server) in &d.mcp_servers {
        row(words("MCP server", "MCP 服务器"), mcp::described(name, server));
    }
    row(
        words("SSH from", "SSH 来源"),
        if d.ssh_cidrs.is_empty() {
            words("nowhere", "不开放").say(lang).to_owned()
        } else {
            joined(&d.ssh_cidrs)
        },
    );
    row(words("SSH key", "SSH 公钥"), shortened(&d.ssh_public_key));
    let short = |pin: &str| pin.chars().take(19).collect::<String>();
    let pinned: Vec<String> = d
        .pinned()
        .map(|(download, pin)| format!("{} {}…", download.label().say(lang), short(pin)))
        .collect();
    if !pinned.is_empty() {
        row(words("Pinned", "已固定"), pinned.join(", "));
    }
    row(
        words("Cost", "费用"),
        match d.monthly_usd {
            Some(usd) => words("about ${} a month (estimate of {})", "每月约 ${}（{} 的估算）")
                .with(lang, &[&format!("{usd:.0}"), &d.cloud.priced]),
            None if d.cloud.tells_price() => {
                words("{} shows it in the plan", "{} 在生成执行计划时给出").with(lang, &[&told(cloud)])
            }
            None => words("unknown for this size", "不知道这种规格的价格")
                .say(lang)
                .to_owned(),
        },
    );
    row(
        words("Secrets", "机密"),
        if missing.is_empty() {
            words("all set", "已全部填写").say(lang).to_owned()
        } else {
            words("missing: {}", "缺少：{}").with(lang, &[&missing.join(", ")])
        },
    );
    row(words("Folder", "目录"), out.to_owned());
    for warning in &d.warnings {
        let warning = match lang {
            Lang::En => warning.to_string(),
            Lang::ZhCn => warning.chinese(),
        };
        let _ = writeln!(text, "  {}{warning}", palette.yellow(words("Warning: ", "注意：").say(lang)));
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

/// The note about a file of secrets that others could read.
pub fn closed(path: &Path, mode: u32, lang: Lang) -> String {
    words(
        "{} had mode {}, readable by others on this computer; it is 0600 now",
        "{} 的权限原来是 {}，这台电脑上的其他用户也能读取；现在已改为 0600",
    )
    .with(lang, &[&path.display(), &format!("{mode:04o}")])
}
