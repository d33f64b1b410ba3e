//! Real validators on every example: what they refuse never leaves this repository.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::render::{host_hashes, render, sha256};
use remote_setup::tables::Bootstrap;
use remote_setup::tables::Install;
use tempfile::TempDir;

use crate::common::{KEY, examples, files_under, packed, passes, resolve, root, skip, spec, takes_cloud_config, tool};

fn with_ending(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<_> = files_under(folder)
        .into_iter()
        .filter(|name| name.ends_with(ending))
        .map(|name| folder.join(name))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{}: no {ending}", folder.display());
    found
}

#[test]
fn terraform_fmt_would_change_nothing() {
    let Some(terraform) = tool("terraform") else { return };
    let mut folders: Vec<_> = examples().into_iter().map(|(_, folder, _)| folder).collect();
    folders.push(root().join("modules"));
    for folder in folders {
        passes(
            Command::new(&terraform)
                .args(["fmt", "-check", "-diff", "-recursive"])
                .arg(folder),
        );
    }
}

/// A finding is mended, or its reason stands beside the resource. Offline: nothing is asked what the modules hold.
#[test]
fn a_scanner_finds_nothing_that_is_not_explained() {
    let Some(checkov) = tool("checkov") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for name in files_under(&root().join("modules")) {
        let text = fs::read(root().join("modules").join(&name)).expect("a file");
        let copy = folder.path().join(&name);
        fs::create_dir_all(copy.parent().expect("a parent")).expect("a folder");
        fs::write(copy, text).expect("written");
    }
    // One that is open and explains nothing, so that a scan which sees nothing is noticed.
    let vault = fs::read_to_string(root().join("modules/azure/key_vault.tf")).expect("a file");
    let closed = "default_action             = \"Deny\"";
    assert!(vault.contains(closed) && vault.contains("#checkov:skip="));
    let open = vault
        .replace(closed, "default_action             = \"Allow\"")
        .replace("#checkov:skip=", "# ");
    fs::create_dir(folder.path().join("open")).expect("a folder");
    fs::write(folder.path().join("open/key_vault.tf"), open).expect("written");

    let scan = Command::new(checkov)
        .args([
            "--framework",
            "terraform",
            "--skip-download",
            "--compact",
            "--output",
            "json",
            "--directory",
        ])
        .arg(folder.path())
        .env_remove("BC_API_KEY")
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .output()
        .expect("checkov starts");
    let said = String::from_utf8_lossy(&scan.stdout);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    let checks = |of: &str| {
        let all = report["results"][of].as_array().expect("checks").iter();
        all.map(|check| format!("{} {}", check["check_id"], check["file_path"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(report["summary"]["parsing_errors"], 0);
    assert_eq!(
        checks("failed_checks"),
        ["CKV_AZURE_109 /open/key_vault.tf", "CKV2_AZURE_32 /open/key_vault.tf"]
    );
    // It has no checks for the resources of the other module yet.
    assert!(checks("passed_checks").iter().any(|check| check.contains(" /azure/")));
    let readme = fs::read_to_string(root().join("modules/azure/README.md")).expect("a file");
    let explained = checks("skipped_checks");
    assert_eq!(explained.len(), 3, "{explained:?}");
    for check in explained {
        let id = check.split(' ').next().expect("an id");
        assert!(readme.contains(id), "{id} is not among the findings of the README");
    }
}

/// Terraform's own parser and formatter on text meant to break out of its string.
#[test]
fn terraform_reads_hostile_text_as_text() {
    let Some(terraform) = tool("terraform") else { return };
    let texts = [
        "${var.x}",
        "$${x}",
        "$$${x}",
        "%{ if true }",
        "a \"b\" \\\\ c",
        "'",
        "é 鯨 🐳",
        "= {",
        "x # y",
        "}",
    ];
    let deployment = resolve(&Spec {
        tags: Some(
            texts
                .iter()
                .enumerate()
                .map(|(n, text)| (format!("key {n} {text}").replace(['%', '\\'], "_"), (*text).to_owned()))
                .collect(),
        ),
        ssh_public_key: Some(format!("{KEY} ${{path.module}} \"quoted\"")),
        ..spec()
    });
    let folder = tempfile::tempdir().expect("a folder");
    let main = crate::common::file(&deployment, "main.tf");
    fs::write(folder.path().join("main.tf"), &main).expect("written");
    passes(
        Command::new(&terraform)
            .args(["fmt", "-check", "-diff"])
            .arg(folder.path()),
    );

    // Evaluated by Terraform, every tag is what was asked for.
    let tags = main[main.find("  tags = {").expect("tags")..]
        .split("\n  }\n")
        .next()
        .expect("an end");
    let console = tempfile::tempdir().expect("a folder");
    fs::write(console.path().join("main.tf"), format!("locals {{\n{tags}\n  }}\n}}\n")).expect("written");
    let mut child = Command::new(&terraform)
        .arg("console")
        .current_dir(console.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("terraform console");
    std::io::Write::write_all(&mut child.stdin.take().expect("stdin"), b"jsonencode(local.tags)\n").expect("asked");
    let output = child.wait_with_output().expect("an answer");
    let answer: String = serde_json::from_slice(output.stdout.trim_ascii()).expect("a string literal");
    let read: BTreeMap<String, String> = serde_json::from_str(&answer).expect("a JSON object");
    for (key, value) in &deployment.tags {
        assert_eq!(read.get(key), Some(value), "{key}: {read:?}");
    }
}

/// The examples whose machines get their files in a cloud-config.
fn with_cloud_config() -> Vec<(PathBuf, Deployment)> {
    let all = examples().into_iter();
    let found: Vec<_> = all
        .filter(|(_, _, d)| d.bootstrap == Bootstrap::CloudInit && takes_cloud_config(d.cloud))
        .map(|(_, folder, deployment)| (folder, deployment))
        .collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn cloud_init_accepts_the_user_data() {
    let Some(cloud_init) = tool("cloud-init") else { return };
    let schema = |file: &Path| {
        let mut command = Command::new(&cloud_init);
        command.args(["schema", "--config-file"]).arg(file);
        command
    };
    for (folder, _) in with_cloud_config() {
        passes(&mut schema(&folder.join("cloud-init.yaml")));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("broken.yaml");
    fs::write(&broken, "#cloud-config\nwritefiles: []\n").expect("written");
    let output = schema(&broken).output().expect("cloud-init");
    assert!(
        !output.status.success(),
        "cloud-init accepts an unknown key: it is too old to check anything"
    );
}

/// cloud-init reads YAML 1.1; what Python's reader finds must be what we meant.
#[test]
fn a_yaml_1_1_reader_finds_the_same_files() {
    let python = root().join("target/tools/venv/bin/python");
    if !python.exists() {
        return skip("PyYAML is not installed; `bash tests/tools.sh` brings it");
    }
    let program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    for (folder, deployment) in with_cloud_config() {
        let name = folder.display();
        let text = passes(
            Command::new(&python)
                .args(["-c", program])
                .arg(folder.join("cloud-init.yaml")),
        );
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let files = render(&deployment).expect("renders");
        let written = read["write_files"].as_array().expect("a list");
        assert_eq!(written.len(), 1, "{name}");
        let packed = packed(written[0]["content"].as_str().expect("text"));
        assert!(packed.len() >= 9, "{name}");
        let hashes = host_hashes(&deployment).expect("renders");
        for (path, content, mode) in packed {
            let file = files.iter().find(|file| file.path == path);
            let file = file.unwrap_or_else(|| panic!("{name}: {path}"));
            assert_eq!(sha256(content.as_bytes()), hashes[&path], "{name}: {path}");
            assert_eq!(mode, if file.executable { 0o755 } else { 0o644 }, "{name}: {path}");
        }
        let spec = passes(
            Command::new(&python)
                .args(["-c", program])
                .arg(folder.join("deployment.yaml")),
        );
        let spec: serde_json::Value = serde_json::from_str(&spec).expect("JSON");
        assert_eq!(spec["codewhale_version"], deployment.version.as_str(), "{name}");
        assert_eq!(spec["ssh_public_key"], deployment.ssh_public_key.as_str(), "{name}");
    }
}

const OWN_SCRIPTS: [&str; 10] = [
    "tests/run.sh",
    "tests/tools.sh",
    "tests/bench.sh",
    "tests/boot/bed.sh",
    "tests/boot/make.sh",
    "tests/boot/userland.sh",
    "tests/boot/world.sh",
    "tests/boot/world/look-around.sh",
    "tests/boot/world/network.sh",
    ".ci/run",
];

#[test]
fn shell_scripts_pass_shellcheck_and_bash() {
    // Examples share most of their scripts.
    let scripts = examples()
        .into_iter()
        .flat_map(|(_, folder, _)| with_ending(&folder, ".sh"));
    let scripts: BTreeMap<Vec<u8>, PathBuf> = scripts
        .chain(OWN_SCRIPTS.map(|script| root().join(script)))
        .map(|path| (fs::read(&path).expect("a script"), path))
        .collect();
    for script in scripts.values() {
        passes(Command::new("bash").arg("-n").arg(script));
    }
    let Some(shellcheck) = tool("shellcheck") else { return };
    passes(Command::new(&shellcheck).arg("--severity=style").args(scripts.values()));
}

/// A root folder with this machine's own units, the example's, and a stand-in for each program they start.
struct Userland {
    folder: TempDir,
}

impl Userland {
    fn with(agent: &str, units: &[PathBuf]) -> Userland {
        let userland = Userland {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let system = userland.path("usr/lib/systemd/system");
        fs::create_dir_all(system.parent().expect("a parent")).expect("folders");
        passes(Command::new("cp").args(["-a", "/usr/lib/systemd/system"]).arg(&system));
        for program in [
            "bin/sh",
            "usr/bin/docker",
            "usr/bin/node",
            "usr/bin/python3",
            "usr/bin/curl",
            "usr/bin/test",
            "bin/kill",
            "usr/sbin/nft",
            "usr/sbin/nginx",
        ] {
            userland.write(program, "#!/bin/sh\n", 0o755);
        }
        for program in ["", "-broker-settings", "-fetch-secrets", "-load-secrets"] {
            userland.write(&format!("opt/{agent}/bin/{agent}{program}"), "#!/bin/sh\n", 0o755);
        }
        // From the docker package, which a checking machine need not have.
        userland.write("etc/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/docker\n", 0o644);
        for unit in units {
            let name = unit.file_name().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(unit).expect("a unit");
            userland.write(&format!("etc/systemd/system/{name}"), &text, 0o644);
        }
        userland
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("mode");
    }

    /// Everything `systemd-analyze verify` has to say about a unit. Unknown keys and missing
    /// requirements show in different modes, so both are asked.
    fn complaints(&self, analyze: &Path, unit: &str) -> String {
        let mut said = String::new();
        for mode in ["yes", "no"] {
            let output = Command::new(analyze)
                .args(["verify", "--man=no"])
                .arg(format!("--recursive-errors={mode}"))
                .arg(format!("--root={}", self.folder.path().display()))
                .arg(format!("/etc/systemd/system/{unit}"))
                .output()
                .expect("systemd-analyze");
            said.push_str(&String::from_utf8_lossy(&output.stderr));
            if !output.status.success() {
                said.push_str(&format!("exit {:?}\n", output.status.code()));
            }
        }
        said
    }
}

#[test]
fn systemd_accepts_every_unit() {
    let Some(analyze) = tool("systemd-analyze") else { return };
    for (name, folder, deployment) in examples() {
        let agent = deployment.agent.slug;
        let units = with_ending(&folder, ".service");
        assert!(units.len() >= 4, "{name}: {units:?}");
        let userland = Userland::with(agent, &units);
        for unit in units {
            let unit = unit.file_name().expect("a name").to_string_lossy().into_owned();
            let about_it: Vec<_> = userland
                .complaints(&analyze, &unit)
                .lines()
                .filter(|line| line.contains(agent) || line.starts_with("exit"))
                .map(str::to_owned)
                .collect();
            assert_eq!(about_it, Vec::<String>::new(), "{name}: {unit}");
        }
    }
}

#[test]
fn the_unit_check_finds_what_is_wrong() {
    let Some(analyze) = tool("systemd-analyze") else { return };
    for (what, text) in [
        ("an unknown key", "[Service]\nExecStart=/usr/bin/node\nProtectHomes=yes\n"),
        ("a bad value", "[Service]\nExecStart=/usr/bin/node\nProtectSystem=very\n"),
        ("a missing program", "[Service]\nExecStart=/usr/bin/nodejs-not-there\n"),
        (
            "a missing requirement",
            "[Unit]\nRequires=codewhale-nothing.service\n[Service]\nExecStart=/usr/bin/node\n",
        ),
    ] {
        let userland = Userland::with("codewhale", &[]);
        userland.write("etc/systemd/system/codewhale-x.service", text, 0o644);
        assert!(
            userland
                .complaints(&analyze, "codewhale-x.service")
                .contains("codewhale"),
            "{what} is not found"
        );
    }
}

/// `systemd-analyze security`: 0 is closed, 10 is open.
#[test]
fn units_are_closed_as_far_as_promised() {
    let Some(analyze) = tool("systemd-analyze") else { return };
    for (name, folder, deployment) in examples() {
        let bridge = format!("{}-bridge", deployment.bridge.slug);
        let mut promises = vec![(bridge.as_str(), 25), ("secrets", 30), ("metadata-block", 30)];
        if deployment.broker.is_some() {
            promises.push(("broker", 25));
        }
        if deployment.install == Install::Native {
            promises.push(("runtime", 25));
        }
        for (unit, tenths) in promises {
            let unit = format!("{}-{unit}.service", deployment.agent.slug);
            let output = Command::new(&analyze)
                .args(["security", "--offline=yes", "--no-pager"])
                .arg(format!("--threshold={tenths}"))
                .arg(folder.join(&unit))
                .output()
                .expect("systemd-analyze");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(text.contains("Overall exposure level"), "{name}: {unit}: {output:?}");
            assert!(output.status.success(), "{name}: {unit}:\n{text}");
        }
    }
}

/// With docker the closing is done by the container.
#[test]
fn containers_are_closed_as_far_as_promised() {
    for (name, folder, deployment) in examples().into_iter().filter(|(_, _, d)| d.install == Install::Docker) {
        let unit = fs::read_to_string(folder.join("codewhale-runtime.service")).expect("a unit");
        for option in [
            "--cap-drop ALL",
            "--security-opt no-new-privileges",
            "--user 1000:1000",
            "--read-only",
            "--network host",
            "--memory ",
            "--pids-limit ",
            "--interactive",
            "\nStandardInput=file:/run/codewhale/runtime.secrets.env\n",
            "--host 127.0.0.1",
        ] {
            assert!(unit.contains(option), "{name}: no `{option}`");
        }
        assert!(unit.contains(&format!("--port {}", deployment.port)), "{name}");
        // The engine would write what they hold to its disk.
        assert!(!unit.contains("--env-file /run/codewhale/runtime.secrets.env"), "{name}");
        assert!(!unit.contains("--publish") && !unit.contains(" -p "), "{name}: a port is published");
        assert!(!unit.contains("--privileged"), "{name}");
    }
}

#[test]
fn nothing_listens_beyond_loopback_and_no_secret_is_an_argument() {
    for (name, folder, deployment) in examples() {
        for unit in with_ending(&folder, ".service") {
            let text = fs::read_to_string(&unit).expect("a unit");
            assert!(!text.contains("0.0.0.0"), "{name}: {}", unit.display());
            assert!(
                !text.contains("--auth-token") && !text.contains("TOKEN"),
                "{name}: {}",
                unit.display()
            );
            for slot in &deployment.secrets {
                assert!(!text.contains(slot.env), "{name}: {} in {}", slot.env, unit.display());
            }
        }
    }
}
