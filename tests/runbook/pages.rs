//! What stands on the page, and that both languages say it.

use remote_setup::inputs::Spec;

use super::pairs;
use crate::common::{examples, file, resolve, spec};

/// Sections in order, in both languages; some are for some deployments only.
const HEADINGS: &[(&str, &str)] = &[
    ("# Runbook: NAME", "# 运行手册：NAME"),
    ("## What gets created", "## 将创建的资源"),
    ("## Before you start", "## 准备工作"),
    ("## Provision", "## 部署"),
    ("## Set up the machine", "## 初始化服务器"),
    ("## Pin the host key", "## 固定主机密钥"),
    ("## Push the secrets", "## 推送机密"),
    ("## Wait for the machine", "## 等待服务器就绪"),
    ("## Pair", "## 配对"),
    ("## Verify", "## 验证"),
    ("## Give it a repository", "## 接入代码仓库"),
    ("## Pin the downloads", "## 固定下载内容"),
    ("## Reach the runtime from your computer", "## 从本机访问运行时"),
    ("## Work from another computer", "## 在另一台电脑上操作"),
    ("## If your IP address changes", "## IP 地址变更后"),
    ("## Logs", "## 日志"),
    ("## Make a change", "## 修改配置"),
    ("## MCP servers", "## MCP 服务器"),
    ("## Roll back", "## 回滚"),
    ("## Rotate a secret", "## 轮换机密"),
    ("## Deploy with CNB", "## 用 CNB 部署"),
    ("## Mirrors", "## 下载源"),
    ("## Pause", "## 暂停"),
    ("## Destroy", "## 销毁"),
    ("## Troubleshooting", "## 故障排查"),
];

/// Sections that no deployment does without.
const ALWAYS: &[&str] = &[
    "What gets created",
    "Before you start",
    "Provision",
    "Wait for the machine",
    "Pair",
    "Verify",
    "Give it a repository",
    "Work from another computer",
    "If your IP address changes",
    "Logs",
    "Make a change",
    "Rotate a secret",
    "Pause",
    "Destroy",
    "Troubleshooting",
];

/// The page without its code blocks.
pub fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// Code blocks with their language, as they are but for what comments say.
pub fn blocks(text: &str) -> Vec<String> {
    assert_eq!(text.matches("```").count() % 2, 0, "a code block does not end:\n{text}");
    let compacted = |block: &str| {
        let kept = block.lines().filter(|line| !line.trim_start().starts_with("# "));
        kept.map(|line| format!("{line}\n")).collect()
    };
    text.split("```").skip(1).step_by(2).map(compacted).collect()
}

/// What stands between backticks in the prose.
pub fn spans(text: &str) -> Vec<String> {
    prose(text).split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn headings(text: &str, name: &str) -> Vec<String> {
    let page = text.split_once("-->").expect("the notice").1;
    let lines = prose(page);
    lines
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.replace(name, "NAME"))
        .collect()
}

#[test]
fn both_languages_have_the_same_sections() {
    for pair in pairs() {
        let [(_, d, english), (_, _, chinese)] = pair.both();
        let mut rest = HEADINGS.iter();
        let expected: Vec<_> = headings(&english, &d.name)
            .iter()
            .map(|title| {
                let found = rest.find(|(known, _)| known == title);
                found
                    .unwrap_or_else(|| panic!("{}: `{title}` is out of place", pair.name))
                    .1
            })
            .collect();
        assert_eq!(headings(&chinese, &d.name), expected, "{}", pair.name);
        for section in ALWAYS {
            assert!(english.contains(&format!("\n## {section}\n")), "{}: {section}", pair.name);
        }
        for (section, wanted) in [
            ("Pin the downloads", !d.pinnable().is_empty()),
            ("MCP servers", d.agent.mcp_file.is_some()),
            ("Mirrors", !d.agent.mirrors.is_empty()),
        ] {
            assert_eq!(english.contains(&format!("\n## {section}\n")), wanted, "{}: {section}", pair.name);
        }
    }
}

#[test]
fn both_languages_have_the_same_code() {
    for pair in pairs() {
        let [(_, _, english), (_, _, chinese)] = pair.both();
        assert_eq!(blocks(&english), blocks(&chinese), "{}", pair.name);
        let (english, chinese) = (spans(&english), spans(&chinese));
        for span in &english {
            let times = |all: &[String]| all.iter().filter(|other| *other == span).count();
            assert!(
                times(&chinese) >= times(&english),
                "{}: `{span}` is missing in the Chinese",
                pair.name
            );
        }
    }
}

#[test]
fn both_languages_have_as_many_paragraphs() {
    for pair in pairs() {
        let shape = |text: &str| -> Vec<(usize, usize)> {
            let sections = text.split("\n## ");
            sections
                .map(|section| {
                    let prose = prose(section);
                    let items = prose.lines().filter(|line| {
                        let line = line.trim_start();
                        line.starts_with("- ")
                            || line.starts_with('|')
                            || line.starts_with(|c: char| c.is_ascii_digit())
                    });
                    (section.split("\n\n").count(), items.count())
                })
                .collect()
        };
        let [(_, _, english), (_, _, chinese)] = pair.both();
        assert_eq!(shape(&english), shape(&chinese), "{}", pair.name);
    }
}

#[test]
fn every_secret_is_named() {
    for pair in pairs() {
        for (lang, d, text) in pair.both() {
            let case = format!("{}, {lang}", pair.name);
            for slot in &d.secrets {
                assert!(text.contains(&format!("| `{}` |", slot.env)), "{case}: {}", slot.env);
                if d.cloud.vault.is_some() {
                    let variable = format!("TF_VAR_{}=remote-setup-placeholder", slot.terraform_variable());
                    assert!(text.contains(&variable), "{case}: {variable}");
                    assert!(text.contains(&format!("`{}`", slot.vault_name())), "{case}: {}", slot.vault_name());
                } else {
                    assert!(!text.contains("TF_VAR_"), "{case}: Terraform is given no secret");
                }
            }
            let told = d.cloud.tells_price();
            let price = if told { "`monthly_price`" } else { d.cloud.priced };
            assert!(text.contains(price), "{case}: a price needs its date");
            assert!(!text.contains("{{") && !text.contains("{%"), "{case}");
            assert!(!text.contains("\n\n\n"), "{case}: two empty lines");
        }
    }
}

#[test]
fn ssh_is_mentioned_as_it_is() {
    let closed = resolve(&Spec {
        allow_ssh_from: Some(Vec::new()),
        ..spec()
    });
    let text = file(&closed, "RUNBOOK.md");
    assert!(text.contains("No SSH rule exists.") && text.contains("az vm run-command"), "{text}");
    let open = file(&resolve(&spec()), "RUNBOOK.md");
    assert!(open.contains("SSH is open to `203.0.113.7/32` and to nobody else."), "{open}");
}

#[test]
fn pairing_never_opens_the_bot() {
    for (name, folder, deployment) in examples() {
        let env = std::fs::read_to_string(folder.join(format!("{}.env", deployment.bridge.slug))).expect("env");
        assert!(env.contains(&format!("{}=false\n", deployment.bridge.allow_unlisted_env)), "{name}");
    }
    for pair in pairs() {
        for (lang, d, text) in pair.both() {
            assert!(
                text.contains("`chat_id`"),
                "{}, {lang}: {}",
                pair.name,
                d.chat.refusal_ids.say(d.lang)
            );
            assert!(!text.contains("UNLISTED"), "{}, {lang}: the runbook opens the bot", pair.name);
        }
    }
}
