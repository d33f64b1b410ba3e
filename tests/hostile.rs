//! Hostile text in every free field: refused with a clear error, or back intact from the real
//! parser of every file it lands in.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use hcl::eval::{Context, Evaluate};
use proptest::prelude::*;
use remote_setup::agents::Download;
use remote_setup::clouds::Cloud;
use remote_setup::deployment::Deployment;
use remote_setup::error::Kind;
use remote_setup::inputs::{McpServer, Pins, Sources, Spec};
use remote_setup::render::{RenderedFile, render, sha256};
use remote_setup::tables::{Architecture, Install, Row};

use crate::common::{KEY, skip, spec, spec_on, takes_cloud_config};

/// A free field: how a text gets into it, and what to look for afterwards.
type Put = fn(&mut Spec, &str);

const FIELDS: &[(&str, Put)] = &[
    ("id", |spec, text| spec.id = Some(text.to_owned())),
    ("name", |spec, text| spec.name = Some(text.to_owned())),
    ("cloud", |spec, text| spec.cloud = Some(text.to_owned())),
    ("region", |spec, text| spec.region = Some(text.to_owned())),
    ("size", |spec, text| spec.size = Some(text.to_owned())),
    ("bridge", |spec, text| spec.bridge = Some(text.to_owned())),
    ("bridge_settings key", |spec, text| {
        spec.bridge_settings = Some(BTreeMap::from([(text.to_owned(), "x".to_owned())]));
    }),
    ("bridge_settings value", |spec, text| {
        spec.bridge = Some("feishu".to_owned());
        spec.bridge_settings = Some(BTreeMap::from([("FEISHU_DOMAIN".to_owned(), text.to_owned())]));
    }),
    ("allowlist", |spec, text| spec.allowlist = Some(vec![text.to_owned()])),
    ("provider", |spec, text| spec.provider = Some(text.to_owned())),
    ("model", |spec, text| spec.model = Some(text.to_owned())),
    ("base_url", |spec, text| {
        spec.provider = Some("vllm".to_owned());
        spec.model = Some("qwen3".to_owned());
        spec.base_url = Some(text.to_owned());
    }),
    ("base_url path", |spec, text| {
        spec.provider = Some("vllm".to_owned());
        spec.model = Some("qwen3".to_owned());
        spec.base_url = Some(format!("http://127.0.0.1:8000/{text}"));
    }),
    ("ssh_public_key", |spec, text| spec.ssh_public_key = Some(text.to_owned())),
    ("ssh_public_key comment", |spec, text| {
        spec.ssh_public_key = Some(format!("{} {text}", KEY.rsplit_once(' ').expect("a comment").0))
    }),
    ("allow_ssh_from", |spec, text| spec.allow_ssh_from = Some(vec![text.to_owned()])),
    ("allow_vault_from", |spec, text| spec.allow_vault_from = Some(vec![text.to_owned()])),
    ("workspace", |spec, text| spec.workspace = Some(text.to_owned())),
    ("workspace part", |spec, text| spec.workspace = Some(format!("/srv/{text}"))),
    ("install", |spec, text| spec.install = Some(text.to_owned())),
    ("codewhale_version", |spec, text| spec.codewhale_version = Some(text.to_owned())),
    ("mirror", |spec, text| spec.mirror = Some(text.to_owned())),
    ("bootstrap", |spec, text| spec.bootstrap = Some(text.to_owned())),
    ("lang", |spec, text| spec.lang = Some(text.to_owned())),
    ("sources.release_base_url", |spec, text| {
        sources(spec, |sources| &mut sources.release_base_url, text)
    }),
    ("sources.git_url", |spec, text| sources(spec, |sources| &mut sources.git_url, text)),
    ("sources.image", |spec, text| {
        let sources = spec.sources.get_or_insert_default();
        sources.image = Some(text.to_owned());
    }),
    ("sources.npm_registry", |spec, text| {
        sources(spec, |sources| &mut sources.npm_registry, text)
    }),
    ("sources.apt_mirror", |spec, text| {
        sources(spec, |sources| &mut sources.apt_mirror, text)
    }),
    ("mcp_servers name", |spec, text| server(spec, text, |_| ())),
    ("mcp_servers command", |spec, text| {
        server(spec, "x", |server| server.command = Some(text.to_owned()))
    }),
    ("mcp_servers argument", |spec, text| {
        server(spec, "x", |server| server.args = Some(vec![text.to_owned()]))
    }),
    ("mcp_servers variable", |spec, text| {
        server(spec, "x", |server| {
            server.env = Some(BTreeMap::from([("LEVEL".to_owned(), text.to_owned())]))
        })
    }),
    ("pins.version", |spec, text| {
        spec.pins = Some(Pins {
            version: Some(text.to_owned()),
            git: Some("0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d".to_owned()),
            ..Pins::default()
        });
    }),
    ("pins.image", |spec, text| pinned(spec, Download::Image, text)),
    ("pins.git", |spec, text| pinned(spec, Download::Git, text)),
    ("pins.binary_x64", |spec, text| {
        pinned(spec, Download::Binary(Architecture::X64), text)
    }),
    ("pins.binary_arm64", |spec, text| {
        pinned(spec, Download::Binary(Architecture::Arm64), text)
    }),
    ("tags key", |spec, text| {
        spec.tags = Some(BTreeMap::from([(text.to_owned(), "x".to_owned())]))
    }),
    ("tags value", |spec, text| {
        spec.tags = Some(BTreeMap::from([("team".to_owned(), text.to_owned())]))
    }),
];

