//! The tables, row by row; a failure names the row.

use std::collections::BTreeSet;
use std::net::IpAddr;

use remote_setup::agents::{AGENTS, Agent, Dialect};
use remote_setup::chats::CHATS;
use remote_setup::clouds::{CLOUDS, Cloud, Fact};
use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Spec, model, syntax};
use remote_setup::model_providers::{PROVIDERS, View};
use remote_setup::tables::find;
use remote_setup::tables::{Bootstrap, Row, Words};

use crate::common::{KEY, deployable_providers, file, resolve, root, spec, spec_with};

fn slug_is_well_formed(slug: &str) -> bool {
    !slug.is_empty()
        && slug.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn names_are_unique<R: Row>() {
    let mut seen = BTreeSet::new();
    for row in R::rows() {
        assert!(slug_is_well_formed(row.slug()), "{} `{}`: slugs are [a-z0-9-]", R::NOUN, row.slug());
        assert!(seen.insert(row.slug()), "{} `{}` is there twice", R::NOUN, row.slug());
    }
    for row in R::rows() {
        for alias in row.aliases() {
            assert!(seen.insert(alias), "{} `{}`: the name `{alias}` is taken", R::NOUN, row.slug());
        }
    }
}

fn every_name_finds_its_row<R: Row>() {
    for row in R::rows() {
        for name in row.aliases().iter().chain([&row.slug()]) {
            let found: &R = find(name).unwrap_or_else(|error| panic!("{} `{name}`: {error}", R::NOUN));
            assert_eq!(found.slug(), row.slug(), "{} `{name}`", R::NOUN);
        }
    }
}

#[test]
fn names_are_unique_and_found() {
    names_are_unique::<remote_setup::clouds::Cloud>();
    names_are_unique::<remote_setup::chats::Chat>();
    names_are_unique::<remote_setup::model_providers::Provider>();
    names_are_unique::<Agent>();
    every_name_finds_its_row::<Agent>();
    every_name_finds_its_row::<remote_setup::clouds::Cloud>();
    every_name_finds_its_row::<remote_setup::chats::Chat>();
    every_name_finds_its_row::<remote_setup::model_providers::Provider>();
}

#[test]
fn keyless_providers_are_the_local_ones() {
    let keyless: Vec<_> = deployable_providers()
        .filter(|provider| provider.key().is_none())
        .map(|provider| provider.slug)
        .collect();
    for slug in ["sglang", "vllm", "ollama"] {
        assert!(keyless.contains(&slug), "provider `{slug}` asks for a key");
    }
    for provider in deployable_providers() {
        let local = keyless.contains(&provider.slug);
        assert_eq!(
            provider.own_server, local,
            "provider `{}`: whose endpoint may be named",
            provider.slug
        );
        assert_eq!(
            provider.key_page.is_empty(),
            local,
            "provider `{}`: where a key is made",
            provider.slug
        );
    }
}

#[test]
fn provider_rows_are_complete() {
    for provider in PROVIDERS {
        let slug = provider.slug;
        assert!(
            !provider.display_name.en.is_empty() && !provider.display_name.zh.is_empty(),
            "provider `{slug}` has no name"
        );
        for key in provider.env_keys {
            let form = key
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
            assert!(form && key.len() > 3, "provider `{slug}`: `{key}` is no environment name");
        }
        assert!(!provider.endpoints.is_empty(), "provider `{slug}` answers nowhere");
        for endpoint in provider.endpoints {
            syntax::url(endpoint.base_url, &["http", "https"])
                .unwrap_or_else(|error| panic!("provider `{slug}`: {error}"));
        }
    }
}

#[test]
fn chat_rows_are_complete() {
    for chat in CHATS {
        let slug = chat.slug;
        assert!(!chat.secrets.is_empty(), "chat app `{slug}` has no secret");
        assert!(chat.setup_hint.en.len() > 40, "chat app `{slug}`: where do its secrets come from?");
        for setting in chat.settings {
            assert!(!setting.allowed.is_empty(), "chat app `{slug}`: {} allows nothing", setting.env);
        }
        for bad in ["", " ", "a,b", "a\nb", "a=b", "\"", "$x", "%h"] {
            assert!(!(chat.allowlist_entry)(bad), "chat app `{slug}` accepts {bad:?} as an id");
        }
    }
}

#[test]
fn agent_rows_are_complete() {
    for agent in AGENTS {
        let slug = agent.slug;
        for rule in agent.models {
            let known = PROVIDERS.iter().any(|provider| provider.slug == rule.provider);
            assert!(known, "agent `{slug}`: there is no provider `{}`", rule.provider);
            assert!(
                agent
                    .models
                    .iter()
                    .filter(|other| other.provider == rule.provider)
                    .count()
                    == 1,
                "agent `{slug}`: two rules for `{}`",
                rule.provider
            );
            syntax::model(rule.default_model).unwrap_or_else(|error| panic!("agent `{slug}`: {error}"));
            if let Some(prefix) = rule.model_prefix {
                assert!(
                    rule.default_model.contains(prefix),
                    "agent `{slug}`: the default of `{}` lacks `{prefix}`",
                    rule.provider
                );
            }
        }
        for bridge in agent.bridges {
            assert!(
                CHATS.iter().any(|chat| chat.slug == bridge.slug),
                "agent `{slug}`: `{}`",
                bridge.slug
            );
            assert!(bridge.stop_timeout >= 10, "agent `{slug}`, bridge `{}`", bridge.slug);
        }
        for mirror in agent.mirrors {
            assert!(
                agent.release(agent.version, mirror.slug).is_some(),
                "agent `{slug}`: what is known of {} on {}?",
                agent.version,
                mirror.slug
            );
        }
        for name in ["runtime.env", "bridge.env"].iter().chain(agent.config_files) {
            let there = agent.fragments.iter().any(|(fragment, _)| fragment == name);
            assert!(there, "agent `{slug}` has no fragment `{name}`");
        }
    }
}

#[test]
fn cloud_rows_are_complete() {
    for cloud in Cloud::rows() {
        let slug = cloud.slug;
        assert!(cloud.region(cloud.default_region).is_some(), "cloud `{slug}`: default region");
        let default = cloud.sizes.iter().find(|size| size.slug == cloud.default_size);
        assert!(default.is_some_and(|size| size.memory_gib >= 2), "cloud `{slug}`: default size");
        assert!(
            !cloud.installs.is_empty() && !cloud.bootstraps.is_empty(),
            "cloud `{slug}`: no way to install, or none to the machine"
        );
        assert!(
            cloud.regions.is_sorted_by_key(|region| region.slug),
            "cloud `{slug}`: regions are sorted"
        );
        for size in cloud.sizes {
            assert!(
                (cloud.size_architecture)(size.slug).is_some(),
                "cloud `{slug}`: size `{}`",
                size.slug
            );
            assert!(
                size.monthly_usd.is_none_or(|usd| usd > 0.0),
                "cloud `{slug}`: size `{}` is free",
                size.slug
            );
        }
        let month = cloud.priced.split_once('-').expect("YYYY-MM");
        assert!(month.0.len() == 4 && month.1.len() == 2, "cloud `{slug}`: prices need a date");
        for closed in cloud.metadata {
            assert!(closed.address.parse::<IpAddr>().is_ok(), "cloud `{slug}`: {closed:?}");
        }
    }
}

/// What a row has decides what else it needs.
#[test]
fn what_a_cloud_can_do_goes_with_what_its_row_says() {
    for cloud in Cloud::rows() {
        let slug = cloud.slug;
        let by = |way| cloud.bootstraps.contains(&way);
        assert_eq!(by(Bootstrap::CloudInit), cloud.user_data.is_some(), "cloud `{slug}`: user data");
        assert!(
            cloud.command_service.is_some() || !by(Bootstrap::CommandService),
            "cloud `{slug}`: command service"
        );
        let Some(module) = cloud.module() else {
            assert!(cloud.vault.is_none() && cloud.user_data.is_none(), "cloud `{slug}`");
            continue;
        };
        for fact in [Fact::VaultName, Fact::SecretValues, Fact::SecretVersions] {
            assert_eq!(module.asks_for(fact), cloud.vault.is_some(), "cloud `{slug}`: {fact:?}");
        }
        assert_eq!(
            module.asks_for(Fact::FirstScript),
            cloud.user_data.is_some() || cloud.command_service.is_some(),
            "cloud `{slug}`: the first script"
        );
        for name in ["terraform.tf", "variables.tf", "main.tf", "outputs.tf", "README.md"] {
            let there = module
                .files
                .iter()
                .any(|(file, text)| *file == name && !text.is_empty());
            assert!(there, "cloud `{slug}`: modules/{slug}/{name}");
        }
        for output in ["public_ip", "ssh_user", "ssh_command", "tunnel_command"] {
            assert!(
                module.outputs.iter().any(|(name, _)| *name == output),
                "cloud `{slug}`: output `{output}`"
            );
        }
        if let Some(vault) = cloud.vault {
            let name = (vault.name)("a-rather-long-name-of-a-machine", "k7m2qp");
            assert!((3..=24).contains(&name.len()) && !name.contains("--"), "cloud `{slug}`: {name}");
        }
    }
}

/// Every text of the rows, with where it stands.
fn told_by_clouds() -> Vec<(String, Words)> {
    let mut all = Vec::new();
    for cloud in Cloud::rows() {
        let mut add = |column: &str, words: Words| all.push((format!("cloud `{}`: {column}", cloud.slug), words));
        add("other_cost_note", cloud.other_cost_note);
        add("remove_without_state", cloud.remove_without_state);
        add("pause", cloud.pause);
        add("after_destroy", cloud.after_destroy);
        for words in cloud.creates.iter().chain(cloud.prerequisites) {
            add("creates, prerequisites", *words);
        }
        for region in cloud.regions {
            add(region.slug, region.place);
        }
        for failure in cloud.failures {
            add("failure", failure.cause);
            add("failure", failure.remedy);
            failure.symptom.iter().for_each(|symptom| add("failure", *symptom));
        }
        cloud.vault.iter().for_each(|vault| add("vault", vault.access));
    }
    all
}

#[test]
fn every_text_of_a_cloud_is_said_in_both_languages_with_the_same_code() {
    let texts = told_by_clouds();
    assert!(texts.len() > 100, "only {} texts", texts.len());
    for (place, Words { en, zh }) in texts {
        let code = |text: &'static str| -> BTreeSet<&str> { text.split('`').skip(1).step_by(2).collect() };
        let is_chinese = zh.contains(|c: char| !c.is_ascii());
        let only_code = en.split('`').step_by(2).all(|prose| prose.is_empty());
        assert!(en.is_ascii() || !en.contains('。'), "{place}: `{en}`");
        assert!(is_chinese || (only_code && en == zh), "{place}: `{zh}` is not Chinese");
        let missing: Vec<_> = code(en).difference(&code(zh)).copied().collect();
        assert!(missing.is_empty(), "{place}: {missing:?} is missing in `{zh}`");
        for name in ["{region}", "{terraform}", "{forget}", "{again}"] {
            assert_eq!(en.contains(name), zh.contains(name), "{place}: {name} in `{zh}`");
        }
    }
}

/// Both readers put the full stop themselves.
#[test]
fn a_failure_is_told_in_clauses_and_can_be_met() {
    for cloud in Cloud::rows() {
        for failure in cloud.failures {
            let place = format!("cloud `{}`: {:?}", cloud.slug, failure.cause.en);
            for words in [failure.cause, failure.remedy] {
                assert!(!words.en.ends_with('.') && !words.zh.ends_with('。'), "{place}");
                assert!(!words.en.is_empty() && !words.zh.is_empty(), "{place}");
            }
            assert!(failure.symptom.is_some() || !failure.needles.is_empty(), "{place}: nobody meets it");
            assert_eq!(failure.forget.is_empty(), !failure.remedy.en.contains("{forget}"), "{place}");
        }
    }
}

#[test]
fn a_module_directory_holds_just_the_files_of_its_row() {
    for cloud in CLOUDS {
        let module = cloud.module().expect("a module");
        let folder = root().join("modules").join(cloud.slug);
        for entry in std::fs::read_dir(&folder).expect("a module") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let listed = module.files.iter().any(|(file, _)| *file == name);
            assert!(listed || path.is_dir(), "modules/{}/{name} is not copied into bundles", cloud.slug);
        }
    }
}

