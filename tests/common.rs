//! What the tests share: the program in a world of its own, and the tools that check its output.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use remote_setup::agents::Agent;
use remote_setup::clouds::{Cloud, Encoding};
use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Spec, spec_file};
use remote_setup::model_providers::Provider;
use remote_setup::model_providers::{PROVIDERS, View};
use remote_setup::tables::Row;
use tempfile::TempDir;

#[path = "common/tool.rs"]
mod tool;

// The benchmarks run no tools.
#[allow(unused_imports)]
pub use tool::{skip, tool};

/// A key made for these tests; its private half was thrown away.
pub const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGdOhwpS0nwiBZstnHQe/b7ndB5FFFxwqyJZ6uZTgBPz operator@example";

/// A private home and working folder for one test.
pub struct World {
    pub folder: TempDir,
}

impl World {
    pub fn new() -> World {
        World {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folder");
        std::fs::write(&path, text).expect("file");
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program with an environment that holds nothing of the developer's.
    pub fn command(&self) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_remote-setup"))
    }

    /// Another program, started in the same way.
    pub fn command_of(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("USER", "tester")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .current_dir(self.folder.path());
        command
    }

    #[must_use = "assert the exit code or the text"]
    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command().args(args))
    }

    /// Generates into `bundle` with everything a bundle needs, and more arguments.
    #[must_use = "assert the exit code or the text"]
    pub fn generate(&self, more: &[&str]) -> Ran {
        let all: Vec<&str> = MINIMAL.iter().chain(more).copied().collect();
        self.run(&all)
    }

    /// Names of everything in the working folder, sorted.
    pub fn listing(&self) -> Vec<String> {
        let mut names = files_under(self.folder.path());
        names.sort();
        names
    }
}

/// The fewest flags that make a bundle.
pub const MINIMAL: &[&str] = &[
    "--cloud=azure",
    "--bridge=telegram",
    "--provider=openrouter",
    "--ssh-public-key",
    KEY,
    "--allow-ssh-from=203.0.113.7/32",
    "--out=bundle",
];

/// What one run of the program said.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[must_use = "assert the exit code or the text"]
    pub fn of(command: &mut Command) -> Ran {
        Ran::from(command.output().expect("the program starts"))
    }

    /// Asserts success.
    pub fn ok(self) -> Ran {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// Asserts bad input: exit 2, an `Error:` and a `Hint:` line, nothing on stdout.
    pub fn refused(self) -> Ran {
        assert_eq!(self.code, 2, "{self:#?}");
        assert!(self.stderr.lines().any(|line| line.starts_with("Error: ")), "{self:#?}");
        assert!(self.stderr.lines().any(|line| line.starts_with("Hint: ")), "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        self
    }

    pub fn says(self, text: &str) -> Ran {
        assert!(self.stderr.contains(text), "`{text}` is not in {self:#?}");
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        }
    }
}

/// A complete spec to vary.
pub fn spec() -> Spec {
    Spec {
        version: Some(1),
        id: Some("abc123".to_owned()),
        cloud: Some("azure".to_owned()),
        bridge: Some("telegram".to_owned()),
        provider: Some("openrouter".to_owned()),
        ssh_public_key: Some(KEY.to_owned()),
        allow_ssh_from: Some(vec!["203.0.113.7/32".to_owned()]),
        ..Spec::default()
    }
}

/// The same with another model provider, and what that needs besides.
pub fn spec_with(provider: &str) -> Spec {
    let row = PROVIDERS.iter().find(|row| row.slug == provider);
    let keyless = row.is_some_and(|row| row.key().is_none());
    Spec {
        provider: Some(provider.to_owned()),
        model: keyless.then(|| "qwen3:8b".to_owned()),
        base_url: keyless.then(|| "http://localhost:11434/v1".to_owned()),
        ..spec()
    }
}

/// Whether a cloud hands a machine its host files in `cloud-init.yaml` when it is made.
pub fn takes_cloud_config(cloud: &Cloud) -> bool {
    cloud
        .user_data
        .is_some_and(|data| data.encoding == Encoding::CloudConfig)
}

pub fn with_vault() -> impl Iterator<Item = &'static Cloud> {
    Cloud::rows().iter().filter(|cloud| cloud.vault.is_some())
}

pub fn without_vault() -> impl Iterator<Item = &'static Cloud> {
    Cloud::rows().iter().filter(|cloud| cloud.vault.is_none())
}

pub fn with_cloud_config() -> impl Iterator<Item = &'static Cloud> {
    Cloud::rows().iter().filter(|cloud| takes_cloud_config(cloud))
}

pub fn without_cloud_config() -> impl Iterator<Item = &'static Cloud> {
    Cloud::rows().iter().filter(|cloud| !takes_cloud_config(cloud))
}

/// A complete spec on a cloud.
pub fn spec_on(cloud: &Cloud) -> Spec {
    Spec {
        cloud: Some(cloud.slug.to_owned()),
        ..spec()
    }
}

