//! The spec: what the user asked for, one declaration for each answer. The same shape is a YAML file, a set of flags, an
//! environment and the preferences, so that they can be laid over each other.

mod layers;
mod parts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Pins;
use super::answers::{
    ANSWER, Answer, AnswerKind, LIST, NAMES, PROMPT, Prompt, WrittenForm, always, keyless, slugs, slugs_of,
};
use super::origin::Origins;
use crate::agents::Agent;
use crate::chats::Chat;
use crate::clouds::Cloud;
use crate::model_providers::Provider;
use crate::tables::{Bootstrap, CnbDeploy, Install, Lang, Row, Words, words};
use layers::spec;

pub use parts::{Cnb, McpServer, Sources};

/// The only version of `deployment.yaml` so far.
pub const VERSION: u32 = 1;

const CHOICES: Words = words("Choices", "选择");
const MACHINE: Words = words("Machine", "服务器");
const ACCESS: Words = words("Access", "访问");
const SOFTWARE: Words = words("Software", "软件");
const PIPELINE: Words = words("CNB pipeline", "CNB 流水线");
pub const OUTPUT: Words = words("Output", "输出");

/// In the order help shows them.
pub const HEADINGS: &[Words] = &[CHOICES, MACHINE, ACCESS, SOFTWARE, PIPELINE, OUTPUT];

