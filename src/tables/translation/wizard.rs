//! The Chinese of errors and hints about answers; logs have them in English.

/// Nouns that are counted, in the singular.
pub(super) const COUNTED: &[(&str, &str)] = &[("id", "个 id")];

/// The label of a setting.
pub(super) const SETTINGS: &[(&str, &str)] = &[("Where the app lives", "应用建在哪个平台")];

/// What is wrong with an answer, and what to do.
pub(super) const CHECKS: &[(&str, &str)] = &[
    ("type `y` for yes or `n` for no", "是请输入 `y`，否请输入 `n`"),
    ("give a CIDR, or `none`", "请填写 CIDR 或 `none`"),
    ("{} did not answer", "{} 没有响应"),
    ("{} answered `{}`, which is not an IPv4 address", "{} 返回的 `{}` 不是 IPv4 地址"),
    ("{} sees {}, {} sees {}", "{} 看到的是 {}，{} 看到的是 {}"),
    ("`curl` is not installed", "没有安装 `curl`"),
    ("type the address you will connect from", "请手动填写你将从哪个地址连接"),
    (
        "a VPN or your provider changes it on the way: type the address you will connect from",
        "可能是 VPN 或运营商在途中改变了地址：请手动填写你将从哪个地址连接",
    ),
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
    // Last, since it matches parts of many others.
    ("`{}` is not {}", "`{}` 不是{}"),
];