#[test]
fn azure_sizes_tell_architecture_and_trusted_launch() {
    let azure = &CLOUDS[0];
    let architecture = |size| (azure.size_architecture)(size).map(remote_setup::tables::Architecture::slug);
    assert_eq!(architecture("Standard_B2als_v2"), Some("x64"));
    assert_eq!(architecture("Standard_B2pls_v2"), Some("arm64"));
    assert_eq!(architecture("Standard_D4ps_v5"), Some("arm64"));
    assert_eq!(architecture("Standard_D2pds_v6"), Some("arm64"));
    assert_eq!(architecture("Standard_NC4as_T4_v3"), Some("x64"));
    assert_eq!(architecture("standard_b2als_v2"), None);
    assert_eq!(architecture("t3.medium"), None);
    assert!((azure.trusted_launch)("Standard_B2als_v2"));
    assert!(!(azure.trusted_launch)("Standard_B2pls_v2"), "Ampere has none");
    assert!((azure.trusted_launch)("Standard_D2pds_v6"));
    assert!(!(azure.trusted_launch)("Standard_D2_v2"));
}

#[test]
fn every_provider_resolves_with_its_own_key_only() {
    for provider in deployable_providers() {
        let deployment = resolve(&spec_with(provider.slug));
        let names: Vec<_> = deployment.secrets.iter().map(|slot| slot.env).collect();
        let expected: Vec<_> = provider
            .key()
            .into_iter()
            .chain(["CODEWHALE_RUNTIME_TOKEN", "TELEGRAM_BOT_TOKEN"])
            .collect();
        assert_eq!(names, expected, "provider `{}`", provider.slug);
        assert!(!format!("{deployment:?}").is_empty());
        assert_eq!(deployment.ssh_public_key, KEY);
    }
}

