//! Who serves models of its own.

use super::provider::{Endpoint, KeyBroker, KeyHeader, PROVIDER, Provider, chat, code_assist, messages, responses};
use crate::tables::{Words, words};

pub(super) const DEEPSEEK: Provider = Provider {
    slug: "deepseek",
    display_name: Words::same("DeepSeek"),
    aliases: &["deep-seek"],
    env_keys: &["DEEPSEEK_API_KEY"],
    endpoints: &[Endpoint {
        paths: &["/beta", "/v1"],
        ..chat("https://api.deepseek.com/beta")
    }],
    key_page: "https://platform.deepseek.com/api_keys",
    ..PROVIDER
};

pub(super) const OPENAI: Provider = Provider {
    slug: "openai",
    display_name: words("OpenAI-compatible", "OpenAI 兼容接口"),
    aliases: &["open-ai"],
    env_keys: &["OPENAI_API_KEY"],
    endpoints: &[chat("https://api.openai.com/v1")],
    key_page: "https://platform.openai.com/api-keys",
    ..PROVIDER
};

pub(super) const VOLCENGINE: Provider = Provider {
    slug: "volcengine",
    display_name: words("Volcengine Ark", "火山方舟"),
    aliases: &["volcengine-ark", "ark", "volc-ark", "volcengineark"],
    env_keys: &["VOLCENGINE_API_KEY", "VOLCENGINE_ARK_API_KEY", "ARK_API_KEY"],
    endpoints: &[chat("https://ark.cn-beijing.volces.com/api/coding/v3")],
    key_page: "https://console.volcengine.com/ark/apiKey",
    ..PROVIDER
};

pub(super) const XIAOMI_MIMO: Provider = Provider {
    slug: "xiaomi-mimo",
    display_name: Words::same("Xiaomi MiMo"),
    aliases: &["xiaomimimo", "mimo", "xiaomi"],
    env_keys: &[
        "XIAOMI_MIMO_TOKEN_PLAN_API_KEY",
        "MIMO_TOKEN_PLAN_API_KEY",
        "XIAOMI_MIMO_API_KEY",
        "XIAOMI_API_KEY",
        "MIMO_API_KEY",
    ],
    endpoints: &[chat("https://token-plan-sgp.xiaomimimo.com/v1")],
    broker: KeyBroker::Cannot(words(
        "the kind of key decides which host to call, and the broker cannot know that in advance",
        "密钥类型决定访问哪个地址，而密钥代理无法预先知道",
    )),
    key_page: "https://platform.xiaomimimo.com/token-plan",
    ..PROVIDER
};

pub(super) const ARCEE: Provider = Provider {
    slug: "arcee",
    display_name: Words::same("Arcee AI"),
    aliases: &["arcee-ai"],
    env_keys: &["ARCEE_API_KEY"],
    endpoints: &[chat("https://api.arcee.ai/api/v1")],
    key_page: "https://docs.arcee.ai/other/create-your-first-api-key",
    ..PROVIDER
};

pub(super) const MOONSHOT: Provider = Provider {
    slug: "moonshot",
    display_name: Words::same("Moonshot/Kimi"),
    aliases: &["moonshot-ai", "moonshotai", "kimi", "kimi-k2"],
    env_keys: &["MOONSHOT_API_KEY", "KIMI_API_KEY"],
    endpoints: &[chat("https://api.moonshot.ai/v1")],
    key_page: "https://platform.kimi.ai/console/api-keys",
    ..PROVIDER
};

pub(super) const QIANFAN: Provider = Provider {
    slug: "qianfan",
    display_name: words("Baidu Qianfan", "百度千帆"),
    aliases: &["baidu-qianfan", "baidu"],
    env_keys: &["QIANFAN_API_KEY", "BAIDU_QIANFAN_API_KEY"],
    endpoints: &[chat("https://api.baiduqianfan.ai/v1")],
    key_page: "https://console.bce.baidu.com/iam/#/iam/accesslist",
    ..PROVIDER
};

pub(super) const OPENAI_CODEX: Provider = Provider {
    slug: "openai-codex",
    display_name: Words::same("OpenAI Codex (ChatGPT)"),
    aliases: &["openaicodex", "codex", "chatgpt", "chatgpt-codex", "chatgptcodex"],
    endpoints: &[responses("https://chatgpt.com/backend-api")],
    ..PROVIDER
};

pub(super) const ANTHROPIC: Provider = Provider {
    slug: "anthropic",
    display_name: Words::same("Anthropic"),
    env_keys: &["ANTHROPIC_API_KEY"],
    endpoints: &[Endpoint {
        paths: &["/v1"],
        ..messages("https://api.anthropic.com")
    }],
    broker: KeyBroker::Adds(KeyHeader::XApiKey),
    key_page: "https://console.anthropic.com/settings/keys",
    ..PROVIDER
};

