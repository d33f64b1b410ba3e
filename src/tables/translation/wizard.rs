//! What a person is asked, and what they are told about their answers.

pub(super) const QUESTIONS: &[(&str, &str)] = &[
    // Keys and endings.
    (
        "↑ ↓ or type to search, Enter to choose, Esc to go back",
        "↑ ↓ 移动，输入文字查找，回车选择，Esc 返回上一题",
    ),
    ("↑ ↓ and Enter to choose, Esc to go back", "↑ ↓ 移动，回车选择，Esc 返回上一题"),
    (
        "nothing in the list has these words; Ctrl-U clears them",
        "列表里没有匹配的选项；按 Ctrl-U 清空输入",
    ),
    ("stopped; nothing was written", "已停止，没有写入任何文件"),
    ("nothing was written", "还没有写入任何文件"),
    ("This is the first question. Stop?", "这是第一个问题。要退出吗？"),
    ("type `y` for yes or `n` for no", "是请输入 `y`，否请输入 `n`"),
    ("yes", "是"),
    ("no", "否"),
    // Answers by name.
    ("Cloud", "云"),
    ("Region", "地域"),
    ("Machine size", "服务器规格"),
    ("Chat app", "聊天应用"),
    ("Where the app lives", "应用建在哪个平台"),
    ("Model provider", "模型服务商"),
    ("Model server", "模型服务器"),
    ("Model", "模型"),
    ("SSH public key", "SSH 公钥"),
    ("Who may reach SSH", "谁可以连接 SSH"),
    ("Who may talk to it", "谁可以和它对话"),
    ("nobody yet", "暂无"),
    ("nobody", "无"),
    ("not said", "未填写"),
    // Questions.
    ("Where should the agent run?", "智能体在哪里运行？"),
    (
        "one small machine in your own account; applying asks again before anything costs money",
        "在你自己的账号里开一台小服务器；执行部署时会再次确认，之后才会产生费用",
    ),
    (
        "where the machine stands: near you it answers faster; laws and prices differ by place",
        "服务器所在的地方：离你越近响应越快；各地的法规和价格不同",
    ),
    (
        "2 vCPU and 4 GiB are enough: the model runs at its provider, and the machine only runs the agent and what it builds.",
        "2 vCPU、4 GiB 就够用：模型在服务商那里运行，服务器只运行智能体和它的编译任务。",
    ),
    (
        "What it costs differs by region and day: the plan says it before you pay.",
        "价格因地域和时间而异：付费之前，执行计划里会列出。",
    ),
    (
        "Prices are estimates of {} for {}; the rest costs about ${} a month.",
        "价格是 {} 按地域 {} 估算的；服务器以外的部分每月约 ${}。",
    ),
    (", about ${} a month", "，每月约 ${}"),
    ("Which chat app will you talk through?", "你想通过哪个聊天应用和它对话？"),
    (
        "it needs a bot or app of your own there; you will be told how to make one",
        "需要你自己在那里创建一个机器人或应用，后面会说明怎么做",
    ),
    (
        "who runs the model: type its name, or a family such as `claude`, `gpt`, `qwen`, `deepseek` or `kimi`",
        "由谁提供模型：输入服务商名称，或模型系列，例如 `claude`、`gpt`、`qwen`、`deepseek`、`kimi`",
    ),
    ("{}, your own model server", "{}，你自己的模型服务器"),
    ("Address of the model server", "模型服务器的地址"),
    (
        "as the machine sees it. Nothing here installs {}: you run it yourself",
        "填写从云上那台服务器能访问到的地址。这里不会安装 {}，需要你自己运行",
    ),
    ("Model id", "模型 id"),
    ("`auto` uses {}", "`auto` 会使用 {}"),
    (
        "as your server names it; `auto` works only where a provider has a default",
        "填写模型在你的服务器上的名称；`auto` 只适用于有默认模型的服务商",
    ),
    ("SSH public key (text, or a file)", "SSH 公钥（文本或文件）"),
    (
        "the key you log in to the machine with. No key yet? Make one in another terminal: `ssh-keygen -t ed25519`, then press Enter here",
        "用来登录服务器的公钥。还没有密钥？请在另一个终端运行 `ssh-keygen -t ed25519`，再回到这里按回车",
    ),
    ("SSH key: {}", "SSH 公钥：{}"),
    (
        "Look up your public address, to let only you reach SSH?",
        "要查询你的公网地址，只允许它连接 SSH 吗？",
    ),
    (
        "asks {} over the network, which then see your address",
        "会通过网络访问 {}，它们会看到你的地址",
    ),
    ("asking {}, for 6 seconds at most", "正在询问 {}，最多 6 秒"),
    ("Who may reach SSH?", "允许谁连接 SSH？"),
    (
        "your public address as a CIDR such as `203.0.113.7/32`, several with commas between them, or `none`: no SSH at all",
        "你的公网地址，写成 CIDR，例如 `203.0.113.7/32`；多个用逗号分隔；`none` 表示完全不开放 SSH",
    ),
    ("give a CIDR, or `none`", "请填写 CIDR 或 `none`"),
    ("{} did not answer", "{} 没有响应"),
    ("{} answered `{}`, which is no IPv4 address", "{} 返回的 `{}` 不是 IPv4 地址"),
    ("{} sees {}, {} sees {}", "{} 看到的是 {}，{} 看到的是 {}"),
    ("`curl` is not installed", "没有安装 `curl`"),
    ("type the address that you will connect from", "请手动填写你将从哪个地址连接"),
    (
        "a VPN or your provider changes it on the way: type the address that you will connect from",
        "可能是 VPN 或运营商在途中改变了地址：请手动填写你将从哪个地址连接",
    ),
    ("Chat ids that may talk to it", "允许和它对话的聊天 id"),
    ("Enter to pair later", "直接回车：以后再配对"),
    ("`none` to pair later", "`none`：以后再配对"),
    ("Enter to give it later, in secrets.env", "直接回车：以后在 secrets.env 里填写"),
    ("later", "以后填写"),
    ("{}: taken from {} in the environment", "{}：取自环境变量 {}"),
    // The answers as a whole.
    (
        "This folder holds the deployment {} on {}. You can change it here.",
        "这个目录里是部署 {}，位于 {}，可以在这里修改。",
    ),
    ("What should be different?", "要修改什么？"),
    ("What else should be different?", "还要修改什么？"),
    ("Nothing; go on with these answers", "不修改，用这些答案继续"),
    ("Generate?", "生成吗？"),
    ("Generate", "生成"),
    ("Change an answer", "修改答案"),
    ("Stop; nothing is written", "退出，不写入任何文件"),
    ("not generated; nothing was written", "没有生成，也没有写入任何文件"),
    ("{} is up to date", "{} 已是最新"),
    ("wrote {} ({} new or changed)", "已写入 {}（新增或修改 {}）"),
    ("wrote {} ({} new or changed, {} removed)", "已写入 {}（新增或修改 {}，删除 {} 个）"),
    (
        "{} had mode {}, so others on this computer could read it; it has 0600 now",
        "{} 的权限原来是 {}，这台电脑上的其他用户也能读取；现在已改为 0600",
    ),
    ("kept the edited file as `{}`", "修改过的文件已保留为 `{}`"),
    ("Next: read {}", "下一步：阅读 {}"),
];