/// One that speaks another protocol, and knows nothing of models.
static TACITURN: Agent = Agent {
    slug: "taciturn",
    display_name: "Taciturn",
    dialects: &[Dialect::Messages],
    models: &[],
    ..AGENTS[0]
};

#[test]
fn an_agent_asks_where_its_own_protocol_is_spoken() {
    let view = |slug: &str| View::of(find(slug).expect("a provider"), &TACITURN);
    assert_eq!(view("anthropic").unsupported(), None);
    assert_eq!(
        view("openai").unsupported().expect("another protocol").en,
        "Taciturn does not implement its wire protocol yet, so no request would go out"
    );
    assert_eq!(view("opencode-zen").endpoint().dialect, Dialect::Messages);
    assert_eq!(view("siliconflow-cn").name(), "siliconflow-cn");
    // Nobody has said what `auto` would be there.
    let refused = model::model(&view("anthropic"), "auto")
        .expect_err("no default")
        .to_string();
    assert!(refused.contains("Taciturn has no default model there"), "{refused}");
    assert_eq!(
        model::model(&view("anthropic"), "claude-sonnet-4-6").expect("a model"),
        "claude-sonnet-4-6"
    );
}

#[test]
fn the_default_agent_is_not_written_and_another_must_exist() {
    let named = |agent: &str| Spec {
        agent: Some(agent.to_owned()),
        ..spec()
    };
    assert_eq!(
        file(&resolve(&named("CodeWhale")), "deployment.yaml"),
        file(&resolve(&spec()), "deployment.yaml")
    );
    let error = Deployment::resolve(&named("codewhole")).expect_err("no such agent");
    assert!(
        error
            .message()
            .contains("`codewhole` is not an agent; allowed: codewhale"),
        "{error}"
    );
}
