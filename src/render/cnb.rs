//! The CNB pipeline, which deploys the bundle when someone presses a button on a release tag.
//!
//! CNB's rules shape it: the files are read from the tag itself; deploy events are found under `$` only; every
//! environment shows a deploy button that fires `tag_deploy.<name>`; scripts run in the image's `sh`; secrets come from
//! a file in another repository that itself says who may read it.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Serialize, Serializer};
use serde_yaml::{Commented, FlowSeq, RcAnchor};

use super::text::Templates;
use super::{RenderedFile, bug, header};
use crate::deployment::{CnbFacts, Deployment};
use crate::error::Result;
use crate::tables::CnbDeploy;

/// Tags that may be deployed, in the forms of the secret file and of the buttons.
const TAG_GLOB: &str = "v*";
const TAG_REGEX: &str = "^v[0-9]";

/// Longer than everything the deploy script may wait for.
const DEPLOY_TIMEOUT: &str = "2h";
const LOCK_SECONDS: u32 = 2 * 60 * 60 + 10 * 60;

/// Empty without a CNB pipeline.
pub(super) fn render(deployment: &Deployment, templates: &Templates) -> Result<Vec<RenderedFile>> {
    let Some(cnb) = &deployment.cnb else {
        return Ok(Vec::new());
    };
    let script = match cnb.deploy {
        CnbDeploy::Ssh => ".cnb/deploy.sh",
        CnbDeploy::Tat => ".cnb/run-by-tat.py",
    };
    Ok(vec![
        yaml(".cnb.yml", PIPELINE_NOTE, &pipelines(deployment, cnb))?,
        yaml(".cnb/tag_deploy.yml", TAG_DEPLOY_NOTE, &tag_deploy(deployment))?,
        yaml(".cnb/web_trigger.yml", WEB_TRIGGER_NOTE, &web_trigger(deployment, cnb))?,
        yaml(
            ".cnb/secrets.example.yml",
            &secrets_note(deployment, cnb),
            &secret_file(deployment, cnb),
        )?,
        RenderedFile::new(".cnb/Dockerfile", templates.render(".cnb/Dockerfile")?),
        RenderedFile::script(".cnb/check.sh", templates.render(".cnb/check.sh")?),
        RenderedFile::script(script, templates.render(script)?),
    ])
}

fn yaml(path: &str, note: &str, value: &impl Serialize) -> Result<RenderedFile> {
    let options = serde_yaml::ser_options! {
        anchor_generator: Some(|_| "deploy".to_owned()),
        prefer_block_scalars: false,
    };
    let text = serde_yaml::to_string_with_options(value, options).map_err(|error| bug(path, &error))?;
    Ok(RenderedFile::new(path, format!("{}\n#\n{note}\n\n{text}", header("#"))))
}

const PIPELINE_NOTE: &str = "\
# Deploys this repository, which is the bundle, to its machine. All three events run the same job:
# a tag's deploy button, the button in .cnb/web_trigger.yml, and an API call. Each deploys exactly
# the tag it was started on, so changes to these files take effect with the next tag.";

#[derive(Serialize)]
struct Pipelines {
    /// Ignored because of the dot; only defines the anchor.
    #[serde(rename = ".deploy")]
    deploy: RcAnchor<Pipeline>,
    #[serde(rename = "$")]
    any_tag: BTreeMap<String, Vec<RcAnchor<Pipeline>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pipeline {
    name: &'static str,
    runner: Runner,
    docker: Docker,
    lock: PipelineLock,
    stages: Vec<Stage>,
    fail_stages: Vec<Stage>,
}

#[derive(Serialize)]
struct Runner {
    tags: &'static str,
    cpus: u8,
}

#[derive(Serialize)]
struct Docker {
    build: &'static str,
}

/// One deployment at a time; the next one waits, since half a deployment must never be cancelled.
#[derive(Serialize)]
struct PipelineLock {
    key: String,
    wait: bool,
    timeout: u32,
    expires: u32,
}

#[derive(Serialize)]
struct Stage {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    imports: Option<String>,
    timeout: &'static str,
    script: &'static str,
}

fn events(d: &Deployment, cnb: &CnbFacts) -> [String; 3] {
    let event = &cnb.event;
    [
        format!("api_trigger_{event}"),
        format!("tag_deploy.{}", d.name),
        format!("web_trigger_{event}"),
    ]
}

fn pipelines(d: &Deployment, cnb: &CnbFacts) -> Pipelines {
    let deploy = Rc::new(Pipeline {
        name: "deploy",
        runner: Runner {
            tags: "cnb:arch:amd64",
            cpus: 2,
        },
        docker: Docker {
            build: ".cnb/Dockerfile",
        },
        lock: PipelineLock {
            key: format!("deploy-{}", d.name),
            wait: true,
            timeout: LOCK_SECONDS,
            expires: LOCK_SECONDS,
        },
        stages: vec![
            Stage {
                name: "check",
                imports: None,
                timeout: "5m",
                script: "sh .cnb/check.sh",
            },
            Stage {
                name: "deploy",
                imports: Some(secret_file_url(d, cnb)),
                timeout: DEPLOY_TIMEOUT,
                script: match cnb.deploy {
                    CnbDeploy::Ssh => "sh .cnb/deploy.sh",
                    CnbDeploy::Tat => "python3 .cnb/run-by-tat.py",
                },
            },
        ],
        fail_stages: vec![Stage {
            name: "report",
            imports: None,
            timeout: "1m",
            script: "echo \"$CNB_BRANCH was not deployed: stage $CNB_BUILD_FAILED_STAGE_NAME failed. Its last lines say what the \
                     machine runs now.\"",
        }],
    });
    Pipelines {
        deploy: RcAnchor(Rc::clone(&deploy)),
        any_tag: events(d, cnb)
            .into_iter()
            .map(|event| (event, vec![RcAnchor(Rc::clone(&deploy))]))
            .collect(),
    }
}

fn secret_file_url(d: &Deployment, cnb: &CnbFacts) -> String {
    format!("https://cnb.cool/{}/-/blob/main/{}.yml", cnb.secrets, d.name)
}

/// Roles are listed one by one: naming one does not include higher ones.
#[derive(Serialize)]
struct Members {
    roles: FlowSeq<Vec<&'static str>>,
}

fn responsible() -> Members {
    Members {
        roles: FlowSeq(vec!["owner", "master"]),
    }
}

const TAG_DEPLOY_NOTE: &str = "# The deploy button on the page of a tag, which fires `tag_deploy.<name>` of .cnb.yml.";

#[derive(Serialize)]
struct TagDeploy<'a> {
    environments: Vec<DeployEnvironment<'a>>,
}

