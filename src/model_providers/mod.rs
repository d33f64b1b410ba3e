//! Model providers, whoever asks them. What an agent makes of one is in the agent's row; [`View`] puts both together.

mod families;
mod gateways;
mod makers;
mod own_servers;
mod provider;
mod view;

pub use families::FAMILIES;
pub use provider::{Endpoint, KeyBroker, KeyHeader, Provider};
pub use view::View;

use crate::tables::row;

/// In the order users see them.
pub const PROVIDERS: &[Provider] = &[
    makers::DEEPSEEK,
    gateways::NVIDIA_NIM,
    makers::OPENAI,
    gateways::ATLASCLOUD,
    gateways::WANJIE_ARK,
    makers::VOLCENGINE,
    gateways::OPENROUTER,
    gateways::ORCAROUTER,
    makers::XIAOMI_MIMO,
    gateways::NOVITA,
    gateways::FIREWORKS,
    gateways::SILICONFLOW,
    makers::ARCEE,
    gateways::SILICONFLOW_CN,
    makers::MOONSHOT,
    own_servers::SGLANG,
    own_servers::VLLM,
    own_servers::OLLAMA,
    gateways::OLLAMA_CLOUD,
    gateways::HUGGINGFACE,
    gateways::TOGETHER,
    makers::QIANFAN,
    makers::OPENAI_CODEX,
    makers::ANTHROPIC,
    gateways::OPENMODEL,
    makers::ZAI,
    makers::STEPFUN,
    makers::MINIMAX,
    gateways::DEEPINFRA,
    makers::SAKANA,
    makers::LONGCAT,
    gateways::OPENCODE_GO,
    gateways::OPENCODE_ZEN,
    makers::META,
    makers::XAI,
    makers::MISTRAL,
    gateways::TELECOMJS,
    gateways::EDENAI,
    makers::MODELSTUDIO_TOKEN_PLAN,
    makers::GOOGLE,
    makers::ANTIGRAVITY,
    own_servers::CUSTOM,
];

row!(Provider, "provider", PROVIDERS);
