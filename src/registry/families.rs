//! Model families by the name people know them by, so that a provider is found by the model one wants.

/// Who serves a family: first who makes it, then others. Providers whose default model is of the family are found by its id
/// anyway. Source: the providers' public model lists, 2026-11.
#[rustfmt::skip]
pub const FAMILIES: &[(&str, &[&str])] = &[
    ("claude", &["anthropic", "openrouter", "opencode-zen", "edenai"]),
    ("gpt", &["openai", "openrouter", "opencode-zen", "edenai"]),
    ("gemini", &["google", "openrouter", "opencode-zen", "edenai"]),
    ("grok", &["xai", "openrouter", "opencode-zen", "edenai"]),
    ("mistral", &["mistral", "openrouter", "edenai", "ollama", "vllm"]),
    ("deepseek", &["deepseek", "sglang", "vllm"]),
    ("qwen", &["modelstudio-token-plan", "openrouter", "siliconflow", "siliconflow-cn", "novita", "together", "deepinfra", "fireworks", "huggingface", "nvidia-nim", "ollama", "vllm", "sglang"]),
    ("kimi", &["moonshot", "openrouter", "siliconflow", "siliconflow-cn", "novita", "together", "deepinfra", "fireworks", "huggingface", "opencode-zen", "opencode-go"]),
    ("glm", &["zai", "openrouter", "siliconflow", "siliconflow-cn", "novita", "together", "deepinfra", "fireworks", "huggingface", "opencode-zen", "opencode-go"]),
    ("minimax", &["minimax", "openrouter", "siliconflow", "novita", "opencode-zen", "opencode-go"]),
    ("llama", &["meta", "openrouter", "together", "deepinfra", "fireworks", "huggingface", "nvidia-nim", "ollama", "vllm", "sglang"]),
    ("mimo", &["xiaomi-mimo", "openrouter"]),
    ("ernie", &["qianfan"]),
    ("doubao", &["volcengine"]),
];