#[derive(Serialize)]
struct DeployEnvironment<'a> {
    name: &'a str,
    description: String,
    permissions: Members,
    require: Vec<Requirement>,
}

#[derive(Serialize)]
struct Requirement {
    approver: Members,
    title: &'static str,
}

fn tag_deploy(d: &Deployment) -> TagDeploy<'_> {
    TagDeploy {
        environments: vec![DeployEnvironment {
            name: &d.name,
            description: format!("{} on {}", d.chat.display_name.en, d.cloud.display_name.en),
            permissions: responsible(),
            require: vec![Requirement {
                approver: responsible(),
                title: "Approved by an owner or master",
            }],
        }],
    }
}

const WEB_TRIGGER_NOTE: &str = "\
# A button on the page of a release tag. It needs no approval: to make everyone go through the
# approval in .cnb/tag_deploy.yml, remove its event from `allow_events` in the secret file.";

#[derive(Serialize)]
struct WebTrigger {
    branch: Vec<ButtonRow>,
}

#[derive(Serialize)]
struct ButtonRow {
    reg: &'static str,
    buttons: Vec<Button>,
}

#[derive(Serialize)]
struct Button {
    name: String,
    description: &'static str,
    event: String,
    permissions: Members,
}

fn web_trigger(d: &Deployment, cnb: &CnbFacts) -> WebTrigger {
    WebTrigger {
        branch: vec![ButtonRow {
            reg: TAG_REGEX,
            buttons: vec![Button {
                name: format!("Deploy to {}", d.name),
                description: "Deploys this tag; refused on a branch",
                event: format!("web_trigger_{}", cnb.event),
                permissions: responsible(),
            }],
        }],
    }
}

fn secrets_note(d: &Deployment, cnb: &CnbFacts) -> String {
    format!(
        "# Not read from here: fill it in with the web editor of the secret repository, as\n\
         #   {}\n\
         # Never commit it with values anywhere else. `allow_*` let only this repository, these events and\n\
         # release tags read it.",
        secret_file_url(d, cnb)
    )
}

#[derive(Serialize)]
struct SecretsTemplate<'a> {
    allow_slugs: FlowSeq<Vec<&'a str>>,
    allow_events: FlowSeq<Vec<String>>,
    allow_branches: FlowSeq<Vec<&'static str>>,
    #[serde(flatten)]
    values: Values,
}

/// Each variable and what to put there, in the order people fill them in.
struct Values(Vec<(String, String)>);

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let commented = |(name, what): &(String, String)| (name.clone(), Commented("", what.clone()));
        serializer.collect_map(self.0.iter().map(commented))
    }
}

fn secret_file<'a>(d: &Deployment, cnb: &'a CnbFacts) -> SecretsTemplate<'a> {
    SecretsTemplate {
        allow_slugs: FlowSeq(vec![&cnb.repository]),
        allow_events: FlowSeq(events(d, cnb).into()),
        allow_branches: FlowSeq(vec![TAG_GLOB]),
        values: Values(match cnb.deploy {
            CnbDeploy::Ssh => ssh_values(d),
            CnbDeploy::Tat => tat_values(),
        }),
    }
}

fn ssh_values(d: &Deployment) -> Vec<(String, String)> {
    let fixed = [
        ("DEPLOY_HOST", "The public address of the machine: terraform output -raw public_ip"),
        (
            "DEPLOY_KNOWN_HOSTS",
            "Its line in the bundle's known_hosts, after comparing the fingerprint: ADDRESS ssh-ed25519 AAAA…",
        ),
        (
            "DEPLOY_SSH_KEY_BASE64",
            "A private key without a passphrase, made only for this and authorized on the machine: base64 -w 0 FILE",
        ),
    ];
    let secrets = d.secrets.iter().enumerate().map(|(index, secret)| {
        let first = if index == 0 {
            "Set all of the following, or none and use `remote-setup push`. "
        } else {
            ""
        };
        (secret.env.to_owned(), format!("{first}{}", secret.label.en))
    });
    fixed
        .map(|(name, what)| (name.to_owned(), what.to_owned()))
        .into_iter()
        .chain(secrets)
        .collect()
}

fn tat_values() -> Vec<(String, String)> {
    [
        (
            "TENCENTCLOUD_SECRET_ID",
            "The access key id of a sub-user that may call tat:RunCommand and tat:DescribeInvocationTasks on this machine only",
        ),
        ("TENCENTCLOUD_SECRET_KEY", "The secret key of that id"),
        ("DEPLOY_INSTANCE_ID", "terraform output -raw instance_id"),
    ]
    .map(|(name, what)| (name.to_owned(), what.to_owned()))
    .into()
}
