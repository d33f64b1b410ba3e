//! Every example is a whole bundle: its `deployment.yaml` must give just the files beside it.
//!
//! After a change on purpose, `just bless` rewrites them; read the diff before committing it.

use std::collections::BTreeSet;
use std::fs;

use remote_setup::chats::CHATS;
use remote_setup::clouds::CLOUDS;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::render::render;
use remote_setup::tables::Architecture;
use remote_setup::tables::Install;

use crate::common::{World, deployable_providers, examples, files_under, resolve, spec_with};

#[test]
fn golden_bundles_are_what_their_specs_give() {
    let bless = std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1");
    for (name, folder, deployment) in examples() {
        let rendered = render(&deployment).expect("renders");
        if bless {
            for stale in files_under(&folder) {
                fs::remove_file(folder.join(stale)).expect("removed");
            }
        }
        for file in &rendered {
            let path = folder.join(&file.path);
            if bless {
                fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
                fs::write(&path, &file.contents).expect("written");
            }
            let golden = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}/{}: {error}", file.path));
            similar_asserted(&format!("{name}/{}", file.path), &golden, &file.contents);
        }
        let expected: BTreeSet<String> = rendered.into_iter().map(|file| file.path).collect();
        let there: BTreeSet<String> = files_under(&folder)
            .into_iter()
            .filter(|path| path != "secrets.env")
            .collect();
        assert_eq!(there, expected, "{name}");
    }
}

fn similar_asserted(name: &str, golden: &str, rendered: &str) {
    if golden != rendered {
        let diff = similar::TextDiff::from_lines(golden, rendered);
        panic!("{name} differs:\n{}", diff.unified_diff().header("golden", "rendered"));
    }
}

#[test]
fn examples_cover_what_differs() {
    let all: Vec<Deployment> = examples().into_iter().map(|(_, _, deployment)| deployment).collect();
    let has = |what: &str, test: &dyn Fn(&Deployment) -> bool| assert!(all.iter().any(test), "no example with {what}");
    for cloud in CLOUDS {
        has(cloud.slug, &|d| d.cloud.slug == cloud.slug);
    }
    for bridge in CHATS {
        has(bridge.slug, &|d| d.bridge.slug == bridge.slug);
        for &install in Install::ALL {
            has(install.slug(), &|d| d.install == install && d.bridge.slug == bridge.slug);
        }
    }
    has("an arm64 size", &|d| d.architecture == Architecture::Arm64);
    has("no SSH", &|d| d.ssh_cidrs.is_empty());
    has("several SSH networks", &|d| d.ssh_cidrs.len() > 1);
    has("a keyless provider", &|d| d.provider.key().is_none());
    has("somebody paired", &|d| !d.allowlist.is_empty());
    has("nobody paired", &|d| d.allowlist.is_empty());
}

#[test]
fn the_program_says_that_every_example_is_up_to_date() {
    for (name, folder, _) in examples() {
        let world = World::new();
        let spec = folder.join("deployment.yaml");
        let ran = world.run(&["--check", "--spec", spec.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 0, "{name}: {ran:#?}");
    }
}

#[test]
fn every_provider_and_bridge_renders() {
    let mut rendered = 0;
    for provider in deployable_providers() {
        for bridge in CHATS {
            for &install in Install::ALL {
                let deployment = resolve(&Spec {
                    bridge: Some(bridge.slug.to_owned()),
                    install: Some(install.slug().to_owned()),
                    ..spec_with(provider.slug)
                });
                let case = format!("{} × {} × {}", provider.slug, bridge.slug, install.slug());
                let files = render(&deployment).unwrap_or_else(|error| panic!("{case}: {error}"));
                let text = |path: &str| {
                    &files
                        .iter()
                        .find(|file| file.path == path)
                        .unwrap_or_else(|| panic!("{case}: {path}"))
                        .contents
                };
                let runtime = text("runtime.env");
                assert!(
                    runtime.contains(&format!("\nCODEWHALE_PROVIDER={}\n", deployment.view.name())),
                    "{case}:\n{runtime}"
                );
                assert!(
                    runtime.contains(&format!("\nCODEWHALE_MODEL={}\n", deployment.model)),
                    "{case}: nothing may stand behind the value:\n{runtime}"
                );
                let bridge_env = text(&format!("{}.env", bridge.slug));
                assert!(
                    bridge_env.contains(&format!("\n{}=\n", deployment.bridge.allowlist_env)),
                    "{case}:\n{bridge_env}"
                );
                assert!(
                    bridge_env.contains(&format!("\n{}=false\n", deployment.bridge.allow_unlisted_env)),
                    "{case}:\n{bridge_env}"
                );
                assert!(!bridge_env.contains("PROVIDER"), "{case}: a bridge never knows the provider");
                let main = text("main.tf");
                for slot in &deployment.secrets {
                    let line = format!("\"{}\"", slot.vault_name());
                    assert!(
                        main.contains(&line) && main.contains(&format!("var.{}", slot.terraform_variable())),
                        "{case}: {line}"
                    );
                }
                rendered += 1;
            }
        }
    }
    assert!(rendered > 150, "only {rendered} combinations");
}

#[test]
fn rendering_has_no_hidden_input() {
    for (name, _, deployment) in examples() {
        assert_eq!(
            render(&deployment).expect("renders"),
            render(&deployment.clone()).expect("renders"),
            "{name}"
        );
    }
}
