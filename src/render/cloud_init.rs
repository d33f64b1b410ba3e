//! `cloud-init.yaml`: user data must be small, so the host files are packed into one `bootstrap.sh`.

use serde::Serialize;
use serde_yaml::LitStr;

use super::{bug, header};
use crate::deployment::Deployment;
use crate::error::Result;

/// Path of the script on the machine.
const SCRIPT: &str = "/var/lib/@agent@-setup/bootstrap.sh";

#[derive(Serialize)]
struct CloudConfig<'a> {
    users: Vec<User<'a>>,
    ssh_pwauth: bool,
    disable_root: bool,
    write_files: [WriteFile<'a>; 1],
    runcmd: [[&'a str; 3]; 1],
}

#[derive(Serialize)]
#[serde(untagged)]
enum User<'a> {
    New {
        name: &'static str,
        uid: u32,
        homedir: &'a str,
        no_create_home: bool,
        shell: &'static str,
    },
    Named(&'static str),
}

#[derive(Serialize)]
struct WriteFile<'a> {
    path: &'a str,
    content: LitStr<'a>,
}

pub(super) fn render(deployment: &Deployment, bootstrap: &str) -> Result<String> {
    let agent = deployment.agent;
    let home = agent.names().fill("/var/lib/@agent@");
    let script = agent.names().fill(SCRIPT);
    let config = CloudConfig {
        // The container's user is 1000, so the agent must have that id here, before the
        // administrator gets it.
        users: vec![
            User::New {
                name: agent.slug,
                uid: 1000,
                homedir: &home,
                no_create_home: true,
                shell: "/usr/sbin/nologin",
            },
            User::Named("default"),
        ],
        ssh_pwauth: false,
        disable_root: true,
        write_files: [WriteFile {
            path: &script,
            content: LitStr(bootstrap),
        }],
        // In the foreground, so that `cloud-init status` reports whether the installation succeeded.
        runcmd: [["bash", &script, "--foreground"]],
    };
    let yaml = serde_yaml::to_string(&config).map_err(|error| bug("cloud-init.yaml", &error))?;
    Ok(format!(
        "#cloud-config\n{}\n# {} on {}. No secret belongs in user data: the machine fetches them itself.\n{yaml}",
        header("#"),
        deployment.name,
        deployment.cloud.display_name.en,
    ))
}
