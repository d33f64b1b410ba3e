//! The declarations of answers, and what follows from each: flag, variable, key, completion, question and documentation.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use remote_setup::clouds::CLOUDS;
use remote_setup::inputs::answers::{self, Answer, AnswerKind};
use remote_setup::inputs::spec::HEADINGS;
use remote_setup::inputs::{Spec, environment, flags};
use remote_setup::tables::{Lang, words};

use crate::common::{KEY, World, root};

/// Something that the answer takes.
fn sample(answer: &Answer) -> String {
    match answer.kind {
        AnswerKind::Map(_) => "team=research".to_owned(),
        AnswerKind::Number { least, .. } => least.to_string(),
        AnswerKind::PublicKey(_) => KEY.to_owned(),
        _ => "something".to_owned(),
    }
}

fn with_flag() -> impl Iterator<Item = &'static Answer> {
    answers::all().filter(|answer| !answer.flag.is_empty())
}

#[test]
fn every_key_is_declared_under_its_own_name_and_fills_its_own_place() {
    let mut seen = BTreeSet::new();
    for (key, declared) in Spec::KEYS.iter().zip(Spec::ANSWERS) {
        assert!(!declared.is_empty(), "key `{key}` has no declaration");
        for answer in *declared {
            let own = answer.key == *key || answer.key.strip_prefix(key).is_some_and(|part| part.starts_with('.'));
            assert!(own, "`{}` is declared at `{key}`", answer.key);
            assert!(seen.insert(answer.key), "`{}` is declared twice", answer.key);
            let layer = answer.layer(&sample(answer)).expect("a layer");
            let said = layer.said();
            match answer.kind {
                AnswerKind::Written(_) => assert!(said.is_empty(), "`{}` fills {said:?}", answer.key),
                _ => assert!(said.contains(&answer.key.to_owned()), "`{}` fills {said:?}", answer.key),
            }
            assert!(said.iter().all(|said| said.split('.').next() == Some(key)), "`{key}` fills {said:?}");
        }
    }
}

#[test]
fn every_declaration_is_whole_in_both_languages() {
    let chinese = |text: &str| text.contains(|c: char| !c.is_ascii());
    let mut names = BTreeSet::new();
    for answer in answers::all() {
        let key = answer.key;
        assert!(!answer.help.en.is_empty() && chinese(answer.help.zh), "`{key}`: help");
        let written = matches!(answer.kind, AnswerKind::Written(_));
        assert_eq!(answer.flag.is_empty(), written, "`{key}`: a flag, or written in the file");
        assert_eq!(
            answer.value.is_empty() || answer.wants.is_empty(),
            written,
            "`{key}`: value and wants"
        );
        assert!(
            written || HEADINGS.contains(&answer.heading),
            "`{key}`: its heading is shown nowhere"
        );
        assert_eq!(answer.help.en.contains("{}"), answer.help.zh.contains("{}"), "`{key}`: values");
        assert!(
            !answer.help.en.contains("{}") || !(answer.values)().is_empty(),
            "`{key}`: no values to list"
        );
        assert!(
            !(answer.needed)(&Spec::default()) || answer.prompt.is_some(),
            "`{key}` is needed and never asked for"
        );
        for name in answer.variables().into_iter().chain([format!("--{}", answer.flag)]) {
            assert!(name == "--" || names.insert(name.clone()), "`{key}`: {name} is taken");
        }
        if let Some(prompt) = answer.prompt {
            assert!(!prompt.label.en.is_empty() && chinese(prompt.label.zh), "`{key}`: label");
            for text in [prompt.question, prompt.help] {
                assert_eq!(text.en.is_empty(), text.zh.is_empty(), "`{key}`: {text:?}");
                assert!(text.en.is_empty() || chinese(text.zh), "`{key}`: {text:?}");
            }
        }
    }
}

#[test]
fn flag_and_variable_of_every_answer_say_the_same() {
    for answer in with_flag() {
        let by_flag = flags::layer(&[(answer.key, vec![sample(answer)])].into()).expect("a layer");
        assert!(by_flag.said().contains(&answer.key.to_owned()), "--{}", answer.flag);
        for variable in answer.variables() {
            let lookup = |name: &str| (name == variable).then(|| sample(answer));
            assert_eq!(environment::layer(&lookup).expect("a layer"), by_flag, "{variable}");
        }
    }
}

