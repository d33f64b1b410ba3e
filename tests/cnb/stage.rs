//! A pipeline as CNB runs it: the tag checked out, each stage of `.cnb.yml` by `dash`, the secret
//! file's variables in the one stage that imports them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use remote_setup::deployment::Deployment;
use serde_json::Value;

use super::files;
use super::policy::list;
use crate::common::{Ran, World, passes, root, skip, tool};

/// Programs of the image; each call of one is recorded with its arguments and environment.
const PROGRAMS: &[&str] = &[
    "base64",
    "bash",
    "date",
    "git",
    "mktemp",
    "python3",
    "rm",
    "sleep",
    "ssh",
    "ssh-keygen",
    "timeout",
    "tr",
];

pub struct Repository {
    pub world: World,
    pub commit: String,
    /// First on the path.
    programs: Vec<PathBuf>,
    /// What the image has for Python.
    libraries: PathBuf,
}

impl Repository {
    /// Checked out at tag v1.2.3. None, said aloud, where a program is missing.
    pub fn of(deployment: &Deployment, client: Option<PathBuf>) -> Option<Repository> {
        for program in PROGRAMS.iter().chain(&["dash"]) {
            tool(program)?;
        }
        let libraries = libraries()?;
        let world = World::new();
        for (path, text) in files(deployment) {
            world.write(&format!("repository/{path}"), &text);
        }
        fs::create_dir_all(world.path("tmp")).expect("a folder");
        let mut repository = Repository {
            commit: String::new(),
            programs: vec![world.path("programs")],
            libraries,
            world,
        };
        repository.record(client);
        for args in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &[
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.com",
                "commit",
                "--quiet",
                "--message=v1",
            ],
            &["tag", "v1.2.3"],
        ] {
            repository.git(args);
        }
        repository.commit = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
        Some(repository)
    }

    pub fn git(&self, args: &[&str]) -> String {
        passes(
            Command::new("git")
                .arg("-C")
                .arg(self.world.path("repository"))
                .args(args),
        )
    }

    fn record(&self, client: Option<PathBuf>) {
        let folder = &self.programs[0];
        fs::create_dir_all(folder).expect("a folder");
        for program in PROGRAMS {
            let real = match &client {
                Some(client) if *program == "ssh" => client.join("ssh"),
                // Not one that looks for another on the path, which would find this one again.
                _ if *program == "python3" => {
                    let script = "import os, sys; print(os.path.realpath(sys.executable))";
                    passes(Command::new("python3").args(["-c", script])).trim().into()
                }
                _ => tool(program).expect("found before"),
            };
            let script = format!(
                "#!/bin/sh\n{{ printf {program}; printf ' <%s>' \"$@\"; echo; }} >>'{argv}'\n/usr/bin/env >>'{env}'\nexec '{real}' \"$@\"\n",
                argv = self.world.path("argv.log").display(),
                env = self.world.path("env.log").display(),
                real = real.display(),
            );
            let path = folder.join(program);
            fs::write(&path, script).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("mode");
        }
        std::os::unix::fs::symlink(tool("dash").expect("found before"), folder.join("sh")).expect("linked");
    }

    /// Runs the pipeline of an event. `secrets` is the secret file, `more` changes the surroundings.
    pub fn run(&self, event: &str, secrets: &[(String, String)], more: &[(&str, &str)]) -> Ran {
        let pipeline = self.pipeline(event);
        let mut whole = Ran {
            code: 0,
            stdout: String::new(),
            stderr: String::new(),
        };
        for stage in list(&pipeline, "stages") {
            let imported = if stage["imports"].is_null() { &[] } else { secrets };
            self.stage(stage, event, imported, more, &mut whole);
            if whole.code != 0 {
                let failed = ("CNB_BUILD_FAILED_STAGE_NAME", stage["name"].as_str().unwrap_or_default());
                let more: Vec<_> = more.iter().copied().chain([failed]).collect();
                let code = whole.code;
                for stage in list(&pipeline, "failStages") {
                    self.stage(stage, event, &[], &more, &mut whole);
                }
                whole.code = code;
                break;
            }
        }
        whole
    }

    fn pipeline(&self, event: &str) -> Value {
        let file: Value = serde_yaml::from_str(&self.world.read("repository/.cnb.yml")).expect("YAML");
        file["$"][event][0].clone()
    }

    fn stage(&self, stage: &Value, event: &str, secrets: &[(String, String)], more: &[(&str, &str)], whole: &mut Ran) {
        let script = stage["script"].as_str().expect("a script");
        let programs = std::env::join_paths(&self.programs).expect("a path");
        let path = format!("{}:/usr/bin:/bin", programs.display());
        let ran = Ran::of(
            Command::new(tool("dash").expect("found before"))
                .args(["-c", script])
                .current_dir(self.world.path("repository"))
                .env_clear()
                .env("PATH", path)
                .env("HOME", self.world.path("tmp"))
                .env("PYTHONPATH", &self.libraries)
                .env("TMPDIR", self.world.path("tmp"))
                .env("CODEWHALE_PATIENCE", "20")
                .env("CODEWHALE_PAUSE", "0")
                .env("CNB_EVENT", event)
                .env("CNB_BRANCH", "v1.2.3")
                .env("CNB_IS_TAG", "true")
                .env("CNB_COMMIT", &self.commit)
                .envs(secrets.iter().cloned())
                .envs(more.iter().copied()),
        );
        whole.code = ran.code;
        whole.stdout += &ran.stdout;
        whole.stderr += &ran.stderr;
    }

    /// Nothing of it stays on the runner, and no program was told a secret.
    pub fn left_nothing(&self, ran: &Ran) {
        let left: Vec<_> = fs::read_dir(self.world.path("tmp")).expect("a folder").collect();
        assert!(left.is_empty(), "{left:?}");
        for said in [&ran.stdout, &ran.stderr] {
            assert!(!said.contains("MARKED"), "a secret is in the log: {ran:#?}");
        }
        for log in ["argv.log", "env.log"] {
            // Absent when the first stage stopped before any program.
            let text = fs::read_to_string(self.world.path(log)).unwrap_or_default();
            assert!(!text.contains("MARKED"), "a secret is in {log}:\n{text}");
        }
    }
}

/// Where `tests/tools.sh` put Tencent's client. None, said aloud, where it is not.
fn libraries() -> Option<PathBuf> {
    let versions = fs::read_dir(root().join("target/tools/venv/lib")).ok();
    let folders = versions.into_iter().flatten().flatten();
    let mut folders = folders.map(|version| version.path().join("site-packages"));
    let found = folders.find(|folder| folder.join("tencentcloud/common").is_dir());
    if found.is_none() {
        skip("Tencent's client is not here; run tests/tools.sh");
    }
    found
}
