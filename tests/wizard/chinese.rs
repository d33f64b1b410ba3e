//! The same questions in Chinese, and no English left among them.

use std::collections::BTreeSet;

use remote_setup::chats::CHATS;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Secret, Spec};
use remote_setup::model_providers::FAMILIES;
use remote_setup::model_providers::PROVIDERS;
use remote_setup::tables::Lang;
use remote_setup::tables::secret_form;
use remote_setup::tables::translation::say;
use remote_setup::tables::translation::spoken_entries;

use super::{CTRL_C, ESCAPE, started};
use crate::common::{World, files_under, root, spec, view};

/// Three words of lower case in a row are a sentence, not a name; code is no sentence.
fn english_in(text: &str) -> Option<String> {
    for prose in text.split('`').step_by(2) {
        for clause in prose.split(|c: char| !(c.is_ascii_alphanumeric() || " '-".contains(c))) {
            let words: Vec<&str> = clause.split(' ').filter(|word| !word.is_empty()).collect();
            let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase());
            if words.windows(3).any(|three| three.iter().all(is_word)) {
                return Some(clause.to_owned());
            }
        }
    }
    None
}

/// What a terminal shows, without what only moves or colours.
pub(super) fn shown(seen: &str) -> String {
    let mut text = String::new();
    let mut characters = seen.chars();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => {
                let _ = characters.by_ref().skip(1).find(|c| c.is_ascii_alphabetic());
            }
            other => text.push(other),
        }
    }
    text
}

#[test]
fn english_is_recognised() {
    assert!(english_in("地域 near you it answers").is_some());
    assert!(english_in("用 `ssh-keygen to make one here` 生成 Alibaba Cloud Model Studio").is_none());
}

#[test]
fn every_question_is_asked_in_chinese() {
    let world = World::new();
    let mut terminal = started(&world, &["--lang=zh-CN", "--out=bundle"]);
    terminal
        .sees("智能体在哪里运行？")
        .types(ESCAPE)
        .answers("这是第一个问题。要退出吗？", "也许")
        .sees("否请输入 `n`")
        .presses('u')
        .types("否\r")
        .answers("智能体在哪里运行？", "轻量")
        .sees("服务器所在的地方")
        .types("新加坡\r")
        .sees("4 GiB 就够用")
        .sees("执行计划里会列出")
        .types(ESCAPE)
        .sees("服务器所在的地方")
        .types(ESCAPE)
        .answers("智能体在哪里运行？", "azure")
        .sees("服务器所在的地方")
        .types("荷兰\r")
        .sees("每月约 $28")
        .types("\r")
        .answers("你想用哪个聊天应用和它对话？", "飞书")
        .answers("应用建在哪个平台", "")
        .sees("由谁提供模型")
        .types("没有的\r")
        .sees("列表里没有匹配的选项")
        .presses('u')
        .types("claude\r")
        .sees("`auto` 会使用")
        .types("bad model\r")
        .sees("不是模型 id")
        .sees("从服务商的模型列表里复制")
        .presses('u')
        .types("\r")
        .sees("SSH 公钥（文本或文件）")
        .sees("还没有密钥？")
        .types("\r")
        .sees("无法读取公钥文件")
        .types(&format!("{}\r", crate::common::KEY))
        .answers("要查询你的公网地址", "")
        .sees("允许谁连接 SSH？")
        .types("10.0.0.1\r")
        .sees("是私有网络（10.0.0.0/8）")
        .presses('u')
        .types("198.51.100.7\r")
        .sees("是地址，不是 CIDR")
        .presses('u')
        .types("198.51.100.7/32\r")
        .sees("允许和它对话的聊天 id")
        .types("?!\r")
        .sees("不是chat id（`oc_…`）")
        .presses('u')
        .types("\r")
        .sees("console.anthropic.com")
        .sees("Anthropic 的 API 密钥")
        .types("changeme\r")
        .sees("是占位符")
        .presses('u')
        .types("\r")
        .sees("以后填写")
        .sees("飞书应用的 App ID")
        .types("later\r")
        .sees("不是飞书或 Lark 的 App ID：应为`cli_`")
        .presses('u')
        .types("\r")
        .answers("飞书应用的 App Secret", "")
        .sees("缺少：")
        .answers("生成吗？", "修改")
        .sees("要修改什么？")
        .sees("地域：westeurope")
        .types("地域\r")
        .sees("服务器所在的地方")
        .types("japaneast\r")
        .answers("还要修改什么？", "")
        .sees("japaneast")
        .answers("生成吗？", "")
        .sees("已写入")
        .sees("下一步");
    let seen = shown(&terminal.ends_with(0));
    for line in seen.lines() {
        assert_eq!(english_in(line), None, "{line}");
    }
    let spec = world.read("bundle/deployment.yaml");
    for line in [
        "region: japaneast",
        "lang: zh-CN",
        "provider: anthropic",
        "bridge: feishu",
    ] {
        assert!(spec.contains(line), "{line} is not in\n{spec}");
    }
}

