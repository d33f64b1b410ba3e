//! Model providers: a `runtime.env` concern only, the bridge never knows them.
//!
//! Source: CodeWhale v0.9.9, `crates/config` provider registry. Order is the one users see in
//! lists: as the CodeWhale catalog has it.

mod families;

pub use families::FAMILIES;

use crate::tables::row;

/// Which endpoint the environment may name for a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUrl {
    /// The provider's own; the runtime sends the ambient key to no other host.
    Fixed,
    /// Only an address on the machine itself counts as keyless.
    Loopback,
    /// Any http(s) address: the server needs no key.
    Any,
}

/// How the key broker on the machine stands in for the agent's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBroker {
    /// It forwards to the provider's own address and adds the key.
    Adds(KeyHeader),
    /// It cannot, for this reason, so the runtime holds the key itself.
    Cannot(&'static str),
}

/// The header a provider reads its key from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHeader {
    /// `Authorization: Bearer`
    Bearer,
    /// `x-api-key`
    XApiKey,
    /// Either, by the model's protocol; both are sent.
    BearerAndXApiKey,
}

/// One model provider.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    /// What users write: `[a-z0-9-]+`, unique.
    pub slug: &'static str,
    /// What `CODEWHALE_PROVIDER` must say where it differs from the slug.
    pub runtime_slug: Option<&'static str>,
    pub display_name: &'static str,
    /// Other accepted spellings, lower case with dashes.
    pub aliases: &'static [&'static str],
    /// Names the key may have in the operator's environment; the first is the one the runtime is given.
    /// Empty for keyless providers.
    pub env_keys: &'static [&'static str],
    /// What the runtime uses for `auto`.
    pub default_model: &'static str,
    pub default_base_url: &'static str,
    pub base_url: BaseUrl,
    pub broker: KeyBroker,
    /// Beginnings of the paths the runtime calls there, where they are not those of the default base URL.
    pub api_paths: &'static [&'static str],
    /// Where a key is made; empty for keyless providers.
    pub key_page: &'static str,
    /// Model ids the runtime accepts must contain this, or be `auto`.
    pub model_prefix: Option<&'static str>,
    /// What an operator must know about `auto` and model ids.
    pub model_note: Option<&'static str>,
    /// Why this provider cannot be deployed from the environment alone.
    pub unsupported: Option<&'static str>,
}

impl Provider {
    /// The value of `CODEWHALE_PROVIDER`.
    pub fn runtime_slug(&self) -> &'static str {
        self.runtime_slug.unwrap_or(self.slug)
    }

    /// The name of the secret that holds the key; `None` for keyless providers.
    pub fn key(&self) -> Option<&'static str> {
        self.env_keys.first().copied()
    }

    /// The server is its user's own: it has an address and models that nobody else knows.
    pub fn is_keyless(&self) -> bool {
        self.base_url != BaseUrl::Fixed
    }

    /// Host and path of the default base URL; the path is empty or starts with `/`, without one at its end.
    pub fn upstream(&self) -> (&'static str, &'static str) {
        let address = self
            .default_base_url
            .split_once("://")
            .map_or("", |(_, address)| address);
        let address = address.trim_end_matches('/');
        address.find('/').map_or((address, ""), |at| address.split_at(at))
    }
}

const PROVIDER: Provider = Provider {
    slug: "",
    runtime_slug: None,
    display_name: "",
    aliases: &[],
    env_keys: &[],
    default_model: "",
    default_base_url: "",
    base_url: BaseUrl::Fixed,
    broker: KeyBroker::Adds(KeyHeader::Bearer),
    api_paths: &[],
    key_page: "",
    model_prefix: None,
    model_note: None,
    unsupported: None,
};