/// Nouns that are counted, in the singular.
pub(super) const COUNTED: &[(&str, &str)] = &[("file", "个文件"), ("id", "个 id")];

/// The deployment in a few lines.
pub(super) const SUMMARY: &[(&str, &str)] = &[
    ("Chat", "聊天"),
    ("Runtime", "运行时"),
    ("Endpoint", "接口地址"),
    ("auto: {}", "auto：{}"),
    ("MCP server", "MCP 服务器"),
    ("SSH from", "SSH 来源"),
    ("SSH key", "SSH 公钥"),
    ("Pinned", "已固定"),
    ("Cost", "费用"),
    ("Secrets", "机密"),
    ("Folder", "目录"),
    ("Warning: ", "注意："),
    ("{}, nobody paired yet", "{}，还没有配对"),
    ("{}, answers {}", "{}，只回复 {}"),
    ("nowhere", "不开放"),
    ("about ${} a month (estimate of {})", "每月约 ${}（{} 的估算）"),
    ("{} says it when planning", "{} 在生成执行计划时给出"),
    ("not known for this size", "不知道这种规格的价格"),
    ("all given", "已全部填写"),
    ("missing: {}", "缺少：{}"),
];

/// What is wrong with an answer, and what to do.
pub(super) const CHECKS: &[(&str, &str)] = &[
    ("write `{}`", "请写成 `{}`"),
    ("`{}` is the whole internet", "`{}` 是整个互联网"),
    ("`{}` is an address, not a CIDR", "`{}` 是地址，不是 CIDR"),
    (
        "`{}` is not a CIDR: an address, `/` and a prefix length",
        "`{}` 不是 CIDR：应为地址加 `/` 和前缀长度",
    ),
    (
        "`{}` is too wide: /{} is the shortest prefix allowed",
        "`{}` 范围太大：前缀长度不能小于 /{}",
    ),
    ("`{}` is not in canonical form", "`{}` 不是规范写法"),
    (
        "give the public address you come from, such as `203.0.113.7/32`, or `none`",
        "请填写你上网用的公网地址，例如 `203.0.113.7/32`，或者 `none`",
    ),
    (
        "`{}` is {} ({}): no connection from there reaches a public address",
        "`{}` 是{}（{}）：从那里发出的连接到不了公网地址",
    ),
    ("a private network", "私有网络"),
    ("a network behind carrier-grade NAT", "运营商级 NAT 后面的网络"),
    ("loopback", "回环地址"),
    ("link-local", "链路本地地址"),
    ("reserved", "保留地址"),
    ("reserved for benchmarks", "保留给性能测试的地址"),
    ("multicast", "组播地址"),
    ("IPv4 written as IPv6", "写成 IPv6 的 IPv4 地址"),
    ("public IPv6 is {}", "公网 IPv6 是 {}"),
    (
        "`{}` is IPv6, which firewall rules of {} do not take",
        "`{}` 是 IPv6 地址，{} 的防火墙规则不支持",
    ),
    (
        "give the IPv4 address you come from, such as `203.0.113.7/32`",
        "请填写你的 IPv4 地址，例如 `203.0.113.7/32`",
    ),
    (
        "`{}` is not a model id: letters, digits and `._:/@+-`, at most 200",
        "`{}` 不是模型 id：只能用字母、数字和 `._:/@+-`，最多 200 个字符",
    ),
    (
        "copy the id from the provider's model list, or use `auto`",
        "请从服务商的模型列表里复制 id，或使用 `auto`",
    ),
    (
        "`{}` is not a {} model: the runtime refuses to start with it",
        "`{}` 不是 {} 的模型：运行时会拒绝启动",
    ),
    (
        "`{}` cannot be used with {}: your server has the models you put there, and no default",
        "`{}` 不能用于 {}：你的服务器上只有你放进去的模型，没有默认模型",
    ),
    (
        "name a model that the server has; it lists them at `/v1/models`",
        "请填写服务器上已有的模型；`/v1/models` 会列出它们",
    ),
    ("use `{}` or `{}`", "请使用 `{}` 或 `{}`"),
    (
        "`{}` is not an address of the form https:// or http://HOST/PATH",
        "`{}` 不是 https://主机/路径 或 http://主机/路径 形式的地址",
    ),
    ("leave out user names, queries and fragments", "请去掉用户名、查询参数和片段"),
    (
        "`{}` is not on the machine itself, and {} is keyless only there",
        "`{}` 不在服务器本机上，而 {} 只有在本机上才不需要密钥",
    ),
    ("use an address such as `{}`", "请使用类似 `{}` 的地址"),
    (
        "make one with `ssh-keygen -t ed25519` and give the `.pub` file",
        "请用 `ssh-keygen -t ed25519` 生成一个，再填写其中的 `.pub` 文件",
    ),
    (
        "`{}` is neither an SSH public key nor the name of a `.pub` file",
        "`{}` 既不是 SSH 公钥，也不是 `.pub` 文件的文件名",
    ),
    (
        "give the public half: the file that ends in `.pub`",
        "请填写公钥：以 `.pub` 结尾的文件",
    ),
    ("`{}` is a private key", "`{}` 是私钥"),
    ("the text given", "填写的文本"),
    ("`{}` is not an SSH public key", "`{}` 不是 SSH 公钥"),
    ("the SSH public key is not a single line", "SSH 公钥必须是一行"),
    (
        "the RSA key has {} bits; at least 2048 are needed",
        "RSA 密钥只有 {} 位，至少需要 2048 位",
    ),
    (
        "`{}` keys are not accepted; allowed: ssh-ed25519, ssh-rsa of 2048 bits or more",
        "不接受 `{}` 类型的密钥；可用：ssh-ed25519，或 2048 位以上的 ssh-rsa",
    ),
    ("cannot read the public key file `{}`: {}", "无法读取公钥文件 `{}`：{}"),
    ("it does not exist", "文件不存在"),
    ("permission denied", "没有读取权限"),
    ("it is a folder", "它是一个目录"),
    ("it is not text in UTF-8", "它不是 UTF-8 文本"),
    ("it leads to a file that does not end in `.pub`", "它指向的文件不以 `.pub` 结尾"),
    ("{} given; at most {} are allowed", "填写了 {}，最多允许 {} 个"),
    ("keep the ids of people who use the agent", "请只保留真正使用它的人的 id"),
    (
        "leave the list empty and pair later: the bridge tells strangers their ids",
        "可以先留空，以后再配对：陌生人发消息时，机器人会告诉对方自己的 id",
    ),
    ("the value of `{}` is empty", "`{}` 的值是空的"),
    ("the value of `{}` is longer than 4096 characters", "`{}` 的值超过了 4096 个字符"),
    (
        "the value of `{}` holds a space, quote, backslash or a character outside ASCII, or starts with `#`",
        "`{}` 的值含有空格、引号、反斜杠或非 ASCII 字符，或者以 `#` 开头",
    ),
    ("the value of `{}` is a placeholder", "`{}` 的值是占位符"),
    ("copy `{}` again, as one word without quotes", "请重新复制 `{}`，不要带空格和引号"),
    ("copy `{}` again, or leave it empty until you have it", "请重新复制 `{}`，或者先留空"),
    // Last, since it is part of many.
    ("`{}` is not {}", "`{}` 不是{}"),
];