#[test]
fn a_bundle_that_speaks_chinese_is_changed_in_chinese() {
    let world = World::new();
    world.generate(&["--lang=zh-CN", "--name=mine"]).ok();
    let mut command = world.command();
    command.current_dir(world.path("bundle"));
    let mut terminal = super::Terminal::start(command);
    terminal
        .sees("这个目录里是部署 `mine`")
        .sees("要修改什么？")
        .sees("不修改，用这些答案继续")
        .sees("谁可以和它对话：暂无")
        .presses(CTRL_C);
    terminal.ends_with(130);
}

/// What the questions refuse by themselves.
fn refused_in_the_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files_under(&root().join("src/inputs/wizard")) {
        let text = std::fs::read_to_string(root().join("src/inputs/wizard").join(path)).expect("source");
        for (at, marker) in text.match_indices("Error::usage(\"") {
            let rest = &text[at + marker.len()..];
            found.insert(rest.split('"').next().unwrap_or_default().to_owned());
        }
    }
    found
}

#[test]
fn every_refusal_of_the_questions_is_translated() {
    let refused = refused_in_the_sources();
    assert!(!refused.is_empty(), "the reader is broken");
    for text in refused {
        assert_ne!(say(Lang::ZhCn, &text), text, "no translation");
    }
}

#[test]
fn every_translation_keeps_its_values_and_its_code() {
    let mut seen = BTreeSet::new();
    for (english, chinese) in spoken_entries() {
        assert!(seen.insert(english), "`{english}` is there twice");
        assert!(chinese.contains(|c: char| !c.is_ascii()), "`{chinese}` is not Chinese");
        assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{english}");
        assert_eq!(english_in(chinese), None, "{chinese}");
        for code in english.split('`').skip(1).step_by(2) {
            assert!(chinese.contains(&format!("`{code}`")), "`{code}` is missing in `{chinese}`");
        }
    }
}

#[test]
fn families_are_of_providers_that_there_are() {
    for (family, providers) in FAMILIES {
        for slug in *providers {
            let row = PROVIDERS.iter().find(|row| row.slug == *slug);
            let row = row.unwrap_or_else(|| panic!("family `{family}`: provider `{slug}`"));
            assert!(
                view(row).unsupported().is_none(),
                "family `{family}`: provider `{slug}` cannot be deployed"
            );
        }
    }
}