pub const PROVIDERS: &[Provider] = &[
    Provider {
        slug: "deepseek",
        display_name: "DeepSeek",
        aliases: &["deep-seek"],
        env_keys: &["DEEPSEEK_API_KEY"],
        default_model: "deepseek-v4-pro",
        default_base_url: "https://api.deepseek.com/beta",
        key_page: "https://platform.deepseek.com/api_keys",
        model_prefix: Some("deepseek"),
        api_paths: &["/beta", "/v1"],
        ..PROVIDER
    },
    Provider {
        slug: "nvidia-nim",
        display_name: "NVIDIA NIM",
        aliases: &["nvidia", "nim"],
        env_keys: &["NVIDIA_API_KEY", "NVIDIA_NIM_API_KEY"],
        default_model: "deepseek-ai/deepseek-v4-pro",
        default_base_url: "https://integrate.api.nvidia.com/v1",
        key_page: "https://build.nvidia.com/settings/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "openai",
        display_name: "OpenAI-compatible",
        aliases: &["open-ai"],
        env_keys: &["OPENAI_API_KEY"],
        default_model: "deepseek-v4-pro",
        default_base_url: "https://api.openai.com/v1",
        key_page: "https://platform.openai.com/api-keys",
        model_note: Some(
            "the provider's default model `deepseek-v4-pro` is a gateway default that api.openai.com does not serve; name one it does with --model",
        ),
        ..PROVIDER
    },
    Provider {
        slug: "atlascloud",
        display_name: "AtlasCloud",
        aliases: &["atlas-cloud", "atlas"],
        env_keys: &["ATLASCLOUD_API_KEY"],
        default_model: "deepseek-ai/deepseek-v4-flash",
        default_base_url: "https://api.atlascloud.ai/v1",
        key_page: "https://atlascloud.ai/docs/en/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "wanjie-ark",
        display_name: "Wanjie Ark",
        aliases: &["wanjie", "ark-wanjie", "wanjieark", "wanjie-maas", "wanjiemaas"],
        env_keys: &["WANJIE_ARK_API_KEY", "WANJIE_API_KEY", "WANJIE_MAAS_API_KEY"],
        default_model: "deepseek-reasoner",
        default_base_url: "https://maas-openapi.wanjiedata.com/api/v1",
        key_page: "https://docs.wanjiedata.com/maas/maas-openapi-v1.html",
        ..PROVIDER
    },
    Provider {
        slug: "volcengine",
        display_name: "Volcengine Ark",
        aliases: &["volcengine-ark", "ark", "volc-ark", "volcengineark"],
        env_keys: &["VOLCENGINE_API_KEY", "VOLCENGINE_ARK_API_KEY", "ARK_API_KEY"],
        default_model: "DeepSeek-V4-Pro",
        default_base_url: "https://ark.cn-beijing.volces.com/api/coding/v3",
        key_page: "https://console.volcengine.com/ark/apiKey",
        ..PROVIDER
    },
    Provider {
        slug: "openrouter",
        display_name: "OpenRouter",
        aliases: &["open-router"],
        env_keys: &["OPENROUTER_API_KEY"],
        default_model: "deepseek/deepseek-v4-pro",
        default_base_url: "https://openrouter.ai/api/v1",
        key_page: "https://openrouter.ai/settings/keys",
        ..PROVIDER
    },
    Provider {
        slug: "orcarouter",
        display_name: "OrcaRouter",
        aliases: &["orca-router"],
        env_keys: &["ORCAROUTER_API_KEY"],
        default_model: "deepseek/deepseek-v4-pro",
        default_base_url: "https://api.orcarouter.ai/v1",
        key_page: "https://www.orcarouter.ai",
        ..PROVIDER
    },
    Provider {
        slug: "xiaomi-mimo",
        display_name: "Xiaomi MiMo",
        aliases: &["xiaomimimo", "mimo", "xiaomi"],
        env_keys: &[
            "XIAOMI_MIMO_TOKEN_PLAN_API_KEY",
            "MIMO_TOKEN_PLAN_API_KEY",
            "XIAOMI_MIMO_API_KEY",
            "XIAOMI_API_KEY",
            "MIMO_API_KEY",
        ],
        default_model: "mimo-v2.5-pro",
        default_base_url: "https://token-plan-sgp.xiaomimimo.com/v1",
        key_page: "https://platform.xiaomimimo.com/token-plan",
        broker: KeyBroker::Cannot(
            "the kind of key decides which of its hosts is asked, and the broker cannot know that beforehand",
        ),
        ..PROVIDER
    },
    Provider {
        slug: "novita",
        display_name: "Novita AI",
        aliases: &["novita-ai"],
        env_keys: &["NOVITA_API_KEY"],
        default_model: "deepseek/deepseek-v4-pro",
        default_base_url: "https://api.novita.ai/openai/v1",
        key_page: "https://novita.ai/en/settings/key-management",
        ..PROVIDER
    },
    Provider {
        slug: "fireworks",
        display_name: "Fireworks AI",
        aliases: &["fireworks-ai"],
        env_keys: &["FIREWORKS_API_KEY"],
        default_model: "accounts/fireworks/models/deepseek-v4-pro",
        default_base_url: "https://api.fireworks.ai/inference/v1",
        key_page: "https://fireworks.ai/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "siliconflow",
        display_name: "SiliconFlow",
        aliases: &["silicon-flow"],
        env_keys: &["SILICONFLOW_API_KEY"],
        default_model: "deepseek-ai/DeepSeek-V4-Pro",
        default_base_url: "https://api.siliconflow.com/v1",
        key_page: "https://cloud.siliconflow.com/account/ak",
        ..PROVIDER
    },
    Provider {
        slug: "arcee",
        display_name: "Arcee AI",
        aliases: &["arcee-ai"],
        env_keys: &["ARCEE_API_KEY"],
        default_model: "trinity-large-thinking",
        default_base_url: "https://api.arcee.ai/api/v1",
        key_page: "https://docs.arcee.ai/other/create-your-first-api-key",
        ..PROVIDER
    },
    Provider {
        slug: "siliconflow-cn",
        runtime_slug: Some("siliconflow-CN"),
        display_name: "SiliconFlow (China)",
        aliases: &["silicon-flow-cn", "siliconflow-china"],
        env_keys: &["SILICONFLOW_API_KEY"],
        default_model: "deepseek-ai/DeepSeek-V4-Pro",
        default_base_url: "https://api.siliconflow.cn/v1",
        key_page: "https://cloud.siliconflow.cn/account/ak",
        ..PROVIDER
    },
    Provider {
        slug: "moonshot",
        display_name: "Moonshot/Kimi",
        aliases: &["moonshot-ai", "moonshotai", "kimi", "kimi-k2"],
        env_keys: &["MOONSHOT_API_KEY", "KIMI_API_KEY"],
        default_model: "kimi-k2.7-code",
        default_base_url: "https://api.moonshot.ai/v1",
        key_page: "https://platform.kimi.ai/console/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "sglang",
        display_name: "SGLang",
        aliases: &["sg-lang"],
        default_model: "deepseek-ai/DeepSeek-V4-Pro",
        default_base_url: "http://localhost:30000/v1",
        base_url: BaseUrl::Any,
        ..PROVIDER
    },
    Provider {
        slug: "vllm",
        display_name: "vLLM",
        aliases: &["v-llm"],
        default_model: "deepseek-ai/DeepSeek-V4-Pro",
        default_base_url: "http://localhost:8000/v1",
        base_url: BaseUrl::Any,
        ..PROVIDER
    },
    Provider {
        slug: "ollama",
        display_name: "Ollama",
        aliases: &["ollama-local"],
        default_model: "deepseek-v4-flash",
        default_base_url: "http://localhost:11434/v1",
        base_url: BaseUrl::Loopback,
        ..PROVIDER
    },
    Provider {
        slug: "ollama-cloud",
        display_name: "Ollama Cloud",
        env_keys: &["OLLAMA_CLOUD_API_KEY"],
        default_model: "gpt-oss:120b",
        default_base_url: "https://ollama.com/v1",
        key_page: "https://ollama.com/settings/keys",
        ..PROVIDER
    },
    Provider {
        slug: "huggingface",
        display_name: "Hugging Face",
        aliases: &["hugging-face", "hf"],
        env_keys: &["HUGGINGFACE_API_KEY", "HF_TOKEN"],
        default_model: "deepseek-ai/DeepSeek-V4-Pro",
        default_base_url: "https://router.huggingface.co/v1",
        key_page: "https://huggingface.co/settings/tokens",
        ..PROVIDER
    },
    Provider {
        slug: "together",
        display_name: "Together AI",
        aliases: &["together-ai", "togetherai"],
        env_keys: &["TOGETHER_API_KEY"],
        default_model: "deepseek-ai/DeepSeek-V4-Pro",
        default_base_url: "https://api.together.xyz/v1",
        key_page: "https://api.together.ai/settings/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "qianfan",
        display_name: "Baidu Qianfan",
        aliases: &["baidu-qianfan", "baidu"],
        env_keys: &["QIANFAN_API_KEY", "BAIDU_QIANFAN_API_KEY"],
        default_model: "ernie-4.0-turbo-8k",
        default_base_url: "https://api.baiduqianfan.ai/v1",
        key_page: "https://console.bce.baidu.com/iam/#/iam/accesslist",
        ..PROVIDER
    },
    Provider {
        slug: "openai-codex",
        display_name: "OpenAI Codex (ChatGPT)",
        aliases: &["openaicodex", "codex", "chatgpt", "chatgpt-codex", "chatgptcodex"],
        default_model: "gpt-5.6",
        default_base_url: "https://chatgpt.com/backend-api",
        unsupported: Some(
            "it signs in with a ChatGPT login whose token expires and which CodeWhale does not refresh, so an unattended machine would stop working",
        ),
        ..PROVIDER
    },
    Provider {
        slug: "anthropic",
        display_name: "Anthropic",
        env_keys: &["ANTHROPIC_API_KEY"],
        default_model: "claude-sonnet-4-6",
        default_base_url: "https://api.anthropic.com",
        key_page: "https://console.anthropic.com/settings/keys",
        broker: KeyBroker::Adds(KeyHeader::XApiKey),
        api_paths: &["/v1"],
        ..PROVIDER
    },
    Provider {
        slug: "openmodel",
        display_name: "OpenModel",
        aliases: &["open-model"],
        env_keys: &["OPENMODEL_API_KEY"],
        default_model: "deepseek-v4-flash",
        default_base_url: "https://api.openmodel.ai",
        key_page: "https://console.openmodel.ai/",
        api_paths: &["/v1"],
        ..PROVIDER
    },
    Provider {
        slug: "zai",
        display_name: "Zhipu AI / Z.ai",
        aliases: &["z-ai", "z.ai", "zhipu", "zhipuai", "bigmodel", "big-model"],
        env_keys: &["ZAI_API_KEY", "Z_AI_API_KEY", "ZHIPU_API_KEY", "GLM_API_KEY"],
        default_model: "GLM-5.3",
        default_base_url: "https://api.z.ai/api/coding/paas/v4",
        key_page: "https://z.ai/model-api",
        ..PROVIDER
    },
    Provider {
        slug: "stepfun",
        display_name: "StepFun / StepFlash",
        aliases: &["step-fun", "stepflash", "step-flash"],
        env_keys: &["STEPFUN_API_KEY", "STEP_API_KEY"],
        default_model: "step-3.7-flash",
        default_base_url: "https://api.stepfun.ai/v1",
        key_page: "https://platform.stepfun.ai/",
        ..PROVIDER
    },
    Provider {
        slug: "minimax",
        display_name: "MiniMax",
        aliases: &["mini-max"],
        env_keys: &["MINIMAX_API_KEY"],
        default_model: "MiniMax-M3",
        default_base_url: "https://api.minimax.io/v1",
        key_page: "https://platform.minimax.io/user-center/basic-information/interface-key",
        ..PROVIDER
    },
    Provider {
        slug: "deepinfra",
        display_name: "DeepInfra",
        aliases: &["deep-infra"],
        env_keys: &["DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"],
        default_model: "deepseek-ai/DeepSeek-V4-Pro",
        default_base_url: "https://api.deepinfra.com/v1/openai",
        key_page: "https://deepinfra.com/dash/api_keys",
        ..PROVIDER
    },
    Provider {
        slug: "sakana",
        display_name: "Sakana AI (Fugu)",
        aliases: &["sakana-ai", "fugu"],
        env_keys: &["FUGU_API_KEY", "SAKANA_API_KEY"],
        default_model: "fugu",
        default_base_url: "https://api.sakana.ai/v1",
        key_page: "https://console.sakana.ai/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "longcat",
        display_name: "Meituan LongCat",
        aliases: &["long-cat", "meituan-longcat", "meituan"],
        env_keys: &["LONGCAT_API_KEY"],
        default_model: "LongCat-2.0",
        default_base_url: "https://api.longcat.chat/openai/v1",
        key_page: "https://longcat.chat/platform",
        ..PROVIDER
    },
    Provider {
        slug: "opencode-go",
        display_name: "OpenCode Go",
        aliases: &["opencodego"],
        env_keys: &["OPENCODE_GO_API_KEY"],
        default_model: "deepseek-v4-pro",
        default_base_url: "https://opencode.ai/zen/go/v1",
        key_page: "https://opencode.ai/zen/",
        model_note: Some(
            "only models on the provider's own list are accepted; an unknown id is rejected by the runtime",
        ),
        ..PROVIDER
    },
    Provider {
        slug: "opencode-zen",
        display_name: "OpenCode Zen",
        aliases: &["opencodezen", "zen", "opencode"],
        env_keys: &["OPENCODE_ZEN_API_KEY", "OPENCODE_API_KEY"],
        default_model: "gpt-5.6",
        default_base_url: "https://opencode.ai/zen/v1",
        key_page: "https://opencode.ai/zen/",
        broker: KeyBroker::Adds(KeyHeader::BearerAndXApiKey),
        ..PROVIDER
    },
    Provider {
        slug: "meta",
        display_name: "Meta Model API",
        aliases: &["meta-ai", "meta-model-api", "muse", "muse-spark"],
        env_keys: &["META_MODEL_API_KEY", "MODEL_API_KEY"],
        default_model: "muse-spark-1.2",
        default_base_url: "https://api.meta.ai/v1",
        key_page: "https://developer.meta.com/ai/",
        ..PROVIDER
    },
    Provider {
        slug: "xai",
        display_name: "xAI",
        aliases: &["x-ai", "grok"],
        env_keys: &["XAI_API_KEY"],
        default_model: "grok-4.6",
        default_base_url: "https://api.x.ai/v1",
        key_page: "https://console.x.ai/",
        ..PROVIDER
    },
    Provider {
        slug: "mistral",
        display_name: "Mistral AI",
        aliases: &["mistral-ai", "mistralai", "la-plateforme"],
        env_keys: &["MISTRAL_API_KEY"],
        default_model: "mistral-code-latest",
        default_base_url: "https://api.mistral.ai/v1",
        key_page: "https://console.mistral.ai/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "telecomjs",
        display_name: "TelecomJS TokenHub",
        aliases: &["telecom-js", "telecomjs-cn", "tokenhub"],
        env_keys: &["TELECOMJS_API_KEY"],
        default_model: "deepseek-v4-pro",
        default_base_url: "https://aigw.telecomjs.com/v1",
        key_page: "https://aigw.telecomjs.com/",
        ..PROVIDER
    },
    Provider {
        slug: "edenai",
        display_name: "Eden AI",
        aliases: &["eden-ai"],
        env_keys: &["EDENAI_API_KEY"],
        default_model: "deepseek/deepseek-v4-pro",
        default_base_url: "https://api.edenai.run/v3",
        key_page: "https://app.edenai.run/settings/api-keys",
        ..PROVIDER
    },
    Provider {
        slug: "modelstudio-token-plan",
        display_name: "Alibaba Cloud Model Studio",
        aliases: &[
            "modelstudio",
            "alibaba-token-plan",
            "dashscope-token-plan",
            "alibaba",
            "dashscope",
        ],
        env_keys: &["MODELSTUDIO_API_KEY", "DASHSCOPE_API_KEY"],
        default_model: "qwen3.8-max",
        default_base_url: "https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1",
        key_page: "https://bailian.console.aliyun.com/",
        ..PROVIDER
    },
    Provider {
        slug: "google",
        display_name: "Google Gemini",
        aliases: &["google-gemini", "gemini", "google-ai", "ai-studio", "aistudio"],
        env_keys: &["GOOGLE_API_KEY", "GEMINI_API_KEY"],
        default_model: "gemini-3.1-pro-preview",
        default_base_url: "https://generativelanguage.googleapis.com/v1beta/openai/",
        key_page: "https://aistudio.google.com/apikey",
        ..PROVIDER
    },
    Provider {
        slug: "antigravity",
        display_name: "Google Antigravity",
        aliases: &["agy"],
        default_model: "gemini-3-pro-preview",
        default_base_url: "https://cloudcode-pa.googleapis.com/v1internal",
        unsupported: Some("CodeWhale does not implement its wire protocol yet, so no request would go out"),
        ..PROVIDER
    },
    Provider {
        slug: "custom",
        display_name: "Custom (OpenAI-compatible)",
        default_model: "custom-model",
        default_base_url: "http://localhost/v1",
        unsupported: Some(
            "it needs a `[providers.<name>]` table in the runtime's config.toml; environment variables alone cannot describe it",
        ),
        ..PROVIDER
    },
];

row!(Provider, "provider", PROVIDERS);
