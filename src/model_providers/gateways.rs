//! Who serves models of others.

use super::provider::{Endpoint, KeyBroker, KeyHeader, PROVIDER, Provider, chat, messages};
use crate::tables::{Words, words};

pub(super) const NVIDIA_NIM: Provider = Provider {
    slug: "nvidia-nim",
    display_name: Words::same("NVIDIA NIM"),
    aliases: &["nvidia", "nim"],
    env_keys: &["NVIDIA_API_KEY", "NVIDIA_NIM_API_KEY"],
    endpoints: &[chat("https://integrate.api.nvidia.com/v1")],
    key_page: "https://build.nvidia.com/settings/api-keys",
    ..PROVIDER
};

pub(super) const ATLASCLOUD: Provider = Provider {
    slug: "atlascloud",
    display_name: Words::same("AtlasCloud"),
    aliases: &["atlas-cloud", "atlas"],
    env_keys: &["ATLASCLOUD_API_KEY"],
    endpoints: &[chat("https://api.atlascloud.ai/v1")],
    key_page: "https://atlascloud.ai/docs/en/api-keys",
    ..PROVIDER
};

pub(super) const WANJIE_ARK: Provider = Provider {
    slug: "wanjie-ark",
    display_name: Words::same("Wanjie Ark"),
    aliases: &["wanjie", "ark-wanjie", "wanjieark", "wanjie-maas", "wanjiemaas"],
    env_keys: &["WANJIE_ARK_API_KEY", "WANJIE_API_KEY", "WANJIE_MAAS_API_KEY"],
    endpoints: &[chat("https://maas-openapi.wanjiedata.com/api/v1")],
    key_page: "https://docs.wanjiedata.com/maas/maas-openapi-v1.html",
    ..PROVIDER
};

pub(super) const OPENROUTER: Provider = Provider {
    slug: "openrouter",
    display_name: Words::same("OpenRouter"),
    aliases: &["open-router"],
    env_keys: &["OPENROUTER_API_KEY"],
    endpoints: &[chat("https://openrouter.ai/api/v1")],
    key_page: "https://openrouter.ai/settings/keys",
    ..PROVIDER
};

pub(super) const ORCAROUTER: Provider = Provider {
    slug: "orcarouter",
    display_name: Words::same("OrcaRouter"),
    aliases: &["orca-router"],
    env_keys: &["ORCAROUTER_API_KEY"],
    endpoints: &[chat("https://api.orcarouter.ai/v1")],
    key_page: "https://www.orcarouter.ai",
    ..PROVIDER
};

pub(super) const NOVITA: Provider = Provider {
    slug: "novita",
    display_name: Words::same("Novita AI"),
    aliases: &["novita-ai"],
    env_keys: &["NOVITA_API_KEY"],
    endpoints: &[chat("https://api.novita.ai/openai/v1")],
    key_page: "https://novita.ai/en/settings/key-management",
    ..PROVIDER
};

pub(super) const FIREWORKS: Provider = Provider {
    slug: "fireworks",
    display_name: Words::same("Fireworks AI"),
    aliases: &["fireworks-ai"],
    env_keys: &["FIREWORKS_API_KEY"],
    endpoints: &[chat("https://api.fireworks.ai/inference/v1")],
    key_page: "https://fireworks.ai/api-keys",
    ..PROVIDER
};

pub(super) const SILICONFLOW: Provider = Provider {
    slug: "siliconflow",
    display_name: Words::same("SiliconFlow"),
    aliases: &["silicon-flow"],
    env_keys: &["SILICONFLOW_API_KEY"],
    endpoints: &[chat("https://api.siliconflow.com/v1")],
    key_page: "https://cloud.siliconflow.com/account/ak",
    ..PROVIDER
};

pub(super) const SILICONFLOW_CN: Provider = Provider {
    slug: "siliconflow-cn",
    display_name: words("SiliconFlow (China)", "硅基流动中国站"),
    aliases: &["silicon-flow-cn", "siliconflow-china"],
    env_keys: &["SILICONFLOW_API_KEY"],
    endpoints: &[chat("https://api.siliconflow.cn/v1")],
    key_page: "https://cloud.siliconflow.cn/account/ak",
    ..PROVIDER
};

