//! What an operator should know before going on, in both languages.

use std::fmt;

use ipnet::IpNet;
use serde::{Serialize, Serializer};

use crate::agents::Download;
use crate::inputs::model;
use crate::tables::Words;

/// Nothing that stops; `Display` is the English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    UnknownRegion {
        region: String,
        cloud: Words,
    },
    LittleMemory {
        size: &'static str,
        gib: u16,
    },
    UnknownPrice {
        size: String,
    },
    /// The provider's `auto` needs a word.
    Model {
        provider: Words,
        note: Words,
    },
    /// The provider cannot be reached through the key broker.
    KeyInRuntime {
        provider: Words,
        reason: Words,
    },
    /// A model server that its owner runs.
    ModelServer {
        provider: Words,
        url: String,
        model: String,
    },
    /// An SSH rule for a network that only documentation uses.
    ExampleAddress(IpNet),
    /// IPv6 SSH rules for a machine without IPv6.
    Ipv4Only,
    /// An answer of version 0.1 that has no effect any more.
    AllowVaultFrom,
    /// No vault, and nobody can push.
    SecretsByHand,
    /// CNB deploys over SSH.
    CnbRunners,
    /// Downloads whose content nobody has said beforehand.
    NotPinned {
        downloads: Vec<Download>,
    },
    /// A download address without TLS; `checked` when what arrives is held against something that did not come that way.
    PlainSource {
        key: &'static str,
        url: String,
        checked: bool,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::UnknownRegion { region, cloud } => {
                write!(
                    f,
                    "this version does not know region `{region}`; {} will reject it if it does not exist",
                    cloud.en
                )
            }
            Warning::LittleMemory { size, gib } => {
                write!(f, "`{size}` has {gib} GiB of memory; an agent that builds code needs 4")
            }
            Warning::UnknownPrice { size } => write!(f, "this version does not know the price of size `{size}`"),
            Warning::Model { provider, note } => write!(f, "{}: {}", provider.en, note.en),
            Warning::KeyInRuntime { provider, reason } => write!(
                f,
                "the runtime itself holds the API key of {}, where the agent may be able to read it: {}",
                provider.en, reason.en
            ),
            Warning::ModelServer { provider, url, model } => {
                let place = match model::is_loopback(url) {
                    true => format!("install it on the machine, listening at `{url}`"),
                    false => format!("run it where the machine can reach it at `{url}`"),
                };
                let open = match url.starts_with("http://") && !model::is_loopback(url) {
                    true => "; traffic to it is not encrypted",
                    false => "",
                };
                write!(f, "{} is not installed for you: {place}, with the model `{model}`{open}", provider.en)
            }
            Warning::ExampleAddress(net) => write!(
                f,
                "`{net}` is reserved for documentation, so nobody can connect from it: put your own public address \
                 into `allow_ssh_from`"
            ),
            Warning::Ipv4Only => {
                f.write_str("the machine has only an IPv4 address, so the IPv6 SSH rules have no effect yet")
            }
            Warning::AllowVaultFrom => f.write_str(
                "`allow_vault_from` no longer has any effect: secrets reach the vault from whatever address you apply, and its \
                 firewall admits only the machine; remove it",
            ),
            Warning::SecretsByHand => f.write_str(
                "without SSH, secrets cannot be pushed: RUNBOOK.md says how to enter them in the cloud's web console",
            ),
            Warning::CnbRunners => f.write_str(
                "CNB's runners have changing addresses: unless `allow_ssh_from` admits them, use `--cnb-deploy tat`",
            ),
            Warning::NotPinned { downloads } => {
                let labels: Vec<_> = downloads.iter().map(|download| download.label().en).collect();
                write!(
                    f,
                    "not pinned: {}; the first machine accepts whatever it downloads, then `remote-setup pin` holds every \
                     machine to that",
                    labels.join(" and ")
                )
            }
            Warning::PlainSource { key, url, checked } => {
                let harm = match checked {
                    true => "downloads are verified, but anyone on the network path can see and block them",
                    false => "anyone on the network path can change what the machine runs",
                };
                write!(f, "`sources.{key}` is `{url}`: {harm}; use an `https://` address")
            }
        }
    }
}

impl Warning {
    /// About the deployment itself, and not about how the answers were given this time: the runbook tells it too.
    pub fn lasts(&self) -> bool {
        !matches!(self, Warning::AllowVaultFrom)
    }

    pub fn chinese(&self) -> String {
        match self {
            Warning::UnknownRegion { region, cloud } => {
                format!("当前版本不认识地域 `{region}`；它是否存在以 {} 为准", cloud.zh)
            }
            Warning::LittleMemory { size, gib } => {
                format!("`{size}` 只有 {gib} GiB 内存；智能体编译代码需要 4 GiB")
            }
            Warning::UnknownPrice { size } => format!("当前版本没有规格 `{size}` 的价格"),
            Warning::Model { provider, note } => format!("{}：{}", provider.zh, note.zh),
            Warning::KeyInRuntime { provider, reason } => {
                format!("{} 的 API 密钥由运行时直接持有，智能体可能读取到它：{}", provider.zh, reason.zh)
            }
            Warning::ModelServer { provider, url, model } => {
                let place = match model::is_loopback(url) {
                    true => format!("请自行安装在服务器上，监听 `{url}`"),
                    false => format!("请自行运行它，并确保服务器能访问 `{url}`"),
                };
                let open = match url.starts_with("http://") && !model::is_loopback(url) {
                    true => "；与它之间的流量未加密",
                    false => "",
                };
                format!("{} 不会自动安装：{place}，并准备好模型 `{model}`{open}", provider.zh)
            }
            Warning::ExampleAddress(net) => {
                format!(
                    "`{net}` 是文档专用的示例地址，不会有人从那里连接：请在 `allow_ssh_from` 中填写你自己的公网地址"
                )
            }
            Warning::Ipv4Only => "服务器只有 IPv4 地址，IPv6 的 SSH 规则目前不起作用".to_owned(),
            Warning::AllowVaultFrom => "`allow_vault_from` 已不再起作用：从任何地址部署，机密都能存入密钥保管库，\
                                        其防火墙只放行这台服务器；请删除它"
                .to_owned(),
            Warning::SecretsByHand => {
                "未开放 SSH，无法推送机密：请在云平台的网页控制台中输入，方法见下文“推送机密”一节".to_owned()
            }
            Warning::CnbRunners => {
                "CNB 的构建节点地址不固定：除非 `allow_ssh_from` 已放行它们，否则请使用 `--cnb-deploy tat`".to_owned()
            }
            Warning::NotPinned { downloads } => {
                let labels: Vec<_> = downloads.iter().map(|download| download.label().zh).collect();
                format!(
                    "未固定：{}；第一台服务器会接受下载到的任何内容，之后用 `remote-setup pin` 让每台服务器只接受同样的内容",
                    labels.join("、")
                )
            }
            Warning::PlainSource { key, url, checked } => {
                let harm = match checked {
                    true => "下载内容会经过校验，但网络路径上的任何人都能看到并阻断它",
                    false => "网络路径上的任何人都能篡改服务器运行的内容",
                };
                format!("`sources.{key}` 是 `{url}`：{harm}；请改用 `https://` 地址")
            }
        }
    }
}

/// As `--json` carries it.
impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
