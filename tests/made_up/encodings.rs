//! Clouds that take the first script in other forms than those of the product.

use std::process::Command;

use remote_setup::clouds::{Cloud, Encoding, UserData};
use remote_setup::deployment::Deployment;
use remote_setup::render::render;

use crate::common::{file, passes, resolve, spec_on};
use crate::nimbus::NIMBUS;

pub const BASE64: Cloud = taking("base64", Encoding::Base64, 32 * 1024);
pub const GZIP: Cloud = taking("gzip", Encoding::GzipBase64, 32 * 1024);
const TINY: usize = 100;
pub const TINY_GZIP: Cloud = taking("tiny-gzip", Encoding::GzipBase64, TINY);

const fn taking(slug: &'static str, encoding: Encoding, limit: usize) -> Cloud {
    Cloud {
        slug,
        aliases: &[],
        user_data: Some(UserData { limit, encoding }),
        ..NIMBUS
    }
}

fn on(cloud: &Cloud) -> Deployment {
    crate::introduce();
    resolve(&spec_on(cloud))
}

#[test]
fn terraform_sends_the_script_as_the_cloud_takes_it() {
    for (cloud, sent) in [
        (&NIMBUS, r#"file("${path.module}/bootstrap.sh")"#),
        (&BASE64, r#"filebase64("${path.module}/bootstrap.sh")"#),
        (&GZIP, r#"base64gzip(file("${path.module}/bootstrap.sh"))"#),
    ] {
        let root = file(&on(cloud), "main.tf");
        let line = root
            .lines()
            .find(|line| line.contains("bootstrap.sh"))
            .expect("the script");
        assert!(line.ends_with(&format!("= {sent}")), "{}: {line}", cloud.slug);
    }
}

#[test]
fn a_script_is_measured_as_it_is_sent() {
    let plain = file(&on(&GZIP), "bootstrap.sh").len();
    let error = render(&on(&TINY_GZIP)).expect_err("too large").to_string();
    let size = error
        .strip_prefix("bootstrap.sh has ")
        .and_then(|rest| rest.strip_suffix(&format!(" bytes; the cloud takes {TINY}")))
        .unwrap_or_else(|| panic!("{error}"));
    let size: usize = size.parse().expect("a number");
    assert!(size > TINY && size < plain, "{size} of {plain}");
}

#[test]
fn an_existing_machine_gets_the_script_from_the_file_there_is() {
    for cloud in [&NIMBUS, &BASE64, &GZIP] {
        let deployment = on(cloud);
        let script = file(&deployment, "bootstrap.sh");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("bootstrap.sh"), &script).expect("written");
        let encoding = cloud.user_data.expect("user data").encoding;
        let prints = encoding.script_in(&folder.path().to_string_lossy());
        assert_eq!(passes(Command::new("sh").args(["-c", &prints])), script, "{}", cloud.slug);
        let runbook = file(&deployment, "RUNBOOK.md");
        assert!(runbook.contains("\ncat bootstrap.sh |\n  $(terraform output"), "{runbook}");
    }
}

/// Nimbus has no cloud-config, no pipeline and no command of its own that runs another.
#[test]
fn a_runbook_speaks_of_nothing_that_its_cloud_has_not() {
    for lang in ["en", "zh-CN"] {
        for open in [true, false] {
            crate::introduce();
            let mut asked = spec_on(&NIMBUS);
            asked.lang = Some(lang.to_owned());
            if !open {
                asked.allow_ssh_from = Some(Vec::new());
            }
            let runbook = file(&resolve(&asked), "RUNBOOK.md");
            for foreign in [
                "cloud-init.yaml",
                "CNB pipeline",
                "CNB 流水线",
                "```sh\n '",
                "```sh\n \"",
            ] {
                assert!(!runbook.contains(foreign), "{lang}, {open}: `{foreign}`:\n{runbook}");
            }
        }
    }
}
