//! Pipelines with one thing wrong each, and who has to say so: CNB's schema or our policy.

use super::{complaints, good};

/// What is said, the file, what stands in the good one (empty for its end), what is written instead.
type Break = (&'static str, &'static str, &'static str, &'static str);

const PIPELINE: &str = ".cnb.yml";
const ENVIRONMENTS: &str = ".cnb/tag_deploy.yml";
const BUTTONS: &str = ".cnb/web_trigger.yml";
const SECRETS: &str = ".cnb/secrets.example.yml";

#[rustfmt::skip]
const BROKEN: &[Break] = &[
    // CNB's own rules.
    (": $['v[0-9]*']: 'tag_push' does not match", PIPELINE, "", "'v[0-9]*':\n  tag_push:\n  - *deploy\n"),
    (": $.main: ", PIPELINE, "", "main:\n  'crontab: */2 * * * *':\n  - *deploy\n"),
    ("'memory' was unexpected", PIPELINE, "    cpus: 2", "    cpus: 2\n    memory: 4"),
    ("'fail_stages' was unexpected", PIPELINE, "  failStages:", "  fail_stages:"),
    ("'5 minutes' does not match", PIPELINE, "    timeout: 5m\n", "    timeout: 5 minutes\n"),
    ("'CNB_BRANCH' should not be valid", PIPELINE, "  lock:\n", "  env:\n    CNB_BRANCH: v1\n  lock:\n"),
    (": $.environments[0].require[0].approver: ", ENVIRONMENTS, "  - approver:\n", "  - approver:\n      title: x\n"),
    ("'maintainer' is not one of", ENVIRONMENTS, "roles: [owner, master]", "roles: [owner, maintainer]"),
    (": $: Additional", BUTTONS, "", "include: [x]\n"),
    (": $.allow_events: ", SECRETS, "allow_events: [api_trigger_my_agent, ", "allow_events: [\"api_trigger_my_agent,x\", "),
    // Ours.
    ("button: `web_trigger_other` is defined nowhere", BUTTONS, "web_trigger_my_agent", "web_trigger_other"),
    ("button: nothing fires `tag_deploy.other`", PIPELINE, "tag_deploy.my-agent", "tag_deploy.other"),
    ("roles: approver of tag_deploy.my-agent", ENVIRONMENTS, "  - approver:\n      roles: [owner, master]\n", "  - approver:\n      roles: [master]\n"),
    ("lock: tag_deploy.my-agent: deployments have to wait", PIPELINE, "    wait: true", "    wait: false"),
    ("lock: tag_deploy.my-agent: ends before", PIPELINE, "    expires: 7800", "    expires: 600"),
    ("timeout: tag_deploy.my-agent", PIPELINE, "    timeout: 2h\n", ""),
    ("imports: tag_deploy.my-agent", PIPELINE, "https://cnb.cool/", "https://example.com/"),
    ("image: tag_deploy.my-agent", ".cnb/Dockerfile", "debian:13.1-slim", "debian:latest"),
    ("install: .cnb/deploy.sh: `apk add`", ".cnb/deploy.sh", "check_programs\n", "apk add openssh\ncheck_programs\n"),
    ("host key: .cnb/deploy.sh", ".cnb/deploy.sh", "check_programs\n", "ssh-keyscan \"$DEPLOY_HOST\" >>\"$WORK/known_hosts\"\n"),
    ("variable: .cnb/deploy.sh: CNB knows no `CNB_TAG_NAME`", ".cnb/deploy.sh", "$CNB_BRANCH", "$CNB_TAG_NAME"),
    ("files: .cnb/deploy-it.sh", PIPELINE, ".cnb/deploy.sh", ".cnb/deploy-it.sh"),
    ("allow: `allow_branches`", SECRETS, "[v*]", "[main]"),
    ("allow: `allow_events`", SECRETS, "allow_events: [", "allow_events: ['*', "),
];

#[test]
fn each_broken_file_is_refused() {
    let broken: Vec<_> = BROKEN
        .iter()
        .map(|&(_, file, find, write)| {
            let mut files = good();
            let text = files.get_mut(file).expect("the file");
            if find.is_empty() {
                text.push_str(write);
            } else {
                assert!(text.contains(find), "`{find}` is not in {text}");
                *text = text.replace(find, write);
            }
            files
        })
        .collect();
    let Some(found) = complaints(&broken) else { return };
    for ((said, file, ..), (found, files)) in BROKEN.iter().zip(found.iter().zip(&broken)) {
        assert!(found.contains(said), "nobody said `{said}`, but:\n{found}\n{}", files[*file]);
    }
}