#[test]
fn help_shows_every_flag_that_is_not_hidden() {
    let help = World::new().run(&["--help"]).ok().stdout;
    for answer in with_flag() {
        let shown = help.contains(&format!("--{} <{}>", answer.flag, answer.value));
        assert_eq!(shown, !answer.hidden, "--{}", answer.flag);
    }
}

#[test]
fn shells_complete_the_values_of_an_answer() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = world.run(&["completions", shell]).ok().stdout;
        let lists_values = ["bash", "zsh", "fish"].contains(&shell);
        for answer in with_flag().filter(|answer| lists_values && !answer.hidden) {
            for value in (answer.values)() {
                assert!(script.contains(value), "{shell}: --{} does not offer `{value}`", answer.flag);
            }
        }
    }
    world.write("complete.bash", &world.run(&["completions", "bash"]).ok().stdout);
    let offered = |typed: &[&str]| {
        let words: Vec<String> = typed.iter().map(|word| format!("'{word}'")).collect();
        let script = format!(
            ". ./complete.bash; COMP_WORDS=({0}); COMP_CWORD={1}; _remote__setup remote-setup '{2}' '{3}'; echo \"${{COMPREPLY[*]}}\"",
            words.join(" "),
            typed.len() - 1,
            typed[typed.len() - 1],
            typed[typed.len() - 2],
        );
        let ran = Command::new("bash")
            .args(["-c", &script])
            .current_dir(world.path("."))
            .output();
        String::from_utf8(ran.expect("bash").stdout)
            .expect("text")
            .trim()
            .to_owned()
    };
    let clouds: Vec<_> = CLOUDS.iter().map(|cloud| cloud.slug).collect();
    assert_eq!(offered(&["remote-setup", "--cloud", ""]), clouds.join(" "));
    assert_eq!(offered(&["remote-setup", "--bridge", "te"]), "telegram");
    assert_eq!(offered(&["remote-setup", "--region", "westeu"]), "westeurope");
}

/// What is offered is no limit: an alias and a region that this version does not know are taken.
#[test]
fn values_are_offered_and_not_required() {
    let world = World::new();
    world.generate(&["--region=somewhere2"]).ok().says("somewhere2");
}

/// The table of all answers, as `docs` has it.
fn table(lang: Lang) -> String {
    let say = |english, chinese| words(english, chinese).say(lang);
    let code = |text: String| if text.is_empty() { String::new() } else { format!("`{text}`") };
    let mut text = format!(
        "# {}\n\n{}\n\n| {} | {} | {} | {} |\n|---|---|---|---|\n",
        say("Answers", "答案"),
        say(
            "Everything a deployment can be asked for, and the ways to say it. A flag goes before the file, the file before the \
             environment, the environment before the preferences (marked *; models by provider under `models`).",
            "部署的全部选项及其写法。命令行选项优先于文件，文件优先于环境变量，环境变量优先于偏好设置（标有 *；模型按服务商写在 `models` 下）。",
        ),
        say("key in `deployment.yaml`", "`deployment.yaml` 中的键"),
        say("flag", "命令行选项"),
        say("environment", "环境变量"),
        say("meaning", "含义"),
    );
    for answer in answers::all().filter(|answer| !answer.hidden) {
        let flag = if answer.flag.is_empty() {
            String::new()
        } else {
            format!("--{} {}", answer.flag, answer.value)
        };
        text.push_str(&format!(
            "| `{}`{} | {} | {} | {} |\n",
            answer.key,
            if answer.preference { " *" } else { "" },
            code(flag.replace('|', "\\|")),
            code(answer.variables().into_iter().next().unwrap_or_default()),
            answer.explained(lang),
        ));
    }
    text
}

#[test]
fn the_documented_table_is_what_is_declared() {
    for (name, lang) in [("docs/answers.md", Lang::En), ("docs/answers.zh-CN.md", Lang::ZhCn)] {
        let path = root().join(name);
        if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
            fs::write(&path, table(lang)).expect("written");
        }
        let documented = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(documented, table(lang), "{name}: rewrite it with UPDATE_GOLDENS=1");
    }
}
