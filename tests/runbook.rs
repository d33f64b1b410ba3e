//! The runbook: what it tells people to do exists, in both languages.

mod chinese;
mod commands;
mod pages;

use remote_setup::chats::CHATS;
use remote_setup::clouds::CLOUDS;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Cnb, Spec};
use remote_setup::tables::Bootstrap;
use remote_setup::tables::Lang;

use crate::common::{examples, file, resolve, spec};

/// One deployment in both languages.
pub struct Pair {
    pub name: String,
    pub english: Deployment,
    pub chinese: Deployment,
}

impl Pair {
    fn of(name: String, spec: &Spec) -> Pair {
        let speaking = |lang: Lang| {
            resolve(&Spec {
                lang: Some(lang.slug().to_owned()),
                ..spec.clone()
            })
        };
        Pair {
            name,
            english: speaking(Lang::En),
            chinese: speaking(Lang::ZhCn),
        }
    }

    pub fn both(&self) -> [(&str, &Deployment, String); 2] {
        [("en", &self.english), ("zh-CN", &self.chinese)].map(|(lang, d)| (lang, d, file(d, "RUNBOOK.md")))
    }
}

/// Everything that makes the runbook say something else: examples, and each cloud in each of its ways.
pub fn pairs() -> Vec<Pair> {
    let mut pairs: Vec<Pair> = examples()
        .into_iter()
        .map(|(name, _, deployment)| Pair::of(name, &deployment.spec))
        .collect();
    for cloud in CLOUDS {
        for &bootstrap in cloud.bootstraps {
            for install in cloud.installs {
                for bridge in CHATS {
                    for open in [true, false] {
                        if bootstrap == Bootstrap::Ssh && !open {
                            continue;
                        }
                        let spec = Spec {
                            cloud: Some(cloud.slug.to_owned()),
                            bootstrap: Some(bootstrap.slug().to_owned()),
                            install: Some(install.slug().to_owned()),
                            bridge: Some(bridge.slug.to_owned()),
                            allow_ssh_from: Some(if open { vec!["203.0.113.7/32".to_owned()] } else { Vec::new() }),
                            cnb: (bootstrap == Bootstrap::Cnb).then(cnb),
                            ..spec()
                        };
                        let ssh = if open { "ssh" } else { "no ssh" };
                        let name = format!("{}, {}, {}, {ssh}", cloud.slug, bootstrap.slug(), bridge.slug);
                        pairs.push(Pair::of(name, &spec));
                    }
                }
            }
        }
    }
    pairs
}

fn cnb() -> Cnb {
    Cnb {
        repository: Some("org/agent".to_owned()),
        secrets: Some("org/secrets".to_owned()),
        deploy: Some("ssh".to_owned()),
    }
}
