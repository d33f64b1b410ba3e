//! CodeWhale, which serves HTTP on the loopback address and has bridges of its own.
//!
//! Source: CodeWhale v0.9.9: `crates/config` for the providers, `integrations/<slug>-bridge/src` for the bridges,
//! npm/codewhale/scripts/artifacts.js and .github/workflows/release.yml for the downloads.

use super::{Agent, Bridge, Dialect, Download, Mirror, ModelRule, Oldest, Probes, Release, SourceDefaults, Token};
use crate::tables::{Architecture, Install, words};

pub(super) const CODEWHALE: Agent = Agent {
    slug: "codewhale",
    display_name: "CodeWhale",
    aliases: &[],
    homepage: "https://github.com/Hmbown/CodeWhale",
    // The newest whose bridges were read.
    version: "0.9.9",
    oldest: Oldest {
        version: [0, 9, 6],
        because: words(
            "is the first with static binaries for both architectures",
            "才开始为两种架构提供静态链接的程序",
        ),
    },
    releases: RELEASES,
    mirrors: MIRRORS,
    installs: &[Install::Native, Install::Docker],
    downloads,
    packages: &[("/usr/bin/node", "nodejs")],
    port: 7878,
    workspace: "/opt/whalebro",
    arguments: "serve --http --host 127.0.0.1 --port {port} --workers {workers}",
    home_env: Some("CODEWHALE_HOME"),
    token: Token {
        env: "CODEWHALE_RUNTIME_TOKEN",
        other_names: &["DEEPSEEK_RUNTIME_TOKEN"],
    },
    probes: Probes {
        health: "/health",
        guarded: "/v1/workspace/status",
    },
    bridges: BRIDGES,
    bridge_command: "/usr/bin/node /opt/codewhale/bridges/{bridge}-bridge/src/index.mjs",
    bridge_environment: "NODE_ENV=production",
    dialects: &[Dialect::ChatCompletions, Dialect::Messages, Dialect::Responses],
    models: MODELS,
    config_files: &["config.toml"],
    mcp_file: Some("mcp.json"),
    legacy_etc: Some("/etc/deepseek"),
    fragments: &[
        ("Dockerfile", include_str!("../../templates/codewhale/Dockerfile.tera")),
        ("bridge.env", include_str!("../../templates/codewhale/bridge.env.tera")),
        ("config.toml", include_str!("../../templates/codewhale/config.toml.tera")),
        ("install.sh", include_str!("../../templates/codewhale/install.sh.tera")),
        ("runtime.env", include_str!("../../templates/codewhale/runtime.env.tera")),
    ],
};

/// Upstream signs nothing and publishes no digest beside its notes, and no hash of these could be checked from here.
const RELEASES: &[Release] = &[
    Release {
        version: "0.9.9",
        mirror: "github",
        pins: &[],
    },
    Release {
        version: "0.9.9",
        mirror: "cnb",
        pins: &[],
    },
];

const MIRRORS: &[Mirror] = &[
    Mirror {
        slug: "github",
        mainland: false,
        sources: SourceDefaults {
            release_base_url: "https://github.com/Hmbown/CodeWhale/releases/download",
            git_url: "https://github.com/Hmbown/CodeWhale.git",
            image: "ghcr.io/hmbown/codewhale",
        },
        arm64: true,
    },
    Mirror {
        slug: "cnb",
        mainland: true,
        sources: SourceDefaults {
            release_base_url: "https://cnb.cool/codewhale.net/codewhale/-/releases/download",
            git_url: "https://cnb.cool/codewhale.net/codewhale.git",
            image: "ghcr.io/hmbown/codewhale",
        },
        arm64: false,
    },
];

fn downloads(install: Install, architecture: Architecture) -> &'static [Download] {
    match (install, architecture) {
        (Install::Docker, _) => &[Download::Image, Download::Git],
        (Install::Native, Architecture::X64) => &[Download::Git, Download::Binary(Architecture::X64)],
        (Install::Native, Architecture::Arm64) => &[Download::Git, Download::Binary(Architecture::Arm64)],
    }
}

const BRIDGES: &[Bridge] = &[
    Bridge {
        slug: "telegram",
        allowlist_env: "TELEGRAM_CHAT_ALLOWLIST",
        allow_unlisted_env: "TELEGRAM_ALLOW_UNLISTED",
        thread_map_env: "TELEGRAM_THREAD_MAP_PATH",
        fixed_settings: &[
            ("TELEGRAM_ALLOW_GROUPS", "false"),
            ("TELEGRAM_REQUIRE_PREFIX_IN_GROUP", "true"),
        ],
        npm: false,
        // A stop waits for the 50 s long poll of getUpdates.
        stop_timeout: 75,
    },
    Bridge {
        slug: "feishu",
        // Not FEISHU_CHAT_ALLOWLIST: the bridge never reads that name.
        allowlist_env: "CODEWHALE_CHAT_ALLOWLIST",
        allow_unlisted_env: "CODEWHALE_ALLOW_UNLISTED",
        thread_map_env: "FEISHU_THREAD_MAP_PATH",
        fixed_settings: &[
            ("FEISHU_ALLOW_GROUPS", "false"),
            ("FEISHU_REQUIRE_PREFIX_IN_GROUP", "true"),
            ("FEISHU_GROUP_PREFIX", "/cw"),
        ],
        npm: true,
        stop_timeout: 30,
    },
];

