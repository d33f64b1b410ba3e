//! The CNB pipeline: its files against CNB's schemas and our policy, and its scripts as they run there.

mod broken;
mod by_tat;
mod deploying;
mod machine;
mod policy;
mod stage;
mod tat;

use std::process::Command;

use remote_setup::chats::CHATS;
use remote_setup::clouds::CLOUDS;
use remote_setup::clouds::Cloud;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Cnb, Spec};
use remote_setup::tables::CnbDeploy;

use crate::common::{World, deployable_providers, passes, resolve, root, skip, spec, spec_with, tool};
use crate::schemas;
use policy::{Files, READ};

/// The clouds that a pipeline can deploy to.
fn clouds() -> impl Iterator<Item = &'static Cloud> {
    CLOUDS.iter().filter(|cloud| cloud.cnb)
}

/// A deployment to vary.
fn asked(cloud: &Cloud, deploy: CnbDeploy) -> Spec {
    Spec {
        cloud: Some(cloud.slug.to_owned()),
        name: Some("my-agent".to_owned()),
        cnb: Some(Cnb {
            repository: Some("our-org/my-agent".to_owned()),
            secrets: Some("our-org-secrets/deploy".to_owned()),
            deploy: Some(deploy.slug().to_owned()),
        }),
        ..spec()
    }
}

fn files(deployment: &Deployment) -> Files {
    remote_setup::render::render(deployment)
        .expect("renders")
        .into_iter()
        .map(|file| (file.path, file.contents))
        .collect()
}

/// What CNB's schemas and our policy have against each pipeline; `None`, said aloud, without a validator.
fn complaints<'a>(all: impl IntoIterator<Item = &'a Files>) -> Option<Vec<String>> {
    let all: Vec<&Files> = all.into_iter().collect();
    let named = |(number, files): (usize, &&Files)| {
        let read = |(path, schema): &(&str, &str)| (format!("{schema}#{number}"), policy::yaml(files, path));
        READ.iter().map(read).collect::<Vec<_>>()
    };
    let objects: Vec<(String, serde_json::Value)> = all.iter().enumerate().flat_map(named).collect();
    let objects: Vec<_> = objects
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let said = schemas::complaints("tests/cnb/schemas", &objects)?;
    let about = |(number, files): (usize, &&Files)| {
        let of_it = |line: &&str| {
            line.split(':')
                .next()
                .is_some_and(|name| name.ends_with(&format!("#{number}")))
        };
        let by_schema = said.lines().filter(of_it).map(str::to_owned);
        by_schema.chain(policy::check(files)).collect::<Vec<_>>().join("\n")
    };
    Some(all.iter().enumerate().map(about).collect())
}

/// Asserts that nobody has anything against them.
fn assert_kept(all: &[Files]) {
    let found = complaints(all).unwrap_or_default();
    assert!(found.iter().all(String::is_empty), "{found:#?}");
}

/// The files of one deployment by SSH.
fn good() -> Files {
    let cloud = clouds().next().expect("a cloud with a pipeline");
    files(&resolve(&asked(cloud, CnbDeploy::Ssh)))
}

#[test]
fn every_pipeline_keeps_every_rule() {
    let mut all = Vec::new();
    for cloud in clouds() {
        for &deploy in CnbDeploy::ALL {
            for bridge in CHATS {
                for provider in deployable_providers() {
                    let with = spec_with(provider.slug);
                    let deployment = resolve(&Spec {
                        bridge: Some(bridge.slug.to_owned()),
                        provider: with.provider,
                        model: with.model,
                        base_url: with.base_url,
                        ..asked(cloud, deploy)
                    });
                    all.push(files(&deployment));
                }
            }
        }
    }
    assert!(all.len() > 10, "{} pipelines", all.len());
    assert_kept(&all);
}

/// Readers of YAML 1.1 and 1.2 must find the same.
#[test]
fn a_yaml_1_1_reader_finds_the_same() {
    let python = root().join("target/tools/venv/bin/python");
    if !python.exists() {
        return skip("PyYAML is not installed; `bash tests/tools.sh` brings it");
    }
    let world = World::new();
    let mut seen = 0;
    for (path, text) in good()
        .iter()
        .filter(|(path, _)| path.starts_with(".cnb") && path.ends_with(".yml"))
    {
        let program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
        let said = passes(Command::new(&python).args(["-c", program]).arg(world.write(path, text)));
        let theirs: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        let ours: serde_json::Value = serde_yaml::from_str(text).expect("YAML");
        assert_eq!(theirs, ours, "{path}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn without_repositories_there_are_placeholders() {
    for cloud in clouds() {
        let deployment = resolve(&Spec {
            cnb: None,
            ..asked(cloud, CnbDeploy::Tat)
        });
        let files = files(&deployment);
        assert_kept(std::slice::from_ref(&files));
        assert!(files[".cnb.yml"].contains("https://cnb.cool/your-org/secrets/-/blob/main/my-agent.yml"));
        assert!(files[".cnb/secrets.example.yml"].contains("your-org/my-agent"));
    }
}

#[test]
fn other_clouds_have_no_pipeline() {
    for cloud in CLOUDS.iter().filter(|cloud| !cloud.cnb) {
        let deployment = resolve(&Spec {
            cloud: Some(cloud.slug.to_owned()),
            ..spec()
        });
        let paths = files(&deployment);
        assert!(!paths.keys().any(|path| path.starts_with(".cnb")), "{}", cloud.slug);
    }
}

#[test]
fn one_job_is_written_once_and_named_by_every_event() {
    let pipeline = good()[".cnb.yml"].clone();
    assert_eq!(pipeline.matches("&deploy").count(), 1, "{pipeline}");
    for event in ["tag_deploy.my-agent", "web_trigger_my_agent", "api_trigger_my_agent"] {
        assert!(pipeline.contains(&format!("  {event}:\n  - *deploy\n")), "{event}: {pipeline}");
    }
}

#[test]
fn scripts_are_for_dash_and_pass_shellcheck() {
    let Some(dash) = tool("dash") else { return };
    let world = World::new();
    let scripts: Vec<_> = good()
        .into_iter()
        .filter(|(path, _)| path.starts_with(".cnb/") && path.ends_with(".sh"))
        .map(|(path, text)| {
            assert!(text.starts_with("#!/bin/sh\n"), "{path}");
            world.write(&path, &text)
        })
        .collect();
    assert_eq!(scripts.len(), 2);
    for script in &scripts {
        passes(Command::new(&dash).arg("-n").arg(script));
    }
    if let Some(shellcheck) = tool("shellcheck") {
        passes(Command::new(shellcheck).arg("--severity=style").args(&scripts));
    }
}

#[test]
fn only_what_the_machine_needs_is_asked_for() {
    let cloud = clouds().next().expect("a cloud with a pipeline");
    let deployment = resolve(&asked(cloud, CnbDeploy::Ssh));
    let by_ssh = files(&deployment)[".cnb/secrets.example.yml"].clone();
    for secret in &deployment.secrets {
        assert!(by_ssh.contains(&format!("\n{}: ", secret.env)), "{by_ssh}");
    }
    let by_tat = files(&resolve(&asked(cloud, CnbDeploy::Tat)))[".cnb/secrets.example.yml"].clone();
    for secret in &deployment.secrets {
        assert!(!by_tat.contains(secret.env), "TAT keeps records: {by_tat}");
    }
    assert!(!by_tat.contains("SSH") && !by_ssh.contains("TENCENTCLOUD"));
}
