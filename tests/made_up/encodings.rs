//! Clouds that take the first script in other forms than those of the product.

use remote_setup::clouds::{Cloud, Encoding, UserData};
use remote_setup::deployment::Deployment;
use remote_setup::render::render;

use crate::common::{file, resolve, spec_on};
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