fn server(spec: &mut Spec, name: &str, change: impl FnOnce(&mut McpServer)) {
    let mut server = McpServer {
        command: Some("npx".to_owned()),
        ..McpServer::default()
    };
    change(&mut server);
    spec.mcp_servers = Some(BTreeMap::from([(name.to_owned(), server)]));
}

fn sources(spec: &mut Spec, field: fn(&mut Sources) -> &mut Option<String>, text: &str) {
    *field(spec.sources.get_or_insert_default()) = Some(format!("https://example.com/{text}"));
}

fn pinned(spec: &mut Spec, download: Download, text: &str) {
    let pins = spec.pins.get_or_insert_default();
    pins.version = Some("0.9.9".to_owned());
    pins.set(download, text.to_owned());
}

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\"",
        "'",
        "`",
        "\n",
        "\r",
        "\t",
        "\\",
        "\\\"",
        "\\n",
        "${",
        "${var.x}",
        "$${",
        "$",
        "%{",
        "%%{",
        "%{ if true }",
        "%",
        "%h",
        "$(id)",
        "`id`",
        "#cloud-config",
        "# comment",
        "{{ x }}",
        "{% raw %}",
        "{% endraw %}",
        "EOF",
        "\u{0}",
        "\u{7f}",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{2028}",
        "é",
        "鯨",
        "🐳",
        " ",
        "  ",
        ":",
        ": ",
        "- ",
        "yes",
        "no",
        "12:30:45",
        "1_000",
        "0x1f",
        "~",
        "null",
        "=",
        ",",
        "[",
        "]",
        "{",
        "}",
        "}",
        "*",
        "&a",
        "!",
        "|",
        ">",
        "@",
        "a",
        "Z",
        "9",
        "/",
        "..",
        "-",
        "_",
        ".",
        "+",
        "a=b",
        ";",
        "&&",
        "\u{feff}",
    ]);
    prop_oneof![
        6 => prop::collection::vec(pieces, 1..8).prop_map(|pieces| pieces.concat()),
        2 => "[a-zA-Z0-9._:/@+-]{1,30}",
        1 => any::<String>(),
        1 => "[a-z\"$%{]{1,4}".prop_map(|piece| piece.repeat(10_000 / piece.len())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_field_refuses_or_returns_intact(which in 0..FIELDS.len(), text in hostile()) {
        let (field, put) = FIELDS[which];
        let mut asked = spec();
        put(&mut asked, &text);
        match Deployment::resolve(&asked) {
            Err(error) => {
                prop_assert_eq!(error.kind(), Kind::Usage, "{}: {}", field, error);
                prop_assert!(!error.hints().is_empty(), "{}: no hint: {}", field, error);
                let message = error.to_string();
                prop_assert!(message.len() < 1000 && !message.contains(['\u{1b}', '\u{0}', '\r']), "{}: {:?}", field, message);
            }
            Ok(deployment) => everything_comes_back(&deployment),
        }
    }
}

/// Free text that must be let through: a tag and a key's comment are nobody's syntax.
#[test]
fn free_text_is_taken_and_comes_back() {
    for text in [
        "${var.x}",
        "$${x}",
        "$$${x}",
        "%{ if true }",
        "a \"b\" \\ c",
        "'",
        "#cloud-config",
        "{{ x }}{% raw %}",
        "yes",
        "12:30:45",
        "é 鯨 🐳",
        "- a: b",
    ] {
        for cloud in Cloud::rows() {
            let mut asked = spec_on(cloud);
            asked.tags = Some(BTreeMap::from([("team".to_owned(), text.to_owned())]));
            asked.ssh_public_key = Some(format!("{KEY} {text}"));
            let deployment = Deployment::resolve(&asked).unwrap_or_else(|error| panic!("{text}: {error}"));
            everything_comes_back(&deployment);
        }
    }
}

fn everything_comes_back(deployment: &Deployment) {
    let files = render(deployment).unwrap_or_else(|error| panic!("{error}: {:?}", deployment.spec));
    spec_comes_back(deployment, &files);
    terraform_comes_back(deployment, &files);
    if takes_cloud_config(deployment.cloud) {
        cloud_init_comes_back(deployment, &files);
    }
    env_files_come_back(deployment, &files);
    systemd_reads_env_files(deployment, &files);
    bash_reads_scripts(deployment, &files);
}

fn text<'a>(files: &'a [RenderedFile], path: &str) -> &'a str {
    &files
        .iter()
        .find(|file| file.path == path)
        .unwrap_or_else(|| panic!("no {path}"))
        .contents
}