spec! {
    version: u32 = [Answer {
        key: "version",
        help: words("Version of this file's format", "本文件格式的版本"),
        kind: AnswerKind::Written(WrittenForm {
            what: "a version of this file's format; allowed: 1",
            written: "write `version: 1`",
        }),
        ..ANSWER
    }],
    id: String = [Answer {
        key: "id",
        help: words(
            "Six characters that make global names unique; generated once, then kept",
            "六个字符，让全局名称不重复；生成一次，之后不变",
        ),
        ..ANSWER
    }],
    name: String = [Answer {
        key: "name", flag: "name", value: "NAME", variable: "NAME", heading: MACHINE,
        help: words("Name of the deployment", "部署的名称"),
        kind: AnswerKind::Text(|spec| &mut spec.name),
        wants: "a name for the deployment",
        ..ANSWER
    }],
    cloud: String = [Answer {
        key: "cloud", flag: "cloud", value: "CLOUD", variable: "CLOUD", heading: CHOICES,
        help: words("Where the agent runs: see `remote-setup choices clouds`", "智能体在哪里运行：见 `remote-setup choices clouds`"),
        kind: AnswerKind::Text(|spec| &mut spec.cloud),
        values: slugs::<Cloud>,
        needed: always,
        wants: "a cloud",
        preference: true,
        prompt: Some(Prompt {
            label: words("Cloud", "云"),
            question: words("Where should the agent run?", "智能体在哪里运行？"),
            help: words(
                "one small machine in your own account; nothing costs money until you confirm the plan",
                "在你自己的账号里开一台小服务器；你确认执行计划之后才会产生费用",
            ),
            ..PROMPT
        }),
        ..ANSWER
    }],
    region: String = [Answer {
        key: "region", flag: "region", value: "REGION", variable: "REGION", heading: MACHINE,
        help: words("Cloud region", "云的地域"),
        kind: AnswerKind::Text(|spec| &mut spec.region),
        values: || Cloud::rows().iter().flat_map(|cloud| cloud.regions).map(|region| region.slug).collect(),
        wants: "a cloud region",
        preference: true,
        prompt: Some(Prompt {
            label: words("Region", "地域"),
            question: words("Region", "地域"),
            help: words(
                "where the machine runs: closer is faster; laws and prices vary",
                "服务器所在的地方：离你越近响应越快；各地的法规和价格不同",
            ),
            ..PROMPT
        }),
        ..ANSWER
    }],
    size: String = [Answer {
        key: "size", flag: "size", value: "SIZE", variable: "SIZE", heading: MACHINE,
        help: words("Machine size", "服务器规格"),
        kind: AnswerKind::Text(|spec| &mut spec.size),
        values: || Cloud::rows().iter().flat_map(|cloud| cloud.sizes).map(|size| size.slug).collect(),
        wants: "a machine size",
        prompt: Some(Prompt {
            label: words("Machine size", "服务器规格"),
            question: words("Machine size", "服务器规格"),
            help: words(
                "2 vCPU and 4 GiB are enough: the model runs at its provider; the machine only runs the agent and its builds.",
                "2 vCPU、4 GiB 就够用：模型在服务商那里运行，服务器只运行智能体和它的编译任务。",
            ),
            ..PROMPT
        }),
        ..ANSWER
    }],
    agent: String = [Answer {
        key: "agent", flag: "agent", value: "AGENT", variable: "AGENT", heading: CHOICES,
        help: words("Who works on the machine: see `remote-setup choices agents`", "在服务器上工作的智能体：见 `remote-setup choices agents`"),
        kind: AnswerKind::Text(|spec| &mut spec.agent),
        values: slugs::<Agent>,
        wants: "an agent",
        ..ANSWER
    }],
    bridge: String = [Answer {
        key: "bridge", flag: "bridge", value: "BRIDGE", variable: "BRIDGE", heading: CHOICES,
        help: words("Chat app to talk through: see `remote-setup choices chats`", "通过哪个聊天应用对话：见 `remote-setup choices chats`"),
        kind: AnswerKind::Text(|spec| &mut spec.bridge),
        values: slugs::<Chat>,
        needed: always,
        wants: "a chat bridge",
        preference: true,
        prompt: Some(Prompt {
            label: words("Chat app", "聊天应用"),
            question: words("Which chat app will you use?", "你想用哪个聊天应用和它对话？"),
            help: words(
                "you need a bot or app of your own there; you will be shown how to create one",
                "需要你自己在那里创建一个机器人或应用，后面会说明怎么做",
            ),
            ..PROMPT
        }),
        ..ANSWER
    }],
    /// Non-secret settings of the bridge, by environment name.
    bridge_settings: BTreeMap<String, String> = [Answer {
        key: "bridge_settings", flag: "bridge-setting", value: "NAME=VALUE", heading: CHOICES,
        help: words(
            "Bridge setting, such as FEISHU_DOMAIN=lark; repeatable",
            "聊天桥接的一项设置，例如 FEISHU_DOMAIN=lark；可以重复",
        ),
        kind: AnswerKind::Map(|spec| &mut spec.bridge_settings),
        wants: "NAME=VALUE",
        prompt: Some(Prompt {
            label: words("Where the app lives", "应用建在哪个平台"),
            nothing: Words::same(""),
            ..PROMPT
        }),
        ..ANSWER
    }],
    /// Chat ids the bridge answers; empty until paired.
    allowlist: Vec<String> = [Answer {
        key: "allowlist", flag: "allowlist", value: "IDS", variable: "CHAT_ALLOWLIST", heading: CHOICES,
        help: words(
            "Chat ids that may talk to the agent, separated by commas [default: pair later]",
            "可以和智能体对话的聊天 id，用逗号分隔；不填则以后再配对",
        ),
        kind: AnswerKind::List(|spec| &mut spec.allowlist),
        wants: "chat ids, separated by commas",
        prompt: Some(Prompt {
            label: words("Who may talk to the agent", "谁可以和它对话"),
            question: words("Chat ids that may talk to the agent", "允许和它对话的聊天 id"),
            nothing: words("nobody yet", "暂无"),
            ..PROMPT
        }),
        ..ANSWER
    }],
    provider: String = [Answer {
        key: "provider", flag: "provider", value: "PROVIDER", variable: "PROVIDER", heading: CHOICES,
        help: words(
            "Model provider: see `remote-setup choices providers`",
            "模型服务商：见 `remote-setup choices providers`",
        ),
        kind: AnswerKind::Text(|spec| &mut spec.provider),
        values: slugs::<Provider>,
        needed: always,
        wants: "a model provider",
        prompt: Some(Prompt {
            label: words("Model provider", "模型服务商"),
            question: words("Model provider", "模型服务商"),
            help: words(
                "who runs the model: type a name, or a model family such as `claude`, `gpt`, `qwen`, `deepseek` or `kimi`",
                "由谁提供模型：输入服务商名称，或模型系列，例如 `claude`、`gpt`、`qwen`、`deepseek`、`kimi`",
            ),
            ..PROMPT
        }),
        ..ANSWER
    }],
    model: String = [Answer {
        key: "model", flag: "model", value: "MODEL", variable: "MODEL", heading: CHOICES,
        help: words("Model id, or `auto` for the provider's default", "模型 id；`auto` 表示服务商的默认模型"),
        kind: AnswerKind::Text(|spec| &mut spec.model),
        needed: keyless,
        wants: "a model that the provider has",
        prompt: Some(Prompt {
            label: words("Model", "模型"),
            question: words("Model id", "模型 id"),
            ..PROMPT
        }),
        ..ANSWER
    }],
    /// Endpoint of a keyless provider.
    base_url: String = [Answer {
        key: "base_url", flag: "base-url", value: "URL", heading: CHOICES,
        help: words(
            "Address of your own model server, for providers without a key",
            "你自己的模型服务器的地址，用于不需要密钥的服务商",
        ),
        kind: AnswerKind::Text(|spec| &mut spec.base_url),
        needed: keyless,
        wants: "the address of your model server, such as `http://localhost:11434/v1`",
        prompt: Some(Prompt {
            label: words("Model server", "模型服务器"),
            question: words("Address of the model server", "模型服务器的地址"),
            ..PROMPT
        }),
        ..ANSWER
    }],
    ssh_public_key: String = [Answer {
        key: "ssh_public_key", flag: "ssh-public-key", value: "FILE|TEXT", variable: "SSH_PUBLIC_KEY", heading: ACCESS,
        help: words(
            "SSH public key, as text or a file [default: the newest ~/.ssh/id_*.pub]",
            "SSH 公钥，文本或文件；不填则用最新的 ~/.ssh/id_*.pub",
        ),
        kind: AnswerKind::PublicKey(|spec| &mut spec.ssh_public_key),
        needed: always,
        wants: "a public key, or a file with one",
        preference: true,
        prompt: Some(Prompt {
            label: words("SSH public key", "SSH 公钥"),
            question: words("SSH public key (text, or a file)", "SSH 公钥（文本或文件）"),
            help: words(
                "the key for logging in to the machine. No key yet? In another terminal, run `ssh-keygen -t ed25519`, then press Enter here",
                "用来登录服务器的公钥。还没有密钥？请在另一个终端运行 `ssh-keygen -t ed25519`，再回到这里按回车",
            ),
            ..PROMPT
        }),
        ..ANSWER
    }],
    /// CIDRs that may reach SSH; `[]` for no SSH rule at all.
    allow_ssh_from: Vec<String> = [Answer {
        key: "allow_ssh_from", flag: "allow-ssh-from", value: "CIDR", variable: "ALLOW_SSH_FROM", heading: ACCESS,
        help: words(
            "Public CIDR allowed to reach SSH, or `none` for no SSH rule; repeatable",
            "可以连接 SSH 的公网网段，写成 CIDR，可以重复；`none` 表示完全不开放 SSH",
        ),
        kind: AnswerKind::Networks(|spec| &mut spec.allow_ssh_from),
        needed: always,
        wants: "your address as a CIDR such as `203.0.113.7/32`, or `none`",
        prompt: Some(Prompt {
            label: words("Who may reach SSH", "谁可以连接 SSH"),
            question: words("Who may reach SSH?", "允许谁连接 SSH？"),
            help: words(
                "your public address as a CIDR such as `203.0.113.7/32`, several with commas between them, or `none`: no SSH at all",
                "你的公网地址，写成 CIDR，例如 `203.0.113.7/32`；多个用逗号分隔；`none` 表示完全不开放 SSH",
            ),
            nothing: words("nobody", "无"),
        }),
        ..ANSWER
    }],
    /// Read from files of version 0.1, and without effect.
    allow_vault_from: Vec<String> = [Answer {
        key: "allow_vault_from", flag: "allow-vault-from", value: "CIDR", variable: "ALLOW_VAULT_FROM", heading: ACCESS,
        help: words("No longer has any effect", "已不再起作用"),
        kind: AnswerKind::Networks(|spec| &mut spec.allow_vault_from),
        wants: "nothing: it no longer has any effect",
        hidden: true,
        ..ANSWER
    }],
    workspace: String = [Answer {
        key: "workspace", flag: "workspace", value: "PATH", variable: "WORKSPACE", heading: MACHINE,
        help: words("Folder the agent works in", "智能体的工作目录"),
        kind: AnswerKind::Text(|spec| &mut spec.workspace),
        wants: "an absolute path on the machine",
        ..ANSWER
    }],
    port: u16 = [Answer {
        key: "port", flag: "port", value: "PORT", variable: "RUNTIME_PORT", heading: MACHINE,
        help: words("Loopback port of the runtime", "运行时监听的本机端口"),
        // Never a privileged one.
        kind: AnswerKind::Number { slot: |spec| &mut spec.port, least: 1024, most: u16::MAX },
        wants: "a port from 1024 to 65535",
        ..ANSWER
    }],
    workers: u16 = [Answer {
        key: "workers", flag: "workers", value: "N", variable: "RUNTIME_WORKERS", heading: MACHINE,
        help: words("Background workers of the runtime, 1 to 8", "运行时的后台任务数，1 到 8"),
        // The runtime clamps anything else into this range.
        kind: AnswerKind::Number { slot: |spec| &mut spec.workers, least: 1, most: 8 },
        wants: "a number from 1 to 8",
        ..ANSWER
    }],
    install: String = [Answer {
        key: "install", flag: "install", value: "HOW", variable: "INSTALL", heading: SOFTWARE,
        help: words("How the runtime is installed: {}", "运行时的安装方式：{}"),
        kind: AnswerKind::Text(|spec| &mut spec.install),
        values: || slugs_of(Install::ALL),
        wants: "`native` or `docker`",
        ..ANSWER
    }],
    codewhale_version: String = [Answer {
        key: "codewhale_version", flag: "codewhale-version", value: "VERSION", variable: "VERSION", heading: SOFTWARE,
        help: words("Version of the agent, for runtime and bridge", "智能体的版本，运行时和桥接都用它"),
        kind: AnswerKind::Text(|spec| &mut spec.codewhale_version),
        wants: "a released version",
        ..ANSWER
    }],
    mirror: String = [Answer {
        key: "mirror", flag: "mirror", value: "MIRROR", variable: "MIRROR", heading: SOFTWARE,
        help: words("Where the machine downloads from: {}", "服务器从哪里下载：{}"),
        kind: AnswerKind::Text(|spec| &mut spec.mirror),
        values: || Agent::rows().iter().flat_map(|agent| agent.mirrors).map(|mirror| mirror.slug).collect(),
        wants: "a download mirror",
        ..ANSWER
    }],
    mcp_servers: BTreeMap<String, McpServer> = [Answer {
        key: "mcp_servers",
        help: words("MCP servers that give the agent tools: programs or addresses, by name", "为智能体提供工具的 MCP 服务器：程序或地址，按名称"),
        kind: AnswerKind::Written(WrittenForm {
            what: "a list of servers by name",
            written: "write the name of each below the key, and its `command` or `url` below that",
        }),
        ..ANSWER
    }],
    bootstrap: String = [Answer {
        key: "bootstrap", flag: "bootstrap", value: "WAY", variable: "BOOTSTRAP", heading: SOFTWARE,
        help: words("How the host files reach the machine: {}", "主机文件如何送到服务器：{}"),
        kind: AnswerKind::Text(|spec| &mut spec.bootstrap),
        values: || slugs_of(Bootstrap::ALL),
        wants: "how the host files reach the machine",
        ..ANSWER
    }],
    /// The CNB pipeline, on clouds that have one.
    cnb: Cnb = [
        Answer {
            key: "cnb.repository", flag: "cnb-repository", value: "ORG/REPO", heading: PIPELINE,
            help: words("Repository on cnb.cool that holds the bundle", "cnb.cool 上存放部署包的仓库"),
            kind: AnswerKind::Text(|spec| &mut spec.cnb.get_or_insert_default().repository),
            wants: "`org/repo` on cnb.cool",
            ..ANSWER
        },
        Answer {
            key: "cnb.secrets", flag: "cnb-secrets", value: "ORG/REPO", heading: PIPELINE,
            help: words("Secret repository on cnb.cool that the pipeline reads", "cnb.cool 上流水线读取的密钥仓库"),
            kind: AnswerKind::Text(|spec| &mut spec.cnb.get_or_insert_default().secrets),
            wants: "`org/repo` on cnb.cool",
            ..ANSWER
        },
        Answer {
            key: "cnb.deploy", flag: "cnb-deploy", value: "WAY", heading: PIPELINE,
            help: words("How the pipeline reaches the machine: {}", "流水线如何连接服务器：{}"),
            kind: AnswerKind::Text(|spec| &mut spec.cnb.get_or_insert_default().deploy),
            values: || slugs_of(CnbDeploy::ALL),
            wants: "`tat` or `ssh`",
            ..ANSWER
        },
    ],
    lang: String = [Answer {
        key: "lang", flag: "lang", value: "LANG", variable: "LANG", heading: OUTPUT,
        help: words("Language of the questions and the runbook: {}", "提问和运维手册的语言：{}"),
        kind: AnswerKind::Text(|spec| &mut spec.lang),
        values: || slugs_of(Lang::ALL),
        wants: "the language of the questions and the runbook",
        ..ANSWER
    }],
    /// Files of your own beside the generated ones, which Terraform reads too.
    extra_files: Vec<String> = [Answer {
        key: "extra_files",
        help: words(
            "Your own files beside the generated ones, which Terraform reads too",
            "放在生成的文件旁边、Terraform 也会读取的自有文件",
        ),
        kind: AnswerKind::Written(LIST),
        ..ANSWER
    }],
    sources: Sources = [Answer {
        key: "sources",
        help: words("Download addresses that differ from the mirror's", "与镜像不同的下载地址"),
        kind: AnswerKind::Written(NAMES),
        ..ANSWER
    }],
    pins: Pins = [Answer {
        key: "pins",
        help: words(
            "Digests and hashes of one version; the machine accepts nothing else",
            "某一版本的摘要和哈希；服务器只接受与之相符的内容",
        ),
        kind: AnswerKind::Written(NAMES),
        ..ANSWER
    }],
    tags: BTreeMap<String, String> = [Answer {
        key: "tags", flag: "tag", value: "NAME=VALUE", heading: MACHINE,
        help: words("Tag for every cloud resource; repeatable", "给每个云资源加的标签；可以重复"),
        kind: AnswerKind::Map(|spec| &mut spec.tags),
        wants: "NAME=VALUE",
        ..ANSWER
    }],
}