pub(super) const OLLAMA_CLOUD: Provider = Provider {
    slug: "ollama-cloud",
    display_name: Words::same("Ollama Cloud"),
    env_keys: &["OLLAMA_CLOUD_API_KEY"],
    endpoints: &[chat("https://ollama.com/v1")],
    key_page: "https://ollama.com/settings/keys",
    ..PROVIDER
};

pub(super) const HUGGINGFACE: Provider = Provider {
    slug: "huggingface",
    display_name: Words::same("Hugging Face"),
    aliases: &["hugging-face", "hf"],
    env_keys: &["HUGGINGFACE_API_KEY", "HF_TOKEN"],
    endpoints: &[chat("https://router.huggingface.co/v1")],
    key_page: "https://huggingface.co/settings/tokens",
    ..PROVIDER
};

pub(super) const TOGETHER: Provider = Provider {
    slug: "together",
    display_name: Words::same("Together AI"),
    aliases: &["together-ai", "togetherai"],
    env_keys: &["TOGETHER_API_KEY"],
    endpoints: &[chat("https://api.together.xyz/v1")],
    key_page: "https://api.together.ai/settings/api-keys",
    ..PROVIDER
};

pub(super) const OPENMODEL: Provider = Provider {
    slug: "openmodel",
    display_name: Words::same("OpenModel"),
    aliases: &["open-model"],
    env_keys: &["OPENMODEL_API_KEY"],
    endpoints: &[Endpoint {
        paths: &["/v1"],
        ..messages("https://api.openmodel.ai")
    }],
    key_page: "https://console.openmodel.ai/",
    ..PROVIDER
};

pub(super) const DEEPINFRA: Provider = Provider {
    slug: "deepinfra",
    display_name: Words::same("DeepInfra"),
    aliases: &["deep-infra"],
    env_keys: &["DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"],
    endpoints: &[chat("https://api.deepinfra.com/v1/openai")],
    key_page: "https://deepinfra.com/dash/api_keys",
    ..PROVIDER
};

pub(super) const OPENCODE_GO: Provider = Provider {
    slug: "opencode-go",
    display_name: Words::same("OpenCode Go"),
    aliases: &["opencodego"],
    env_keys: &["OPENCODE_GO_API_KEY"],
    endpoints: &[chat("https://opencode.ai/zen/go/v1")],
    key_page: "https://opencode.ai/zen/",
    ..PROVIDER
};

pub(super) const OPENCODE_ZEN: Provider = Provider {
    slug: "opencode-zen",
    display_name: Words::same("OpenCode Zen"),
    aliases: &["opencodezen", "zen", "opencode"],
    env_keys: &["OPENCODE_ZEN_API_KEY", "OPENCODE_API_KEY"],
    endpoints: &[
        chat("https://opencode.ai/zen/v1"),
        messages("https://opencode.ai/zen/v1"),
    ],
    broker: KeyBroker::Adds(KeyHeader::BearerAndXApiKey),
    key_page: "https://opencode.ai/zen/",
    ..PROVIDER
};

pub(super) const TELECOMJS: Provider = Provider {
    slug: "telecomjs",
    display_name: Words::same("TelecomJS TokenHub"),
    aliases: &["telecom-js", "telecomjs-cn", "tokenhub"],
    env_keys: &["TELECOMJS_API_KEY"],
    endpoints: &[chat("https://aigw.telecomjs.com/v1")],
    key_page: "https://aigw.telecomjs.com/",
    ..PROVIDER
};

pub(super) const EDENAI: Provider = Provider {
    slug: "edenai",
    display_name: Words::same("Eden AI"),
    aliases: &["eden-ai"],
    env_keys: &["EDENAI_API_KEY"],
    endpoints: &[chat("https://api.edenai.run/v3")],
    key_page: "https://app.edenai.run/settings/api-keys",
    ..PROVIDER
};
