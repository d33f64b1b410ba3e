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
                    "region `{region}` is not one this version knows; {} will say whether it exists",
                    cloud.en
                )
            }
            Warning::LittleMemory { size, gib } => {
                write!(f, "`{size}` has {gib} GiB of memory; an agent that builds code wants 4")
            }
            Warning::UnknownPrice { size } => write!(f, "the price of size `{size}` is not known to this version"),
            Warning::Model { provider, note } => write!(f, "{}: {}", provider.en, note.en),
            Warning::KeyInRuntime { provider, reason } => write!(
                f,
                "the runtime holds the API key of {} itself, where a clever agent may find it: {}",
                provider.en, reason.en
            ),
            Warning::ModelServer { provider, url, model } => {
                let place = match model::is_loopback(url) {
                    true => format!("install it on the machine itself, to answer at `{url}`"),
                    false => format!("run it where the machine reaches it at `{url}`"),
                };
                let open = match url.starts_with("http://") && !model::is_loopback(url) {
                    true => "; what the agent sends there is not encrypted",
                    false => "",
                };
                write!(f, "nothing here installs {}: {place}, with the model `{model}`{open}", provider.en)
            }
            Warning::ExampleAddress(net) => write!(
                f,
                "`{net}` is reserved for examples in documentation, so nobody connects from there: put your own public \
                 address into `allow_ssh_from`"
            ),
            Warning::Ipv4Only => {
                f.write_str("the machine has an IPv4 address only, so the IPv6 SSH rules reach nothing yet")
            }
            Warning::AllowVaultFrom => f.write_str(
                "`allow_vault_from` has no effect any more: secrets reach the vault whatever address you apply from, and its \
                 firewall lets in the machine alone; leave it out",
            ),
            Warning::SecretsByHand => f.write_str(
                "without SSH nobody can push the secrets: RUNBOOK.md says how to give them in the cloud's web console",
            ),
            Warning::CnbRunners => f.write_str(
                "CNB's runners come from changing addresses: where `allow_ssh_from` does not let them in, use \
                 `--cnb-deploy tat`",
            ),
            Warning::NotPinned { downloads } => {
                let labels: Vec<_> = downloads.iter().map(|download| download.label().en).collect();
                write!(
                    f,
                    "not pinned: {}; the first machine takes what it is given, then `remote-setup pin` holds every \
                     machine to that",
                    labels.join(" and ")
                )
            }
            Warning::PlainSource { key, url, checked } => {
                let harm = match checked {
                    true => "what arrives is checked, but anybody on the way there sees it and can hold it back",
                    false => "anybody on the way there can change what the machine runs",
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
                format!("本版本不认识地域 `{region}`；它是否存在，以云（{}）为准", cloud.zh)
            }
            Warning::LittleMemory { size, gib } => {
                format!("`{size}` 只有 {gib} GiB 内存；要编译代码的智能体需要 4 GiB")
            }
            Warning::UnknownPrice { size } => format!("本版本不知道规格 `{size}` 的价格"),
            Warning::Model { provider, note } => format!("{}：{}", provider.zh, note.zh),
            Warning::KeyInRuntime { provider, reason } => format!(
                "{} 的 API 密钥由运行时自己持有，狡猾的智能体有可能找到它：{}",
                provider.zh, reason.zh
            ),
            Warning::ModelServer { provider, url, model } => {
                let place = match model::is_loopback(url) {
                    true => format!("请自行装在服务器上，让它监听 `{url}`"),
                    false => format!("请自行运行它，并确保服务器能访问 `{url}`"),
                };
                let open = match url.starts_with("http://") && !model::is_loopback(url) {
                    true => "；智能体发往那里的内容不加密",
                    false => "",
                };
                format!("{} 不会自动安装：{place}，并备好模型 `{model}`{open}", provider.zh)
            }
            Warning::ExampleAddress(net) => {
                format!(
                    "`{net}` 是专供文档举例用的地址，没有人会从那里连接：请在 `allow_ssh_from` 里填写你自己的公网地址"
                )
            }
            Warning::Ipv4Only => "服务器只有 IPv4 地址，所以 IPv6 的 SSH 规则目前不起作用".to_owned(),
            Warning::AllowVaultFrom => "`allow_vault_from` 已不再起作用：无论从哪个地址部署，机密都能存入密钥保管库，\
                                        它的防火墙只放行这台服务器；请把它删掉"
                .to_owned(),
            Warning::SecretsByHand => {
                "没有 SSH，就没有人能推送机密：如何在云的网页控制台里输入，见下文“推送机密”一节".to_owned()
            }
            Warning::CnbRunners => {
                "CNB 的构建节点地址不固定：如果 `allow_ssh_from` 没有放行它们，请使用 `--cnb-deploy tat`".to_owned()
            }
            Warning::NotPinned { downloads } => {
                let labels: Vec<_> = downloads.iter().map(|download| download.label().zh).collect();
                format!(
                    "未固定：{}；第一台服务器会接受它下载到的内容，之后 `remote-setup pin` 让每台服务器只接受同样的内容",
                    labels.join("和")
                )
            }
            Warning::PlainSource { key, url, checked } => {
                let harm = match checked {
                    true => "下载的内容会经过校验，但途中的任何人都能看到它、拖住它",
                    false => "途中的任何人都能篡改服务器要运行的内容",
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
