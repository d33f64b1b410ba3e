//! The engine's `-json` messages, as far as a person wants to see them.
//!
//! Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Started {
        address: String,
        action: String,
    },
    Finished {
        address: String,
        seconds: u64,
    },
    Failed {
        address: String,
    },
    Diagnostic(Diagnostic),
    /// A line that is not a protocol message; shown as it is after a failure.
    Plain(String),
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub severity: String,
    pub summary: String,
    #[serde(default)]
    pub detail: String,
    #[serde(default)]
    pub address: String,
}

/// Reads one line; `None` for messages that are not shown.
pub fn read(line: &str) -> Option<Message> {
    let Ok(message) = serde_json::from_str::<Value>(line) else {
        let text = line.trim();
        return (!text.is_empty()).then(|| Message::Plain(text.to_owned()));
    };
    let hook = |field: &str| message.pointer(&format!("/hook/{field}"));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let address = || text(hook("resource/addr"));
    // Reading a data source is not worth a line.
    if hook("action").and_then(Value::as_str) == Some("read") {
        return None;
    }
    match message.get("type").and_then(Value::as_str)? {
        "apply_start" => Some(Message::Started {
            address: address(),
            action: text(hook("action")),
        }),
        "apply_complete" => Some(Message::Finished {
            address: address(),
            seconds: hook("elapsed_seconds").and_then(Value::as_u64).unwrap_or_default(),
        }),
        "apply_errored" => Some(Message::Failed { address: address() }),
        "diagnostic" => {
            let diagnostic = message.get("diagnostic")?.clone();
            serde_json::from_value(diagnostic).ok().map(Message::Diagnostic)
        }
        _ => None,
    }
}
