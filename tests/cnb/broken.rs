//! Pipelines with one thing wrong each, and the rule that has to say so.

use super::{good, rules};

struct Break {
    rule: &'static str,
    file: &'static str,
    /// What stands in the good file; empty for its end.
    find: &'static str,
    write: &'static str,
}

const fn broken(rule: &'static str, file: &'static str, find: &'static str, write: &'static str) -> Break {
    Break {
        rule,
        file,
        find,
        write,
    }
}

const PIPELINE: &str = ".cnb.yml";
const ENVIRONMENTS: &str = ".cnb/tag_deploy.yml";
const BUTTONS: &str = ".cnb/web_trigger.yml";
const SECRETS: &str = ".cnb/secrets.example.yml";

#[rustfmt::skip]
const BROKEN: &[Break] = &[
    // Where events are found.
    broken("branch: main → tag_deploy.my-agent", PIPELINE, "\n$:\n", "\nmain:\n"),
    broken("branch: main → web_trigger_x", PIPELINE, "", "main:\n  web_trigger_x:\n  - *deploy\n"),
    broken("branch: v* → tag_push", PIPELINE, "", "v*:\n  tag_push:\n  - *deploy\n"),
    broken("branch: main → auto_tag", PIPELINE, "", "main:\n  auto_tag:\n  - *deploy\n"),
    broken("branch: main → vscode", PIPELINE, "", "main:\n  vscode:\n  - *deploy\n"),
    broken("branch: main → issue.open", PIPELINE, "", "main:\n  issue.open:\n  - *deploy\n"),
    broken("event: main → tag_deployed", PIPELINE, "", "main:\n  tag_deployed:\n  - *deploy\n"),
    broken("crontab: $ → crontab:", PIPELINE, "", "  'crontab: 0 4 * * *':\n  - *deploy\n"),
    broken("crontab: release/*", PIPELINE, "", "release/*:\n  'crontab: 0 4 * * *':\n  - *deploy\n"),
    broken("crontab: main → crontab: 0 4 * *", PIPELINE, "", "main:\n  'crontab: 0 4 * *':\n  - *deploy\n"),
    broken("crontab: main → crontab: */2", PIPELINE, "", "main:\n  'crontab: */2 * * * *':\n  - *deploy\n"),
    // Variables.
    broken("variable: .cnb.yml: CNB knows no `CNB_DEPLOY_TARGET`", PIPELINE, "  lock:\n", "  env:\n    CNB_DEPLOY_TARGET: x\n  lock:\n"),
    broken("variable: .cnb.yml: `CNB_BRANCH` is read only", PIPELINE, "  lock:\n", "  env:\n    CNB_BRANCH: v1\n  lock:\n"),
    broken("variable: .cnb.yml: CNB knows no `CNB_TAG`", PIPELINE, "$CNB_BRANCH", "$CNB_TAG"),
    broken("variable: .cnb/deploy.sh: CNB knows no `CNB_TAG_NAME`", ".cnb/deploy.sh", "$CNB_BRANCH", "$CNB_TAG_NAME"),
    // Keys of every level.
    broken("keys: $ → api_trigger_my_agent: unknown field `timeout`", PIPELINE, "  lock:\n", "  timeout: 1h\n  lock:\n"),
    broken("unknown field `memory`", PIPELINE, "    cpus: 2", "    cpus: 2\n    memory: 4"),
    broken("unknown field `file`", PIPELINE, "    build: .cnb/Dockerfile", "    file: .cnb/Dockerfile"),
    broken("unknown field `cancel`", PIPELINE, "    wait: true", "    wait: true\n    cancel: true"),
    broken("unknown field `import`", PIPELINE, "    imports:", "    import:"),
    broken("unknown field `fail_stages`", PIPELINE, "  failStages:", "  fail_stages:"),
    broken("keys: .cnb/tag_deploy.yml: unknown field `isDefault`", ENVIRONMENTS, "  description:", "  isDefault: true\n  description:"),
    broken("keys: .cnb/tag_deploy.yml: unknown field `title`", ENVIRONMENTS, "  - approver:\n", "  - approver:\n      title: x\n"),
    broken("keys: .cnb/tag_deploy.yml: invalid type", ENVIRONMENTS, "  - approver:\n", "  - approved\n  - approver:\n"),
    broken("keys: .cnb/web_trigger.yml: unknown field `icon`", BUTTONS, "    description:", "    icon: x\n    description:"),
    broken("keys: .cnb/web_trigger.yml: unknown field `include`", BUTTONS, "", "include: [x]\n"),
    broken("keys: .cnb.yml", PIPELINE, "", "$:\n  push: []\n"),
    // Buttons and environments.
    broken("button: .cnb/web_trigger.yml: `web_trigger_other` is defined nowhere", BUTTONS, "web_trigger_my_agent", "web_trigger_other"),
    broken("button: .cnb/web_trigger.yml: `api_trigger_my_agent` is not an event of a button", BUTTONS, "web_trigger_my_agent", "api_trigger_my_agent"),
    broken("button: .cnb/web_trigger.yml: `reg`", BUTTONS, "^v[0-9]", "v[0-9]"),
    broken("environment: .cnb/tag_deploy.yml → other", ENVIRONMENTS, "name: my-agent", "name: other"),
    broken("environment: tag_deploy.other", PIPELINE, "tag_deploy.my-agent", "tag_deploy.other"),
    broken("environment: .cnb/tag_deploy.yml → : has a name", ENVIRONMENTS, "- name: my-agent\n", "- title: x\n"),
    broken("approver: ", ENVIRONMENTS, "  - approver:\n      roles: [owner, master]\n", "  - environmentName: staging\n"),
    broken("roles: .cnb/tag_deploy.yml → my-agent: the owner", ENVIRONMENTS, "roles: [owner, master]", "roles: [master]"),
    broken("roles: .cnb/tag_deploy.yml → my-agent: `maintainer`", ENVIRONMENTS, "roles: [owner, master]", "roles: [owner, maintainer]"),
    broken("roles: .cnb/web_trigger.yml: the owner", BUTTONS, "roles: [owner, master]", "roles: [master]"),
    // Locks and time.
    broken("lock: $ → tag_deploy.my-agent: `wait` and `cancel-in-progress`", PIPELINE, "    wait: true", "    wait: true\n    cancel-in-progress: true"),
    broken("lock: $ → tag_deploy.my-agent: half a deployment", PIPELINE, "    wait: true", "    cancel-in-progress: true"),
    broken("lock: $ → tag_deploy.my-agent: deployments have to wait", PIPELINE, "    wait: true", "    wait: false"),
    broken("lock: $ → tag_deploy.my-agent: ends before", PIPELINE, "    expires: 7800", "    expires: 600"),
    broken("timeout: $ → tag_deploy.my-agent → deploy: has to be said", PIPELINE, "    timeout: 2h\n", ""),
    broken("timeout: $ → tag_deploy.my-agent → check: is 30s", PIPELINE, "    timeout: 5m\n", "    timeout: 5 minutes\n"),
    broken("timeout: $ → tag_deploy.my-agent → deploy: is 30s", PIPELINE, "    timeout: 2h\n", "    timeout: 13h\n"),
    broken("failStages: ", PIPELINE, "  failStages:", "  endStages:"),
    // Images, runners, scripts.
    broken("runner: $ → tag_deploy.my-agent: `cnb:arch:default`", PIPELINE, "cnb:arch:amd64", "cnb:arch:default"),
    broken("runner: $ → tag_deploy.my-agent: `amd64`", PIPELINE, "cnb:arch:amd64", "amd64"),
    broken("runner: $ → tag_deploy.my-agent: no architecture", PIPELINE, "    tags: cnb:arch:amd64\n", ""),
    broken("image: .cnb/Dockerfile: `debian:latest`", ".cnb/Dockerfile", "debian:13.1-slim", "debian:latest"),
    broken("image: tag_deploy.my-agent: `alpine`", PIPELINE, "    build: .cnb/Dockerfile", "    image: alpine"),
    broken("image: tag_deploy.my-agent: none", PIPELINE, "    build: .cnb/Dockerfile", "    volumes: [/cache]"),
    broken("image: tag_deploy.my-agent: `Dockerfile.deploy` is missing", PIPELINE, "build: .cnb/Dockerfile", "build: Dockerfile.deploy"),
    broken("image: tag_deploy.my-agent: `tencentcom/ssh`", PIPELINE, "    timeout: 5m\n", "    timeout: 5m\n    image: tencentcom/ssh\n"),
    broken("install: $ → tag_deploy.my-agent → check: `apt-get install`", PIPELINE, "script: sh .cnb/check.sh", "script: apt-get update && apt-get install -y ssh"),
    broken("install: .cnb/deploy.sh: `apk add`", ".cnb/deploy.sh", "check_programs\n", "apk add openssh\ncheck_programs\n"),
    broken("sh: $ → tag_deploy.my-agent → check", PIPELINE, "script: sh .cnb/check.sh", "script: set -euo pipefail"),
    broken("sh: .cnb/deploy.sh", ".cnb/deploy.sh", "set -eu\n", "set -euo pipefail\n"),
    broken("host key: .cnb/deploy.sh", ".cnb/deploy.sh", "check_programs\n", "ssh-keyscan \"$DEPLOY_HOST\" >>\"$WORK/known_hosts\"\n"),
    broken("script: $ → tag_deploy.my-agent → check: does nothing", PIPELINE, "    script: sh .cnb/check.sh\n", ""),
    broken("files: .cnb/deploy-it.sh", PIPELINE, ".cnb/deploy.sh", ".cnb/deploy-it.sh"),
    broken("task: $ → tag_deploy.my-agent → check: `git:auto-merge`", PIPELINE, "script: sh .cnb/check.sh", "type: git:auto-merge"),
    broken("task: $ → tag_deploy.my-agent → check: `deploy:ssh`", PIPELINE, "script: sh .cnb/check.sh", "type: deploy:ssh"),
    broken("name: $ → tag_deploy.my-agent", PIPELINE, "  - name: check\n    timeout", "  - timeout"),
    broken("stages: main → push", PIPELINE, "", "main:\n  push:\n  - name: x\n    runner: {tags: cnb:arch:amd64}\n"),
    // Secrets.
    broken("imports: $ → tag_deploy.my-agent: belongs to the one stage", PIPELINE, "  lock:\n", "  imports: https://cnb.cool/o/s/-/blob/main/x.yml\n  lock:\n"),
    broken("imports: $ → tag_deploy.my-agent: 2 stages", PIPELINE, "    timeout: 5m\n", "    timeout: 5m\n    imports: https://cnb.cool/o/s/-/blob/main/x.yml\n"),
    broken("imports: $ → tag_deploy.my-agent → deploy", PIPELINE, "https://cnb.cool/", "https://example.com/"),
    broken("allow: .cnb/secrets.example.yml: `allow_events` is a pattern", SECRETS, "allow_events: [api_trigger_my_agent, ", "allow_events: [\"api_trigger_my_agent,x\", "),
    broken("allow: .cnb/secrets.example.yml: event `tag_deploy.my-agent`", SECRETS, ", tag_deploy.my-agent", ""),
    broken("allow: .cnb/secrets.example.yml: other events", SECRETS, "allow_events: [", "allow_events: ['*', "),
    broken("allow: .cnb/secrets.example.yml: `allow_branches`", SECRETS, "[v*]", "[main]"),
    broken("allow: .cnb/secrets.example.yml: `allow_branches`", SECRETS, "[v*]", "['*']"),
    broken("allow: .cnb/secrets.example.yml: `allow_slugs`", SECRETS, "[our-org/my-agent]", "['*/*']"),
    broken("allow: .cnb/secrets.example.yml: `allow_slugs`", SECRETS, "allow_slugs: [our-org/my-agent]\n", ""),
    broken("allow: .cnb/secrets.example.yml: `allow_images`", SECRETS, "", "allow_images: [tencentcom/ssh]\n"),
    broken("secret file: ", SECRETS, "DEPLOY_HOST: \"\"", "DEPLOY_HOST: 203.0.113.10"),
];

#[test]
fn each_broken_file_is_refused_by_its_rule() {
    let good = good();
    assert_eq!(rules::check(&good), Vec::<String>::new());
    for broken in BROKEN {
        let mut files = good.clone();
        let text = files.get_mut(broken.file).expect("the file");
        if broken.find.is_empty() {
            text.push_str(broken.write);
        } else {
            assert!(text.contains(broken.find), "`{}` is not in {text}", broken.find);
            *text = text.replace(broken.find, broken.write);
        }
        let found = rules::check(&files);
        assert!(
            found.iter().any(|complaint| complaint.contains(broken.rule)),
            "nobody said `{}`, but {found:#?}\n{}",
            broken.rule,
            files[broken.file]
        );
    }
}

#[test]
fn a_missing_file_is_refused() {
    for file in [
        PIPELINE,
        ENVIRONMENTS,
        BUTTONS,
        SECRETS,
        ".cnb/Dockerfile",
        ".cnb/check.sh",
        ".cnb/deploy.sh",
    ] {
        let mut files = good();
        files.remove(file);
        assert_ne!(rules::check(&files), Vec::<String>::new(), "{file}");
    }
}