const fn auto(provider: &'static str, default_model: &'static str) -> ModelRule {
    ModelRule::auto(provider, default_model)
}

const MODELS: &[ModelRule] = &[
    ModelRule {
        model_prefix: Some("deepseek"),
        ..auto("deepseek", "deepseek-v4-pro")
    },
    auto("nvidia-nim", "deepseek-ai/deepseek-v4-pro"),
    ModelRule {
        model_note: Some(words(
            "the default model `deepseek-v4-pro` is a gateway default that api.openai.com does not serve; name a model it \
             serves with --model",
            "默认模型 `deepseek-v4-pro` 是网关的默认值，`api.openai.com` 并不提供；请用 `--model` 指定它提供的模型",
        )),
        ..auto("openai", "deepseek-v4-pro")
    },
    auto("atlascloud", "deepseek-ai/deepseek-v4-flash"),
    auto("wanjie-ark", "deepseek-reasoner"),
    auto("volcengine", "DeepSeek-V4-Pro"),
    auto("openrouter", "deepseek/deepseek-v4-pro"),
    auto("orcarouter", "deepseek/deepseek-v4-pro"),
    auto("xiaomi-mimo", "mimo-v2.5-pro"),
    auto("novita", "deepseek/deepseek-v4-pro"),
    auto("fireworks", "accounts/fireworks/models/deepseek-v4-pro"),
    auto("siliconflow", "deepseek-ai/DeepSeek-V4-Pro"),
    auto("arcee", "trinity-large-thinking"),
    ModelRule {
        name: Some("siliconflow-CN"),
        ..auto("siliconflow-cn", "deepseek-ai/DeepSeek-V4-Pro")
    },
    auto("moonshot", "kimi-k2.7-code"),
    auto("sglang", "deepseek-ai/DeepSeek-V4-Pro"),
    auto("vllm", "deepseek-ai/DeepSeek-V4-Pro"),
    ModelRule {
        loopback_only: true,
        ..auto("ollama", "deepseek-v4-flash")
    },
    auto("ollama-cloud", "gpt-oss:120b"),
    auto("huggingface", "deepseek-ai/DeepSeek-V4-Pro"),
    auto("together", "deepseek-ai/DeepSeek-V4-Pro"),
    auto("qianfan", "ernie-4.0-turbo-8k"),
    ModelRule {
        unsupported: Some(words(
            "it uses a ChatGPT login whose token expires and which CodeWhale does not refresh, so an unattended machine would stop \
             working",
            "它使用 ChatGPT 登录，令牌会过期，而 CodeWhale 不会刷新令牌，无人值守的服务器会停止工作",
        )),
        ..auto("openai-codex", "gpt-5.6")
    },
    auto("anthropic", "claude-sonnet-4-6"),
    auto("openmodel", "deepseek-v4-flash"),
    auto("zai", "GLM-5.3"),
    auto("stepfun", "step-3.7-flash"),
    auto("minimax", "MiniMax-M3"),
    auto("deepinfra", "deepseek-ai/DeepSeek-V4-Pro"),
    auto("sakana", "fugu"),
    auto("longcat", "LongCat-2.0"),
    ModelRule {
        model_note: Some(words(
            "only models on the provider's own list are accepted; the runtime rejects unknown ids",
            "只接受服务商列表中的模型；运行时会拒绝未知的 id",
        )),
        ..auto("opencode-go", "deepseek-v4-pro")
    },
    auto("opencode-zen", "gpt-5.6"),
    auto("meta", "muse-spark-1.2"),
    auto("xai", "grok-4.6"),
    auto("mistral", "mistral-code-latest"),
    auto("telecomjs", "deepseek-v4-pro"),
    auto("edenai", "deepseek/deepseek-v4-pro"),
    auto("modelstudio-token-plan", "qwen3.8-max"),
    auto("google", "gemini-3.1-pro-preview"),
    auto("antigravity", "gemini-3-pro-preview"),
    ModelRule {
        unsupported: Some(words(
            "it needs a `[providers.<name>]` table in the runtime's config.toml; environment variables alone cannot describe it",
            "它需要写在运行时 config.toml 的 `[providers.<name>]` 表里，只用环境变量无法描述",
        )),
        ..auto("custom", "custom-model")
    },
];