/// Answers that no check lets pass, and as many different ways to be wrong as there are.
fn refused() -> Vec<(String, remote_setup::error::Error)> {
    let spec = spec();
    let on = |cloud: &str, provider: &str| Spec {
        cloud: Some(cloud.to_owned()),
        provider: Some(provider.to_owned()),
        ..spec.clone()
    };
    let mut all = Vec::new();
    let mut hold = |key: &str, value: &str, answer: Spec| {
        // What one version lets pass, another may not.
        if let Err(error) = Deployment::accepts(&answer, key) {
            all.push((format!("{key} {value}"), error));
        }
    };
    for cloud in ["azure", "lighthouse"] {
        for value in [
            "any",
            "0.0.0.0/0",
            "8.8.8.8",
            "8.0.0.0/8",
            "8.8.8.8/24",
            "x",
            "10.0.0.0/24",
            "192.168.1.5/32",
            "127.0.0.1/32",
            "169.254.1.0/24",
            "100.64.0.0/24",
            "fe80::/64",
            "fd00::/64",
            "2001:db8::/64",
            "224.0.0.0/24",
            "203.0.113.7/32",
        ] {
            let allow_ssh_from = Some(vec![value.to_owned()]);
            hold(
                "allow_ssh_from",
                value,
                Spec {
                    allow_ssh_from,
                    ..on(cloud, "openai")
                },
            );
        }
    }
    for (provider, value) in [
        ("openai", "?"),
        ("deepseek", "gpt-5"),
        ("ollama", "auto"),
        ("openai", ""),
    ] {
        hold(
            "model",
            value,
            Spec {
                model: Some(value.to_owned()),
                ..on("azure", provider)
            },
        );
    }
    for (provider, value) in [
        ("ollama", "https://example.org/v1"),
        ("vllm", "x"),
        ("vllm", "ftp://x"),
        ("vllm", "http://a b"),
    ] {
        hold(
            "base_url",
            value,
            Spec {
                base_url: Some(value.to_owned()),
                ..on("azure", provider)
            },
        );
    }
    for (bridge, value) in [("telegram", "x"), ("feishu", "?")] {
        let bridge = Some(bridge.to_owned());
        hold(
            "allowlist",
            value,
            Spec {
                bridge: bridge.clone(),
                allowlist: Some(vec![value.to_owned()]),
                ..spec.clone()
            },
        );
        hold(
            "allowlist",
            "many",
            Spec {
                bridge,
                allowlist: Some(vec!["1".to_owned(); 200]),
                ..spec.clone()
            },
        );
    }
    for value in [
        "x y",
        "x",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "ssh-dss AAAA",
        "/nowhere.pub",
        "ssh-ed25519 A\nB",
    ] {
        if let Err(error) = remote_setup::inputs::ssh_key::text_or_file(value) {
            all.push((format!("ssh_public_key {value}"), error));
        }
    }
    for value in ["", "two words", "changeme", &"x".repeat(5000)] {
        let error = Secret::new("TELEGRAM_BOT_TOKEN", value).expect_err("refused");
        all.push((format!("a secret of {} characters", value.len()), error));
    }
    let keys = CHATS
        .iter()
        .flat_map(|bridge| bridge.secrets)
        .map(|key| (key.env, key.form));
    for (name, form) in keys.chain([("OPENROUTER_API_KEY", secret_form::MODEL_KEY)]) {
        let later = Secret::new(name, "later").expect("a word");
        let error = later.check(name, &form, "this answer").expect_err("refused");
        all.push((name.to_owned(), error));
    }
    all
}

#[test]
fn what_is_wrong_with_an_answer_is_said_in_chinese() {
    let refused = refused();
    assert!(refused.len() > 25, "{}", refused.len());
    for (what, error) in refused {
        for text in std::iter::once(error.message()).chain(error.hints().iter().map(String::as_str)) {
            let own = error.chinese().filter(|_| text == error.message());
            let chinese = own.map_or_else(|| say(Lang::ZhCn, text), Into::into);
            assert!(chinese.contains(|c: char| !c.is_ascii()), "{what}: no translation of `{text}`");
            assert_eq!(english_in(&chinese), None, "{what}: {chinese}");
            assert!(!text.contains("`--"), "{what}: a prompt has no flags: {text}");
        }
    }
}
