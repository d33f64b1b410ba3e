//! Servers that their user runs.

use super::provider::{PROVIDER, Provider, chat};
use crate::tables::Words;

pub(super) const SGLANG: Provider = Provider {
    slug: "sglang",
    display_name: Words::same("SGLang"),
    aliases: &["sg-lang"],
    endpoints: &[chat("http://localhost:30000/v1")],
    own_server: true,
    ..PROVIDER
};

pub(super) const VLLM: Provider = Provider {
    slug: "vllm",
    display_name: Words::same("vLLM"),
    aliases: &["v-llm"],
    endpoints: &[chat("http://localhost:8000/v1")],
    own_server: true,
    ..PROVIDER
};

pub(super) const OLLAMA: Provider = Provider {
    slug: "ollama",
    display_name: Words::same("Ollama"),
    aliases: &["ollama-local"],
    endpoints: &[chat("http://localhost:11434/v1")],
    own_server: true,
    ..PROVIDER
};

pub(super) const CUSTOM: Provider = Provider {
    slug: "custom",
    display_name: Words::same("Custom (OpenAI-compatible)"),
    endpoints: &[chat("http://localhost/v1")],
    ..PROVIDER
};