pub fn resolve(spec: &Spec) -> Deployment {
    Deployment::resolve(spec).unwrap_or_else(|error| panic!("{error}: {spec:?}"))
}

/// The rendered text of one file.
pub fn file(deployment: &Deployment, path: &str) -> String {
    remote_setup::render::render(deployment)
        .expect("renders")
        .into_iter()
        .find(|file| file.path == path)
        .unwrap_or_else(|| panic!("no {path}"))
        .contents
}

/// What is packed into a `bootstrap.sh`, or into the one that a `cloud-init.yaml` carries: path, text, mode.
pub fn packed(text: &str) -> Vec<(String, String, u32)> {
    let world = World::new();
    let script = match text.strip_prefix("#cloud-config\n") {
        Some(config) => {
            let config: serde_json::Value = serde_yaml::from_str(config).expect("YAML");
            config["write_files"][0]["content"]
                .as_str()
                .expect("a script")
                .to_owned()
        }
        None => text.to_owned(),
    };
    let script = world.write("bootstrap.sh", &script);
    let folder = world.path("unpacked");
    passes(Command::new("sh").arg(script).arg("--extract").arg(&folder));
    let read = |path: String| {
        let file = folder.join(&path);
        let mode = fs::metadata(&file).expect("a file").permissions().mode() & 0o777;
        (path, fs::read_to_string(&file).expect("text"), mode)
    };
    files_under(&folder).into_iter().map(read).collect()
}

/// A provider as the agent sees it that nobody has to ask for.
pub fn view(provider: &'static Provider) -> View {
    View::of(provider, Agent::default_row())
}

pub fn deployable_providers() -> impl Iterator<Item = &'static Provider> {
    PROVIDERS
        .iter()
        .filter(|provider| view(provider).unsupported().is_none())
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Examples that people read as a whole; of every other, its spec and what differs are kept.
pub const WHOLE_EXAMPLES: &[&str] = &["azure-telegram-openai", "lighthouse-feishu-deepseek"];

/// Every example: its name, the folder with its whole bundle, and its deployment. What is not kept as a whole is rendered
/// into a folder of the tests.
pub fn examples() -> Vec<(String, PathBuf, Deployment)> {
    static RENDERED: LazyLock<()> = LazyLock::new(|| {
        for (name, _, deployment) in example_specs() {
            if !WHOLE_EXAMPLES.contains(&name.as_str()) {
                write_example(&rendered_example(&name), &deployment);
            }
        }
    });
    LazyLock::force(&RENDERED);
    let bundle = |(name, folder, deployment): (String, PathBuf, Deployment)| {
        let whole = WHOLE_EXAMPLES.contains(&name.as_str());
        let folder = if whole { folder } else { rendered_example(&name) };
        (name, folder, deployment)
    };
    example_specs().into_iter().map(bundle).collect()
}

fn rendered_example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples").join(name)
}

/// Other processes of the tests may read there already, so that nothing is written which stands there.
fn write_example(folder: &Path, deployment: &Deployment) {
    let files = remote_setup::render::render(deployment).expect("renders");
    std::fs::create_dir_all(folder).expect("a folder");
    for old in files_under(folder) {
        if !files.iter().any(|file| file.path == old) {
            std::fs::remove_file(folder.join(old)).expect("removed");
        }
    }
    for file in files {
        let path = folder.join(&file.path);
        if std::fs::read_to_string(&path).is_ok_and(|text| text == file.contents) {
            continue;
        }
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        let new = path.with_extension(format!("new-{}", std::process::id()));
        std::fs::write(&new, &file.contents).expect("written");
        std::fs::rename(new, path).expect("renamed");
    }
}

/// Every folder in examples/: its name, itself, and the deployment of its spec.
pub fn example_specs() -> Vec<(String, PathBuf, Deployment)> {
    let mut found: Vec<_> = std::fs::read_dir(root().join("examples"))
        .expect("examples/")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|folder| {
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            let spec = spec_file::load(&folder.join("deployment.yaml")).unwrap_or_else(|error| panic!("{error}"));
            (name, folder, resolve(&spec))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// The bundle of a deployment that version 0.1 wrote, in a folder of its own, as `bundle`.
pub fn unpacked_0_1() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let packed = std::fs::File::open(root().join("tests/facts/bundle-0.1.tar.gz")).expect("the bundle");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed));
    archive.unpack(folder.path()).expect("unpacked");
    folder
}

/// Relative paths of all files under a folder.
pub fn files_under(folder: &Path) -> Vec<String> {
    fn walk(base: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(base, &path, found);
            } else {
                found.push(path.strip_prefix(base).expect("inside").to_string_lossy().into_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found
}

/// Runs a checker; its complaint is the panic message.
pub fn passes(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{command:?}\n{text}");
    text
}