pub(super) const ZAI: Provider = Provider {
    slug: "zai",
    display_name: words("Zhipu AI / Z.ai", "智谱 AI / Z.ai"),
    aliases: &["z-ai", "z.ai", "zhipu", "zhipuai", "bigmodel", "big-model"],
    env_keys: &["ZAI_API_KEY", "Z_AI_API_KEY", "ZHIPU_API_KEY", "GLM_API_KEY"],
    endpoints: &[chat("https://api.z.ai/api/coding/paas/v4")],
    key_page: "https://z.ai/model-api",
    ..PROVIDER
};

pub(super) const STEPFUN: Provider = Provider {
    slug: "stepfun",
    display_name: Words::same("StepFun / StepFlash"),
    aliases: &["step-fun", "stepflash", "step-flash"],
    env_keys: &["STEPFUN_API_KEY", "STEP_API_KEY"],
    endpoints: &[chat("https://api.stepfun.ai/v1")],
    key_page: "https://platform.stepfun.ai/",
    ..PROVIDER
};

pub(super) const MINIMAX: Provider = Provider {
    slug: "minimax",
    display_name: Words::same("MiniMax"),
    aliases: &["mini-max"],
    env_keys: &["MINIMAX_API_KEY"],
    endpoints: &[chat("https://api.minimax.io/v1")],
    key_page: "https://platform.minimax.io/user-center/basic-information/interface-key",
    ..PROVIDER
};

pub(super) const SAKANA: Provider = Provider {
    slug: "sakana",
    display_name: Words::same("Sakana AI (Fugu)"),
    aliases: &["sakana-ai", "fugu"],
    env_keys: &["FUGU_API_KEY", "SAKANA_API_KEY"],
    endpoints: &[chat("https://api.sakana.ai/v1")],
    key_page: "https://console.sakana.ai/api-keys",
    ..PROVIDER
};

pub(super) const LONGCAT: Provider = Provider {
    slug: "longcat",
    display_name: words("Meituan LongCat", "美团 LongCat"),
    aliases: &["long-cat", "meituan-longcat", "meituan"],
    env_keys: &["LONGCAT_API_KEY"],
    endpoints: &[chat("https://api.longcat.chat/openai/v1")],
    key_page: "https://longcat.chat/platform",
    ..PROVIDER
};

pub(super) const META: Provider = Provider {
    slug: "meta",
    display_name: Words::same("Meta Model API"),
    aliases: &["meta-ai", "meta-model-api", "muse", "muse-spark"],
    env_keys: &["META_MODEL_API_KEY", "MODEL_API_KEY"],
    endpoints: &[chat("https://api.meta.ai/v1")],
    key_page: "https://developer.meta.com/ai/",
    ..PROVIDER
};

pub(super) const XAI: Provider = Provider {
    slug: "xai",
    display_name: Words::same("xAI"),
    aliases: &["x-ai", "grok"],
    env_keys: &["XAI_API_KEY"],
    endpoints: &[chat("https://api.x.ai/v1")],
    key_page: "https://console.x.ai/",
    ..PROVIDER
};

pub(super) const MISTRAL: Provider = Provider {
    slug: "mistral",
    display_name: Words::same("Mistral AI"),
    aliases: &["mistral-ai", "mistralai", "la-plateforme"],
    env_keys: &["MISTRAL_API_KEY"],
    endpoints: &[chat("https://api.mistral.ai/v1")],
    key_page: "https://console.mistral.ai/api-keys",
    ..PROVIDER
};

pub(super) const MODELSTUDIO_TOKEN_PLAN: Provider = Provider {
    slug: "modelstudio-token-plan",
    display_name: words("Alibaba Cloud Model Studio", "阿里云百炼"),
    aliases: &[
        "modelstudio",
        "alibaba-token-plan",
        "dashscope-token-plan",
        "alibaba",
        "dashscope",
    ],
    env_keys: &["MODELSTUDIO_API_KEY", "DASHSCOPE_API_KEY"],
    endpoints: &[chat(
        "https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1",
    )],
    key_page: "https://bailian.console.aliyun.com/",
    ..PROVIDER
};

pub(super) const GOOGLE: Provider = Provider {
    slug: "google",
    display_name: Words::same("Google Gemini"),
    aliases: &["google-gemini", "gemini", "google-ai", "ai-studio", "aistudio"],
    env_keys: &["GOOGLE_API_KEY", "GEMINI_API_KEY"],
    endpoints: &[chat("https://generativelanguage.googleapis.com/v1beta/openai/")],
    key_page: "https://aistudio.google.com/apikey",
    ..PROVIDER
};

pub(super) const ANTIGRAVITY: Provider = Provider {
    slug: "antigravity",
    display_name: Words::same("Google Antigravity"),
    aliases: &["agy"],
    endpoints: &[code_assist("https://cloudcode-pa.googleapis.com/v1internal")],
    ..PROVIDER
};
