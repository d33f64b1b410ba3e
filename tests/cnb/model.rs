//! The files that CNB reads, typed: a key that is not here is not CNB's.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub type Env = BTreeMap<String, Value>;

/// What may stand alone or in a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn all(&self) -> Vec<&str> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many.iter().map(String::as_str).collect(),
        }
    }
}

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident $(($case:literal))? { $($(#[$key:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default $(, rename_all = $case)?)]
        // Keys that no rule looks at are known all the same.
        #[allow(dead_code)]
        pub struct $name { $($(#[$key])* pub $field: Option<$type>,)* }
    };
}

keys! {
    Pipeline("camelCase") {
        name: String,
        runner: Runner,
        docker: Docker,
        git: Git,
        services: Vec<Value>,
        env: Env,
        imports: OneOrMany,
        label: Value,
        stages: Vec<Job>,
        fail_stages: Vec<Job>,
        end_stages: Vec<Job>,
        if_new_branch: bool,
        if_modify: OneOrMany,
        break_if_modify: bool,
        retry: u8,
        allow_failure: bool,
        lock: Lock,
    }
}

keys! { Runner { tags: OneOrMany, cpus: u16, namespace: String, } }
keys! { Docker { image: Image, build: Build, devcontainer: Value, volumes: Vec<String>, } }
keys! { Git { enable: bool, submodules: Value, lfs: Value, } }

keys! {
    Lock("kebab-case") {
        key: String,
        expires: u64,
        timeout: u64,
        wait: bool,
        cancel_in_progress: bool,
        cancel_in_wait: bool,
    }
}

keys! {
    /// A stage, or a job of one: a stage with a script is itself one job.
    Job("camelCase") {
        name: String,
        if_new_branch: bool,
        if_modify: OneOrMany,
        skip_if_modify: OneOrMany,
        r#if: String,
        env: Env,
        imports: OneOrMany,
        retry: u8,
        lock: Lock,
        image: Image,
        jobs: Jobs,
        timeout: Value,
        allow_failure: bool,
        exports: Value,
        r#type: String,
        options: Value,
        options_from: OneOrMany,
        script: OneOrMany,
        commands: OneOrMany,
        settings: Value,
        settings_from: OneOrMany,
        args: Vec<String>,
    }
}

/// A list runs in order, a map at once.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Jobs {
    List(Vec<Job>),
    Map(BTreeMap<String, Job>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Image {
    Name(String),
    Account(ImageAccount),
}

impl Image {
    pub fn name(&self) -> &str {
        match self {
            Image::Name(name) => name,
            Image::Account(account) => account.name.as_deref().unwrap_or_default(),
        }
    }
}

keys! { ImageAccount("camelCase") { name: String, docker_user: String, docker_password: String, } }

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Build {
    Path(String),
    Options(BuildOptions),
}

impl Build {
    pub fn dockerfile(&self) -> &str {
        match self {
            Build::Path(path) => path,
            Build::Options(options) => options.dockerfile.as_deref().unwrap_or_default(),
        }
    }
}

keys! {
    BuildOptions("camelCase") {
        dockerfile: String,
        target: String,
        by: OneOrMany,
        version_by: OneOrMany,
        build_args: Env,
        sync: bool,
    }
}

// --- .cnb/tag_deploy.yml -------------------------------------------------------------------------

keys! { TagDeploy { environments: Vec<Environment>, } }

keys! {
    Environment {
        name: String,
        title: String,
        description: String,
        permissions: Members,
        env: Env,
        deploy: Vec<DeployButton>,
        button: Vec<Button>,
        require: Vec<Requirement>,
    }
}

keys! { Members { roles: Vec<String>, users: Vec<String>, } }
keys! { DeployButton { name: String, description: String, env: Env, } }

keys! {
    Button {
        name: String,
        event: String,
        description: String,
        env: Env,
        permissions: Members,
        inputs: BTreeMap<String, Input>,
    }
}

keys! {
    Requirement("camelCase") {
        environment_name: String,
        after: u64,
        annotation: String,
        expect: Value,
        approver: Members,
        title: String,
        description: String,
        button: Vec<Button>,
    }
}

// --- .cnb/web_trigger.yml ------------------------------------------------------------------------

keys! { WebTrigger { branch: Vec<ButtonRow>, } }
keys! { ButtonRow { reg: String, buttons: Vec<Button>, } }

keys! {
    Input {
        name: String,
        description: String,
        required: bool,
        r#type: String,
        default: Value,
        multiple: bool,
        options: Vec<Value>,
    }
}
