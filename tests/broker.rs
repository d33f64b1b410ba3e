//! The key broker: which deployments have one, and what it and the runtime are told.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use remote_setup::deployment::{SecretFile, Warning};
use remote_setup::inputs::Spec;
use remote_setup::model_providers::KeyBroker;
use remote_setup::model_providers::PROVIDERS;

use crate::common::{MINIMAL, Ran, World, deployable_providers, file, resolve, spec, spec_with, view};

fn with(provider: &str) -> Spec {
    spec_with(provider)
}

#[test]
fn the_runtime_gets_an_address_on_this_machine_and_no_key() {
    for provider in deployable_providers().filter(|provider| provider.key().is_some()) {
        let deployment = resolve(&with(provider.slug));
        let key = &deployment.secrets[0];
        let settings = file(&deployment, "runtime.env");
        let Some(broker) = &deployment.broker else {
            assert!(matches!(provider.broker, KeyBroker::Cannot(_)), "{}", provider.slug);
            assert_eq!(key.files, [SecretFile::Runtime], "{}", provider.slug);
            assert!(!settings.contains("CODEWHALE_BASE_URL"), "{settings}");
            continue;
        };
        assert_eq!(key.files, [SecretFile::Broker], "{}", provider.slug);
        // The runtime chooses its paths by this one's.
        let own = view(provider).endpoint().base_url.trim_end_matches('/');
        let own = own.replacen(&format!("https://{}", broker.host), "http://127.0.0.1:7879", 1);
        assert!(settings.contains(&format!("\nCODEWHALE_BASE_URL={own}\n")), "{settings}");
        for path in &broker.api_paths {
            assert!(path.starts_with('/') && !path.ends_with('/'), "{}: {path}", provider.slug);
            assert!(path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-".contains(&b)), "{path}");
        }
        let host = broker.host;
        assert!(
            host.contains('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b)),
            "{host}"
        );
        let settings = file(&deployment, "broker.nginx.conf");
        assert!(settings.contains(&format!("proxy_ssl_name {host};")), "{settings}");
        assert!(settings.contains("proxy_ssl_verify on;"), "{settings}");
    }
}

#[test]
fn each_provider_reads_its_key_from_its_own_header() {
    for (provider, bearer, x_api_key) in [
        ("openai", true, false),
        ("deepseek", true, false),
        ("anthropic", false, true),
        ("openmodel", true, false),
        ("opencode-zen", true, true),
    ] {
        let settings = file(&resolve(&with(provider)), "broker.nginx.conf");
        let sent = |header: &str, value: &str| settings.contains(&format!("proxy_set_header {header} {value};"));
        assert_eq!(sent("Authorization", "\"Bearer $codewhale_model_key\""), bearer, "{provider}");
        assert_eq!(sent("Authorization", "\"\""), !bearer, "{provider}");
        assert_eq!(sent("X-Api-Key", "$codewhale_model_key"), x_api_key, "{provider}");
        assert_eq!(sent("X-Api-Key", "\"\""), !x_api_key, "{provider}");
    }
}

#[test]
fn what_cannot_go_through_the_broker_is_said() {
    let cannot: Vec<_> = PROVIDERS
        .iter()
        .filter(|provider| matches!(provider.broker, KeyBroker::Cannot(_)))
        .collect();
    assert!(!cannot.is_empty());
    for provider in cannot {
        let deployment = resolve(&with(provider.slug));
        let warning = deployment.warnings.iter().find_map(|warning| match warning {
            Warning::KeyInRuntime { .. } => Some((warning.to_string(), warning.chinese())),
            _ => None,
        });
        let (english, chinese) = warning.unwrap_or_else(|| panic!("{}: no word of it", provider.slug));
        assert!(english.contains("the runtime itself holds the API key"), "{english}");
        assert!(!chinese.contains(english.rsplit(": ").next().expect("a reason")), "{chinese}");
        let world = World::new();
        let flag = format!("--provider={}", provider.slug);
        let flags = MINIMAL.iter().map(|asked| match asked.starts_with("--provider") {
            true => flag.as_str(),
            false => asked,
        });
        let ran = world.run(&flags.collect::<Vec<_>>()).ok();
        assert!(ran.stderr.contains("the runtime itself holds the API key"), "{ran:#?}");
    }
}

#[test]
fn a_provider_without_a_key_has_no_broker() {
    let deployment = resolve(&with("ollama"));
    assert!(deployment.broker.is_none());
    let files = remote_setup::render::render(&deployment).expect("renders");
    assert!(files.iter().all(|file| !file.path.contains("broker")));
    assert!(!file(&deployment, "install.sh").contains("broker_answers"));
}

#[test]
fn the_port_is_beside_the_runtimes() {
    for (port, expected) in [(7878, 7879), (1024, 1025), (65535, 65534)] {
        let deployment = resolve(&Spec {
            port: Some(port),
            ..spec()
        });
        assert_eq!(deployment.broker.as_ref().map(|broker| broker.port), Some(expected));
    }
}

/// A machine with the script that makes the broker's settings, and stand-ins for what only root may.
fn machine() -> World {
    let world = World::new();
    world.write("broker-settings.sh", &file(&resolve(&spec()), "broker-settings.sh"));
    world.write("run/broker.secrets.env", "OPENROUTER_API_KEY=MARKED-$1{;}#=x\n");
    world.write(
        "resolv.conf",
        "# a remark\nsearch example\nnameserver 127.0.0.53\nnameserver 2001:db8::1\n",
    );
    for (program, then) in [
        ("nft", "exit \"${NFT_EXIT:-0}\""),
        ("install", "for last; do :; done; mkdir -p \"$last\""),
        ("chgrp", ""),
    ] {
        let log = world.path("argv.log");
        let script = format!("#!/bin/sh\necho {program} \"$@\" >>'{}'\n{then}\n", log.display());
        let path = world.write(&format!("recorders/{program}"), &script);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
    }
    world
}

fn settings(world: &World, nft_exit: &str) -> Ran {
    let path = std::env::var("PATH").expect("PATH");
    let ran = Ran::of(
        Command::new("bash")
            .arg("broker-settings.sh")
            .env_clear()
            .env("PATH", format!("{}:{path}", world.path("recorders").display()))
            .env("CODEWHALE_RUN", world.path("run"))
            .env("CODEWHALE_BROKER_RUN", world.path("broker"))
            .env("CODEWHALE_RESOLV_CONF", world.path("resolv.conf"))
            .env("NFT_EXIT", nft_exit)
            .current_dir(world.folder.path()),
    );
    let argv = fs::read_to_string(world.path("argv.log")).unwrap_or_default();
    assert!(!argv.contains("MARKED") && !ran.stdout.contains("MARKED") && !ran.stderr.contains("MARKED"));
    ran
}

#[test]
fn the_broker_reads_the_key_as_it_is_and_the_machines_dns_servers() {
    let world = machine();
    settings(&world, "0").ok();
    let text = world.read("broker/settings.conf");
    assert!(
        text.contains("geo $codewhale_model_key {\n  default \"MARKED-$1{;}#=x\";\n}\n"),
        "{text}"
    );
    assert!(text.contains("\nresolver 127.0.0.53 [2001:db8::1] valid="), "{text}");
    let mode = fs::metadata(world.path("broker/settings.conf"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(crate::common::files_under(&world.path("broker")), ["settings.conf"]);
}

#[test]
fn the_broker_gets_no_key_while_anybody_could_use_it() {
    let world = machine();
    let ran = settings(&world, "1");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("the firewall does not restrict the broker"), "{ran:#?}");
    assert!(!world.path("broker").exists());
    for (name, said) in [
        ("run/broker.secrets.env", "the model key is missing"),
        ("resolv.conf", "names no DNS server"),
    ] {
        let world = machine();
        world.write(name, "\n");
        let ran = settings(&world, "0");
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
        assert!(!world.path("broker").exists());
    }
}
