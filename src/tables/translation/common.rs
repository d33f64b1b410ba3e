//! Bridges, providers and secrets.

/// Names that Chinese readers know by another one. The others stay as they are.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("Feishu / Lark", "飞书 / Lark"),
    ("OpenAI-compatible", "OpenAI 兼容接口"),
    ("SiliconFlow (China)", "硅基流动中国站"),
    ("Baidu Qianfan", "百度千帆"),
    ("Volcengine Ark", "火山方舟"),
    ("Alibaba Cloud Model Studio", "阿里云百炼"),
    ("Meituan LongCat", "美团 LongCat"),
    ("Zhipu AI / Z.ai", "智谱 AI / Z.ai"),
];

pub(super) const SECRETS: &[(&str, &str)] = &[
    ("{} API key", "{} 的 API 密钥"),
    ("Make one at {}", "在 {} 创建"),
    ("Runtime token", "运行时令牌"),
    ("Made for you", "自动生成"),
    ("Telegram bot token", "Telegram 机器人令牌"),
    ("Feishu app id", "飞书应用的 App ID"),
    ("Feishu app secret", "飞书应用的 App Secret"),
];

pub(super) const BRIDGES: &[(&str, &str)] = &[
    (
        "a numeric chat or user id (`123456789`), or a user name with its @ (`@alice`)",
        "数字形式的聊天 id 或用户 id（`123456789`），或者带 @ 的用户名（`@alice`）",
    ),
    (
        "In Telegram, talk to @BotFather, send /newbot, and copy the token it answers with.",
        "在 Telegram 里与 @BotFather 对话，发送 `/newbot`，复制它回复的令牌。",
    ),
    ("`chat_id`, `user_id` and `username`", "`chat_id`、`user_id` 和 `username`"),
    (
        "One bot token serves one poller: stop any other program that polls this bot, and remove a webhook set on it.",
        "一个机器人令牌只能由一个程序轮询：请停掉轮询这个机器人的其他程序，并删除给它设置的 webhook。",
    ),
    (
        "a chat id (`oc_…`), open id (`ou_…`), union id (`on_…`) or user id (letters and digits)",
        "chat id（`oc_…`）、open id（`ou_…`）、union id（`on_…`）或 user id（字母和数字）",
    ),
    (
        "On the Feishu or Lark open platform, create a custom app, switch its bot on, subscribe to \
         im.message.receive_v1 over the long connection, publish it, and copy App ID and App Secret.",
        "在飞书（或 Lark）开放平台创建企业自建应用，启用机器人能力，用长连接方式订阅事件 `im.message.receive_v1`，发布应用，\
         然后复制 App ID 和 App Secret。",
    ),
    ("`chat_id` and `open_id`", "`chat_id` 和 `open_id`"),
    (
        "The app needs no public address: it opens an outbound long connection.",
        "这个应用不需要公网地址：它主动向外建立长连接。",
    ),
];

/// What a pin can hold.
pub(super) const DOWNLOADS: &[(&str, &str)] = &[
    ("the container image", "容器镜像"),
    ("the bridge's commit", "桥接的提交"),
    ("the x64 binary", "x64 程序"),
    ("the arm64 binary", "arm64 程序"),
];

/// Why a provider cannot be reached through the key broker.
pub(super) const BROKER: &[(&str, &str)] = &[(
    "the kind of key decides which of its hosts is asked, and the broker cannot know that beforehand",
    "访问它的哪个地址取决于密钥的种类，而密钥代理无法事先知道",
)];

/// Words about `auto` and model ids.
pub(super) const MODELS: &[(&str, &str)] = &[
    (
        "the provider's default model `deepseek-v4-pro` is a gateway default that api.openai.com does not serve; name one it does with --model",
        "默认模型 `deepseek-v4-pro` 是网关的默认值，`api.openai.com` 并不提供；请用 `--model` 指定一个它提供的模型",
    ),
    (
        "only models on the provider's own list are accepted; an unknown id is rejected by the runtime",
        "只接受服务商列表里的模型；运行时会拒绝不认识的 id",
    ),
];
