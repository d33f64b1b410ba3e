//! Bundles that must come up: cloud × bridge × way of installing, and a provider without a key.

use remote_setup::inputs::Spec;

use crate::bed::{Bed, Plan, mirrored};
use crate::checks;
use crate::userland::Image;

#[test]
fn telegram_native_on_a_stock_image() {
    let spec = Spec {
        provider: Some("openai".to_owned()),
        ..mirrored()
    };
    let plan = Plan {
        image: Image::Stock,
        ..Plan::new("telegram, native, stock image", &spec)
    };
    if let Some(bed) = Bed::boot(plan) {
        checks::everything(&bed);
    }
}

#[test]
fn feishu_native() {
    let spec = Spec {
        bridge: Some("feishu".to_owned()),
        provider: Some("deepseek".to_owned()),
        ..mirrored()
    };
    if let Some(bed) = Bed::boot(Plan::new("feishu, native", &spec)) {
        checks::everything(&bed);
    }
}

#[test]
fn without_a_key_and_with_a_port_and_a_workspace_of_its_own() {
    let spec = Spec {
        provider: Some("ollama".to_owned()),
        model: Some("qwen3:8b".to_owned()),
        base_url: Some("http://localhost:11434/v1".to_owned()),
        port: Some(8787),
        workspace: Some("/srv/agent".to_owned()),
        ..mirrored()
    };
    if let Some(bed) = Bed::boot(Plan::new("telegram, native, no key", &spec)) {
        checks::everything(&bed);
        crate::planted::its_link_is_not_followed(&bed);
    }
}

#[test]
fn telegram_docker() {
    let spec = Spec {
        install: Some("docker".to_owned()),
        ..mirrored()
    };
    let plan = Plan {
        image: Image::Stock,
        ..Plan::new("telegram, docker, stock image", &spec)
    };
    if let Some(mut bed) = Bed::boot(plan) {
        checks::everything(&bed);
        crate::living::another_run_changes_nothing(&bed, &["second"]);
        crate::living::a_new_key_reaches_the_broker_alone(&bed);
        bed.reboot();
        let token = crate::world::first_value("codewhale-runtime-token");
        checks::the_token_opens_the_runtime(&bed, &token);
        checks::only_loopback_and_ssh_listen(&bed);
        checks::secrets_are_nowhere_else(&bed);
    }
}

#[test]
fn feishu_docker() {
    let spec = Spec {
        bridge: Some("feishu".to_owned()),
        install: Some("docker".to_owned()),
        ..mirrored()
    };
    let plan = Plan {
        image: Image::Stock,
        ..Plan::new("feishu, docker, stock image", &spec)
    };
    if let Some(bed) = Bed::boot(plan) {
        checks::everything(&bed);
    }
}
