//! Names that CNB knows. Source: its documentation, as of the end of 2026.

/// Everything a pipeline may read of its surroundings; nobody may define more with this prefix.
pub const VARIABLES: &[&str] = &[
    "CNB_API_ENDPOINT",
    "CNB_BRANCH",
    "CNB_BRANCH_SHA",
    "CNB_BUILD_FAILED_MSG",
    "CNB_BUILD_FAILED_STAGE_NAME",
    "CNB_BUILD_ID",
    "CNB_BUILD_JOB_NAME",
    "CNB_BUILD_STAGE_NAME",
    "CNB_BUILD_USER",
    "CNB_BUILD_WEB_URL",
    "CNB_BUILD_WORKSPACE",
    "CNB_COMMIT",
    "CNB_COMMIT_MESSAGE",
    "CNB_COMMIT_SHORT",
    "CNB_DEFAULT_BRANCH",
    "CNB_EVENT",
    "CNB_IS_RETRY",
    "CNB_IS_TAG",
    "CNB_PIPELINE_NAME",
    "CNB_PIPELINE_STATUS",
    "CNB_REPO_SLUG",
    "CNB_TOKEN",
    "CNB_WEB_ENDPOINT",
];

/// Events with a fixed name.
pub const EVENTS: &[&str] = &[
    "push",
    "commit.add",
    "branch.create",
    "branch.delete",
    "pull_request",
    "pull_request.update",
    "pull_request.target",
    "pull_request.mergeable",
    "pull_request.merged",
    "pull_request.approved",
    "pull_request.changes_requested",
    "pull_request.comment",
    "tag_push",
    "auto_tag",
    "vscode",
];

pub const ROLES: &[&str] = &["owner", "master", "developer", "reporter", "guest"];

pub const RUNNERS: &[&str] = &["cnb:arch:default", "cnb:arch:amd64", "cnb:arch:arm64"];

/// Built-in tasks, and the families of events they may run in; none for all.
pub const TASKS: &[(&str, &[&str])] = &[
    (
        "cnb:apply",
        &[
            "push",
            "tag_push",
            "api_trigger",
            "web_trigger",
            "tag_deploy",
            "crontab",
        ],
    ),
    ("cnb:await", &[]),
    ("cnb:destroy-token", &[]),
    ("cnb:read-file", &[]),
    ("cnb:resolve", &[]),
    ("cnb:trigger", &[]),
    ("docker:cache", &[]),
    ("git:auto-merge", &["pull_request"]),
    ("git:release", &["push", "tag_push", "api_trigger", "web_trigger", "tag_deploy"]),
    ("git:reviewer", &["pull_request"]),
];

/// What brings packages at run time.
pub const INSTALLERS: &[&str] = &[
    "apt install",
    "apt-get install",
    "apk add",
    "yum install",
    "dnf install",
    "pip install",
    "npm install",
];
