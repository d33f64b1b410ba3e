//! `cloud-init.yaml`: puts the host files in place and runs `install.sh`.

use serde::Serialize;
use serde_yaml::LitStr;

use super::{RenderedFile, bug, header};
use crate::deployment::Deployment;
use crate::error::Result;

/// Where the host files lie on the machine.
const FOLDER: &str = "/var/lib/codewhale-setup/bundle";

#[derive(Serialize)]
struct CloudConfig<'a> {
    users: Vec<User>,
    ssh_pwauth: bool,
    disable_root: bool,
    write_files: Vec<WriteFile<'a>>,
    runcmd: Vec<Vec<String>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum User {
    New {
        name: &'static str,
        gecos: &'static str,
        uid: u32,
        homedir: &'static str,
        no_create_home: bool,
        shell: &'static str,
        lock_passwd: bool,
    },
    Named(&'static str),
}

#[derive(Serialize)]
struct WriteFile<'a> {
    path: String,
    owner: &'static str,
    permissions: &'static str,
    content: LitStr<'a>,
}

pub(super) fn render(deployment: &Deployment, host_files: &[RenderedFile]) -> Result<String> {
    let config = CloudConfig {
        // The container's user is 1000, so the agent must have that id here, before the
        // administrator gets it.
        users: vec![
            User::New {
                name: "codewhale",
                gecos: "CodeWhale runtime",
                uid: 1000,
                homedir: "/var/lib/codewhale",
                no_create_home: true,
                shell: "/usr/sbin/nologin",
                lock_passwd: true,
            },
            User::Named("default"),
        ],
        ssh_pwauth: false,
        disable_root: true,
        write_files: host_files
            .iter()
            .map(|file| WriteFile {
                path: format!("{FOLDER}/{}", file.path),
                owner: "root:root",
                permissions: if file.executable { "0755" } else { "0644" },
                content: LitStr(&file.contents),
            })
            .collect(),
        runcmd: vec![vec!["bash".to_owned(), format!("{FOLDER}/install.sh")]],
    };
    let yaml = serde_yaml::to_string(&config).map_err(|error| bug("cloud-init.yaml", &error))?;
    Ok(format!(
        "#cloud-config\n{}\n# {} on {}. No secret belongs in user data: the machine fetches them itself.\n{yaml}",
        header("#"),
        deployment.name,
        deployment.cloud.display_name,
    ))
}