fn spec_comes_back(deployment: &Deployment, files: &[RenderedFile]) {
    let read: Spec = serde_yaml::from_str(text(files, "deployment.yaml")).expect("YAML");
    assert_eq!(read, deployment.spec);
    let again = Deployment::resolve(&read).expect("resolves again");
    assert_eq!(render(&again).expect("renders"), files, "not the same bytes again");
}

/// Evaluates every string in the root module: no value may have become an expression.
fn terraform_comes_back(deployment: &Deployment, files: &[RenderedFile]) {
    for path in ["terraform.tf", "variables.tf", "outputs.tf", "main.tf"] {
        hcl::parse(text(files, path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let body = hcl::parse(text(files, "main.tf")).expect("HCL");
    let module = body
        .blocks()
        .find(|block| block.identifier() == "module")
        .expect("a module");
    let literal = |name: &str| {
        let attribute = module.body().attributes().find(|attribute| attribute.key() == name);
        let attribute = attribute.unwrap_or_else(|| panic!("no `{name}`"));
        attribute
            .expr()
            .evaluate(&Context::new())
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    assert_eq!(literal("name"), hcl::Value::from(deployment.name.as_str()));
    assert_eq!(literal("location"), hcl::Value::from(deployment.region.as_str()));
    assert_eq!(literal("size"), hcl::Value::from(deployment.size.as_str()));
    assert_eq!(literal("ssh_public_key"), hcl::Value::from(deployment.ssh_public_key.as_str()));
    let mut tags = deployment.tags.clone();
    tags.push(("deployment_id".to_owned(), deployment.id.clone()));
    let expected: hcl::Map<String, hcl::Value> = tags.into_iter().map(|(key, value)| (key, value.into())).collect();
    assert_eq!(literal("tags"), hcl::Value::Object(expected));
}

#[derive(serde::Deserialize)]
struct CloudConfig {
    write_files: Vec<WriteFile>,
    runcmd: Vec<Vec<String>>,
}

#[derive(serde::Deserialize)]
struct WriteFile {
    path: String,
    content: String,
}

fn cloud_init_comes_back(deployment: &Deployment, files: &[RenderedFile]) {
    let user_data = text(files, "cloud-init.yaml");
    assert!(user_data.starts_with("#cloud-config\n"));
    let config: CloudConfig = serde_yaml::from_str(user_data).expect("YAML");
    let [script] = config.write_files.as_slice() else {
        panic!("one file")
    };
    assert_eq!(config.runcmd, [["bash", &script.path, "--foreground"]]);
    let packed = crate::common::packed(&script.content);
    assert!(packed.len() >= 9);
    let hashes = remote_setup::render::host_hashes(deployment).expect("renders");
    for (path, content, _) in packed {
        assert_eq!(hashes[&path], sha256(content.as_bytes()), "{path}");
        let values = |text: &str| {
            text.lines()
                .filter(|line| !line.starts_with('#'))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        if path.ends_with(".env") || path.ends_with(".json") {
            assert_eq!(values(&content), values(text(files, &path)), "{path}");
        }
    }
}

/// What systemd, docker and the bridge agree on: a bare value up to the end of the line, without any
/// character one of them would read differently.
fn env_files_come_back(deployment: &Deployment, files: &[RenderedFile]) {
    let bridge = format!("{}.env", deployment.bridge.slug);
    for (path, name, expected) in env_values(deployment, &bridge) {
        let value = literal_value(text(files, path), name);
        assert_eq!(value.as_deref(), Some(expected.as_str()), "{path}: {name}");
        let plain = expected
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"\"'\\`$#;".contains(&b));
        assert!(plain, "{path}: {name}={expected:?} is read differently by some reader");
    }
}

fn env_values<'a>(deployment: &Deployment, bridge: &'a str) -> Vec<(&'a str, &'static str, String)> {
    let mut values = vec![
        ("runtime.env", "CODEWHALE_MODEL", deployment.model.clone()),
        (bridge, "CODEWHALE_MODEL", deployment.model.clone()),
        (bridge, "CODEWHALE_WORKSPACE", deployment.workspace.clone()),
        (bridge, deployment.bridge.allowlist_env, deployment.allowlist.join(",")),
    ];
    if let Some(url) = &deployment.base_url {
        values.push(("runtime.env", "CODEWHALE_BASE_URL", url.clone()));
    }
    values
}

fn literal_value(text: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .collect();
    assert!(lines.len() <= 1, "{name} is there twice");
    lines.first().map(|value| (*value).to_owned())
}

/// Values that every check lets through although somebody might stumble over them.
fn awkward() -> Vec<Deployment> {
    let with = |put: &dyn Fn(&mut Spec)| {
        let mut asked = spec();
        put(&mut asked);
        Deployment::resolve(&asked).unwrap_or_else(|error| panic!("{error}"))
    };
    vec![
        with(&|spec| spec.model = Some("a:b/c@d+e-f_g.h".to_owned())),
        with(&|spec| spec.model = Some("on".to_owned())),
        with(&|spec| spec.model = Some("12:30:45".to_owned())),
        with(&|spec| spec.workspace = Some("/srv/a.b_c-d".to_owned())),
        with(&|spec| spec.allowlist = Some(vec!["-100123".to_owned(), "@some_body".to_owned(), "0123".to_owned()])),
        with(&|spec| {
            spec.provider = Some("vllm".to_owned());
            spec.model = Some("qwen3".to_owned());
            spec.base_url = Some("http://[::1]:8000/v1~x/%41".to_owned());
        }),
        // Hashes that look like numbers.
        with(&|spec| {
            spec.pins = Some(Pins {
                version: Some("0.9.9".to_owned()),
                image: Some(format!("sha256:{}", "1".repeat(64))),
                git: Some(format!("1e{}", "5".repeat(38))),
                binary_x64: Some("0".repeat(64)),
                binary_arm64: Some(format!("0{}", "7".repeat(63))),
            });
        }),
        with(&|spec| {
            spec.sources = Some(Sources {
                release_base_url: Some("https://example.com/a%20b/~c".to_owned()),
                git_url: Some("https://example.com/x.git".to_owned()),
                image: Some("example.com:5000/a/b".to_owned()),
                npm_registry: Some("https://example.com/npm".to_owned()),
                apt_mirror: Some("http://example.com/ubuntu".to_owned()),
            });
        }),
    ]
}

/// systemd has one parser of env files. Its generator for `environment.d` prints what that parser read, which
/// needs no running systemd.
const GENERATOR: &str = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";

#[test]
fn awkward_values_reach_systemd_and_bash_as_written() {
    if !Path::new(GENERATOR).exists() {
        skip("systemd's environment generator is not installed");
    }
    for deployment in awkward() {
        everything_comes_back(&deployment);
    }
}

fn systemd_reads_env_files(deployment: &Deployment, files: &[RenderedFile]) {
    if !Path::new(GENERATOR).exists() {
        return;
    }
    let bridge = format!("{}.env", deployment.bridge.slug);
    for path in ["runtime.env", bridge.as_str()] {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("environment.d");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("x.conf"), text(files, path)).expect("a file");
        let output = Command::new(GENERATOR)
            .env_clear()
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .output()
            .expect("the generator starts");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        let values = env_values(deployment, &bridge);
        let expected: Vec<_> = values
            .iter()
            .filter(|(file, _, _)| *file == path)
            .map(|(_, name, value)| (*name, value.clone()))
            .collect();
        // Its output is quoted for a shell, so a real shell undoes that. It leaves empty values out.
        assert_eq!(in_bash(&printed, &expected), expected, "{path}:\n{printed}");
    }
}

fn bash_reads_scripts(deployment: &Deployment, files: &[RenderedFile]) {
    let only = |install, value: &String| if deployment.install == install { value.clone() } else { String::new() };
    let expected = [
        ("VERSION", deployment.version.clone()),
        ("WORKSPACE", deployment.workspace.clone()),
        ("RELEASE_BASE_URL", only(Install::Native, &deployment.sources.release_base_url)),
        ("GIT_URL", deployment.sources.git_url.clone()),
        ("IMAGE_NAME", only(Install::Docker, &deployment.sources.image)),
        ("NPM_REGISTRY", deployment.sources.npm_registry.clone()),
        ("APT_MIRROR", deployment.sources.apt_mirror.clone()),
    ];
    let top = text(files, "install.sh").split("set -Eeuo").next().expect("the top");
    assert_eq!(in_bash(top, &expected), expected);
    let top = text(files, "provision.sh").split("set -Eeuo").next().expect("the top");
    let expected = [("NAME", deployment.name.clone())];
    assert_eq!(in_bash(top, &expected), expected);
}

/// Runs assignments in bash and reads the variables back.
fn in_bash<'a>(assignments: &str, names: &[(&'a str, String)]) -> Vec<(&'a str, String)> {
    let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    let mut script = format!("{assignments}\n");
    for name in &names {
        script.push_str(&format!("printf '%s\\0' \"${{{name}-}}\"\n"));
    }
    let output = Command::new("bash")
        .env_clear()
        .args(["-c", &script])
        .output()
        .expect("bash");
    assert!(output.status.success(), "{script}\n{output:?}");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    names.into_iter().zip(printed.split('\0').map(str::to_owned)).collect()
}
