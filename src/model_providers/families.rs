//! Model families by the name people know them by, so that a provider is found by the model one wants.

/// Who serves a family: first who makes it, where that one serves it, then others. It helps to search and promises nothing: what is served
/// changes, and most of these were not looked up one by one. Providers whose default model is of the family are found by that anyway.
#[rustfmt::skip]
pub const FAMILIES: &[(&str, &[&str])] = &[
    ("claude", &["anthropic", "openrouter", "opencode-zen", "edenai"]),
    ("gpt", &["openai", "openrouter", "opencode-zen", "edenai"]),
    ("gemini", &["google", "openrouter", "opencode-zen", "edenai"]),
    ("grok", &["xai", "openrouter"]),
    ("mistral", &["mistral", "openrouter", "edenai", "ollama", "vllm"]),
    ("deepseek", &["deepseek", "sglang", "vllm"]),
    ("qwen", &["modelstudio-token-plan", "openrouter", "siliconflow", "siliconflow-cn", "novita", "together", "deepinfra", "fireworks", "huggingface", "nvidia-nim", "opencode-zen", "opencode-go", "ollama", "vllm", "sglang"]),
    ("kimi", &["moonshot", "openrouter", "siliconflow", "siliconflow-cn", "novita", "together", "deepinfra", "fireworks", "huggingface", "nvidia-nim", "opencode-zen", "opencode-go"]),
    ("glm", &["zai", "openrouter", "siliconflow", "siliconflow-cn", "novita", "together", "deepinfra", "fireworks", "huggingface", "opencode-zen", "opencode-go"]),
    ("minimax", &["minimax", "openrouter", "opencode-zen", "opencode-go"]),
    ("llama", &["openrouter", "together", "deepinfra", "fireworks", "huggingface", "nvidia-nim", "ollama", "vllm", "sglang"]),
    ("mimo", &["xiaomi-mimo", "openrouter", "opencode-zen", "opencode-go"]),
    ("ernie", &["qianfan"]),
    ("doubao", &["volcengine"]),
];
