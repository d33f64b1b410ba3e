//! Chat apps: what each one is, whichever agent it is for.

mod chat;
mod feishu;
mod telegram;

pub use chat::{Chat, SecretKey, Setting};

use crate::tables::row;

/// In the order users see them.
pub const CHATS: &[Chat] = &[telegram::TELEGRAM, feishu::FEISHU];

// Users choose an app by its bridge: `--bridge`.
row!(Chat, "bridge", CHATS);
