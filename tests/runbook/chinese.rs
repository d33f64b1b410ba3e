//! The Chinese runbook is Chinese.

use std::collections::BTreeSet;

use remote_setup::agents::{AGENTS, Download};
use remote_setup::chats::CHATS;
use remote_setup::clouds::CLOUDS;
use remote_setup::deployment::{Deployment, Warning};
use remote_setup::inputs::Spec;
use remote_setup::model_providers::KeyBroker;
use remote_setup::model_providers::PROVIDERS;
use remote_setup::tables::Words;

use super::pages::prose;
use super::pairs;
use crate::common::{deployable_providers, file, resolve, spec, spec_with, view};

/// Words of the tables that stand in the prose of a runbook, English and Chinese.
fn words() -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for bridge in CHATS {
        for provider in deployable_providers() {
            for slot in deployment("azure", bridge.slug, provider.slug).secrets.iter() {
                all.insert((slot.label.en.clone(), slot.label.zh.clone()));
                all.insert((slot.hint.en.clone(), slot.hint.zh.clone()));
            }
        }
    }
    let mut add = |words: Words| all.insert((words.en.to_owned(), words.zh.to_owned()));
    for cloud in CLOUDS {
        for text in [
            cloud.other_cost_note,
            cloud.remove_without_state,
            cloud.pause,
            cloud.after_destroy,
        ] {
            add(text);
        }
        for text in cloud.creates.iter().chain(cloud.prerequisites) {
            add(*text);
        }
    }
    for chat in CHATS {
        for text in [chat.caution, chat.allowlist_form, chat.refusal_ids, chat.setup_hint] {
            add(text);
        }
        for setting in chat.settings {
            add(setting.label);
        }
        for secret in chat.secrets {
            add(secret.form.name);
            add(secret.form.words);
        }
    }
    for download in Download::ALL {
        add(download.label());
    }
    for provider in deployable_providers() {
        if let Some(note) = view(provider).model_note() {
            add(note);
        }
        if let KeyBroker::Cannot(reason) = provider.broker {
            add(reason);
        }
    }
    all
}

#[test]
fn words_of_the_tables_are_chinese_and_keep_their_code() {
    let all = words();
    assert!(all.len() > 50, "only {}", all.len());
    for (english, chinese) in all {
        assert!(
            only_code(&english) || chinese.contains(|c: char| !c.is_ascii()),
            "`{chinese}` is not Chinese"
        );
        assert_eq!(english_run(&chinese), None, "{chinese}");
        for code in english.split('`').skip(1).step_by(2) {
            assert!(chinese.contains(&format!("`{code}`")), "`{code}` is missing in `{chinese}`");
        }
    }
}

fn deployment(cloud: &str, bridge: &str, provider: &str) -> Deployment {
    resolve(&Spec {
        cloud: Some(cloud.to_owned()),
        bridge: Some(bridge.to_owned()),
        lang: Some("zh-CN".to_owned()),
        ..spec_with(provider)
    })
}

/// Names are the same in every language, unless there is an entry.
fn names() -> Vec<&'static str> {
    let clouds = CLOUDS.iter().map(|row| row.display_name.en);
    let bridges = CHATS.iter().map(|row| row.display_name.en);
    let providers = PROVIDERS.iter().map(|row| row.display_name.en);
    let agents = AGENTS.iter().map(|row| row.display_name);
    clouds.chain(bridges).chain(providers).chain(agents).collect()
}

/// Nothing but code is the same in every language.
fn only_code(text: &str) -> bool {
    !text
        .split('`')
        .step_by(2)
        .any(|part| part.contains(|c: char| c.is_ascii_alphabetic()))
}

#[test]
fn every_warning_has_its_words() {
    for warning in [
        Warning::UnknownRegion {
            region: "nowhere".to_owned(),
            cloud: CLOUDS[0].display_name,
        },
        Warning::LittleMemory {
            size: "Standard_B2ats_v2",
            gib: 1,
        },
        Warning::UnknownPrice {
            size: "Standard_B2s".to_owned(),
        },
        Warning::Model {
            provider: Words::same("OpenAI"),
            note: PROVIDERS.iter().find_map(|row| view(row).model_note()).expect("a note"),
        },
        Warning::ModelServer {
            provider: Words::same("Ollama"),
            url: "http://localhost:11434/v1".to_owned(),
            model: "qwen3:8b".to_owned(),
        },
        Warning::ModelServer {
            provider: Words::same("vLLM"),
            url: "http://10.0.0.5:8000/v1".to_owned(),
            model: "qwen3".to_owned(),
        },
        Warning::ExampleAddress("203.0.113.7/32".parse().expect("a network")),
        Warning::Ipv4Only,
        Warning::AllowVaultFrom,
        Warning::SecretsByHand,
        Warning::CnbRunners,
        Warning::NotPinned {
            downloads: Download::ALL.to_vec(),
        },
        Warning::PlainSource {
            key: "git_url",
            url: "git://mirror.example/x.git".to_owned(),
            checked: false,
        },
        Warning::PlainSource {
            key: "apt_mirror",
            url: "http://mirror.example/ubuntu".to_owned(),
            checked: true,
        },
    ] {
        assert_eq!(english_run(&warning.chinese()), None, "{warning}");
        assert!(warning.chinese().contains(|c: char| !c.is_ascii()), "{warning}");
    }
    let odd = resolve(&Spec {
        region: Some("moonbase7".to_owned()),
        size: Some("Standard_B2ats_v2".to_owned()),
        lang: Some("zh-CN".to_owned()),
        ..spec()
    });
    assert!(file(&odd, "RUNBOOK.md").contains("当前版本不认识地域 `moonbase7`"));
}

#[test]
fn no_sentence_is_left_in_english() {
    let mut checked = 0;
    for pair in pairs() {
        let [_, (_, _, text)] = pair.both();
        assert_eq!(english_run(&text), None, "{}:\n{text}", pair.name);
        checked += 1;
    }
    for cloud in CLOUDS {
        for bridge in CHATS {
            for provider in deployable_providers() {
                let d = deployment(cloud.slug, bridge.slug, provider.slug);
                let case = format!("{} × {} × {}", cloud.slug, bridge.slug, provider.slug);
                assert_eq!(english_run(&file(&d, "RUNBOOK.md")), None, "{case}");
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "only {checked}");
    assert!(
        english_run("机密在这里，see the lines above for it。").is_some(),
        "the search finds nothing"
    );
}

/// The first run of three English words outside code, names, links and the generated-file notice.
fn english_run(text: &str) -> Option<String> {
    let text = text.split_once("-->").map_or(text, |(_, rest)| rest);
    let mut prose: String = prose(text).split('`').step_by(2).collect::<Vec<_>>().join("§");
    let mut names = names();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        prose = prose.replace(name, "§");
    }
    let mut run: Vec<&str> = Vec::new();
    for word in prose.split_inclusive(|c: char| !c.is_ascii() || c.is_whitespace()) {
        let letters = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let ended = word.ends_with(|c: char| !c.is_ascii());
        if !letters.is_empty() && letters.contains(|c: char| c.is_ascii_lowercase()) && !letters.contains("://") {
            run.push(letters);
        } else if !word.trim().is_empty() {
            run.clear();
        }
        if run.len() >= 3 {
            return Some(run.join(" "));
        }
        if ended {
            run.clear();
        }
    }
    None
}
