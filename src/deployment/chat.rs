//! What the bridge is told.

use std::collections::BTreeMap;

use super::refusal::{named, refused};
use crate::chats::Chat;
use crate::error::{Error, Result};
use crate::text::{count, shown};

/// Longest allowlist; far over any real one, and small enough for an env file.
const MOST_ALLOWED: usize = 100;

pub(super) fn allowlist(chat: &Chat, asked: &[String]) -> Result<Vec<String>> {
    if asked.len() > MOST_ALLOWED {
        return Err(
            Error::usage(format!("{} given; at most {MOST_ALLOWED} are allowed", count(asked.len(), "id")))
                .about("allowlist", &named("allowlist"), "")
                .hint("keep the ids of people who use the agent"),
        );
    }
    for entry in asked {
        if !(chat.allowlist_entry)(entry) {
            let form = chat.allowlist_form;
            return Err(refused("allowlist", entry, format_args!("is not {}", form.en))
                .in_chinese(format!("`{}` 不是{}", shown(entry), form.zh))
                .hint("leave the list empty and pair later: the bridge tells strangers their ids"));
        }
    }
    Ok(asked.to_vec())
}

pub(super) fn bridge_settings(
    chat: &Chat,
    asked: Option<&BTreeMap<String, String>>,
) -> Result<Vec<(&'static str, String)>> {
    let empty = BTreeMap::new();
    let asked = asked.unwrap_or(&empty);
    let known: Vec<_> = chat.settings.iter().map(|setting| setting.env).collect();
    for name in asked.keys() {
        if !known.contains(&name.as_str()) {
            let allowed = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(refused(
                "bridge_settings",
                name,
                format_args!("is not a setting of {}; allowed: {allowed}", chat.display_name.en),
            )
            .hint("leave it out"));
        }
    }
    chat.settings
        .iter()
        .map(|setting| {
            let value = asked.get(setting.env).map_or(setting.allowed[0], String::as_str);
            if setting.allowed.contains(&value) {
                Ok((setting.env, value.to_owned()))
            } else {
                Err(refused(
                    "bridge_settings",
                    value,
                    format_args!("is not a value of {}; allowed: {}", setting.env, setting.allowed.join(", ")),
                )
                .better("use {}", "bridge-setting", &format!("{}={}", setting.env, setting.allowed[0])))
            }
        })
        .collect()
}
