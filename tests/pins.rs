//! Contents that the machine takes and nothing else: what may stand under `pins`, where it ends, and what is said about
//! what is not pinned.

use remote_setup::agents::{AGENTS, Download, Release};
use remote_setup::deployment::pins::with_known;
use remote_setup::inputs::{Pins, Sources, pins};
use remote_setup::tables::Architecture;
use serde_json::Value;

use crate::common::{KEY, Ran, World};

const IMAGE: &str = "sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
const GIT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d";
const BINARY: &str = "1a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// A spec with these lines besides what every spec has.
fn spec_with(lines: &str) -> World {
    let world = World::new();
    world.write(
        "answers.yaml",
        &format!(
            "cloud: azure\nbridge: telegram\nprovider: openrouter\nid: abc123\nssh_public_key: {KEY}\n\
             allow_ssh_from: [203.0.113.7/32]\n{lines}"
        ),
    );
    world
}

fn generated(lines: &str) -> (World, Ran) {
    let world = spec_with(lines);
    let ran = world.run(&["--spec=answers.yaml", "--out=bundle"]).ok();
    (world, ran)
}

fn all_pins() -> String {
    format!("pins: {{version: 0.9.9, image: '{IMAGE}', git: {GIT}, binary_x64: {BINARY}, binary_arm64: {BINARY}}}\n")
}

#[test]
fn pins_come_back_and_reach_what_runs_on_the_machine() {
    let (world, ran) = generated(&format!("install: docker\n{}", all_pins()));
    assert!(!ran.stderr.contains("not pinned"), "{ran:#?}");
    let written = world.read("bundle/deployment.yaml");
    for line in [
        "\npins:\n  version: \"0.9.9\"\n",
        &format!("  image: {IMAGE}\n"),
        &format!("  git: {GIT}\n"),
        &format!("  binary_x64: {BINARY}\n  binary_arm64: {BINARY}\n"),
    ] {
        assert!(written.contains(line), "`{line}`:\n{written}");
    }
    world
        .run(&["--spec=bundle/deployment.yaml", "--check", "--out=bundle"])
        .ok();
    let dockerfile = world.read("bundle/Dockerfile");
    assert!(
        dockerfile.contains(&format!("\nFROM ghcr.io/hmbown/codewhale@{IMAGE}\n")),
        "{dockerfile}"
    );
    let installer = world.read("bundle/install.sh");
    for line in [format!("\nIMAGE_DIGEST='{IMAGE}'\n"), format!("\nGIT_COMMIT='{GIT}'\n")] {
        assert!(installer.contains(&line), "{line}");
    }
}

#[test]
fn the_binary_pinned_is_that_of_the_machine_s_architecture() {
    let other = BINARY.replace('1', "2");
    for (size, wanted) in [("Standard_B2als_v2", BINARY), ("Standard_B2pls_v2", &other)] {
        let (world, _) = generated(&format!(
            "install: native\nsize: {size}\npins: {{version: v0.9.9, binary_x64: {BINARY}, binary_arm64: {other}}}\n"
        ));
        let installer = world.read("bundle/install.sh");
        assert!(installer.contains(&format!("\nBINARY_SHA256='{wanted}'\n")), "{size}");
    }
}

#[test]
fn what_is_not_pinned_is_named() {
    for (lines, named) in [
        ("install: docker\n", "not pinned: the container image and the bridge's commit;"),
        ("install: native\n", "not pinned: the bridge's commit and the x64 binary;"),
        (
            &*format!("install: docker\npins: {{version: 0.9.9, git: {GIT}}}\n"),
            "not pinned: the container image;",
        ),
        (
            &*format!(
                "install: native\nsize: Standard_B2pls_v2\npins: {{version: 0.9.9, git: {GIT}, binary_x64: {BINARY}}}\n"
            ),
            "not pinned: the arm64 binary;",
        ),
    ] {
        let (world, ran) = generated(lines);
        assert!(ran.stderr.contains(&format!("Warning: {named}")), "{named}: {ran:#?}");
        assert!(ran.stderr.contains("`remote-setup pin`"), "{ran:#?}");
        let runbook = world.read("bundle/RUNBOOK.md");
        assert!(runbook.contains(&format!("- {named}")), "{named}");
        let json = world
            .run(&["--spec=answers.yaml", "--out=bundle", "--json"])
            .ok()
            .stdout;
        let json: Value = serde_json::from_str(&json).expect("JSON");
        let warnings = json["warnings"].as_array().expect("warnings");
        assert!(
            warnings
                .iter()
                .any(|warning| warning.as_str().expect("text").starts_with(named)),
            "{json:#}"
        );
    }
}

#[test]
fn pins_of_another_version_are_refused() {
    let (world, _) = generated(&all_pins());
    let ran = world
        .run(&["--spec=bundle/deployment.yaml", "--codewhale-version=0.9.12"])
        .refused();
    let said = "`pins.version`: `0.9.9` is not the version of this deployment, `0.9.12`";
    assert!(ran.stderr.contains(said), "{ran:#?}");
    assert!(ran.stderr.contains("take `pins` out"), "{ran:#?}");
    // Nor do they get lost where the bundle is written anew from flags.
    let flags = [
        "--cloud=azure",
        "--bridge=telegram",
        "--provider=openrouter",
        "--allow-ssh-from=203.0.113.7/32",
        "--ssh-public-key",
        KEY,
        "--out=bundle",
    ];
    world.run(&flags).ok();
    assert!(world.read("bundle/deployment.yaml").contains(GIT));
    world
        .run(&[&flags[..], &["--codewhale-version=0.9.12"]].concat())
        .refused()
        .says(said);
}

#[test]
fn every_form_but_the_right_one_is_refused() {
    let long = "a".repeat(10_000);
    for (line, named) in [
        ("{image: sha256:abc}".to_owned(), "`pins.image`"),
        (format!("{{image: {BINARY}}}"), "`pins.image`"),
        (format!("{{image: 'sha512:{BINARY}'}}"), "`pins.image`"),
        (format!("{{image: '{IMAGE}0'}}"), "`pins.image`"),
        (format!("{{image: '{}'}}", IMAGE.to_uppercase()), "`pins.image`"),
        (format!("{{git: {}}}", &GIT[..39]), "`pins.git`"),
        (format!("{{git: {}}}", GIT.to_uppercase()), "`pins.git`"),
        ("{git: v0.9.9}".to_owned(), "`pins.git`"),
        (format!("{{git: '{}\\n'}}", &GIT[..38]), "`pins.git`"),
        (format!("{{git: \"{}\\u001b[\"}}", &GIT[..38]), "`pins.git`"),
        (format!("{{binary_x64: {GIT}}}"), "`pins.binary_x64`"),
        (format!("{{binary_x64: 'sha256:{BINARY}'}}"), "`pins.binary_x64`"),
        (format!("{{binary_arm64: {long}}}"), "`pins.binary_arm64`"),
        (format!("{{binary_arm64: \"$(id)'{}\"}}", &BINARY[6..]), "`pins.binary_arm64`"),
    ] {
        let line = line.replacen('{', "{version: 0.9.9, ", 1);
        let ran = spec_with(&format!("pins: {line}\n"))
            .run(&["--spec=answers.yaml", "--out=bundle"])
            .refused();
        assert!(ran.stderr.contains(named), "{line}: {ran:#?}");
        assert!(ran.stderr.len() < 1000 && !ran.stderr.contains('\u{1b}'), "{ran:#?}");
    }
    spec_with(&format!("pins: {{git: {GIT}}}\n"))
        .run(&["--spec=answers.yaml", "--out=bundle"])
        .refused()
        .says("`pins.version` is missing");
    spec_with(&format!("pins: {{version: 0.9.9, image_digest: '{IMAGE}'}}\n"))
        .run(&["--spec=answers.yaml", "--out=bundle"])
        .refused()
        .says("unknown key `image_digest`");
}

/// Whoever is on the way of such a download can change it, or at least see it.
#[test]
fn plain_addresses_get_a_warning() {
    for (key, url, pins, said) in [
        (
            "git_url",
            "git://mirror.example/codewhale.git",
            "",
            "can change what the machine runs",
        ),
        (
            "git_url",
            "http://mirror.example/codewhale.git",
            "",
            "can change what the machine runs",
        ),
        (
            "release_base_url",
            "http://mirror.example/releases",
            "",
            "can change what the machine runs",
        ),
        ("npm_registry", "http://mirror.example/npm", "", "downloads are verified"),
        ("apt_mirror", "http://mirror.example/ubuntu", "", "downloads are verified"),
        ("git_url", "http://127.0.0.1/codewhale.git", "", "can change what the machine runs"),
        ("git_url", "git://mirror.example/codewhale.git", "pins", "downloads are verified"),
        (
            "release_base_url",
            "http://mirror.example/releases",
            "pins",
            "downloads are verified",
        ),
    ] {
        let pins = if pins.is_empty() { String::new() } else { all_pins() };
        for lang in ["en", "zh-CN"] {
            let lines = format!("install: native\nlang: {lang}\nsources: {{{key}: '{url}'}}\n{pins}");
            let (world, ran) = generated(&lines);
            let begins = format!("Warning: `sources.{key}` is `{url}`: ");
            let line = ran.stderr.lines().find(|line| line.contains(&begins));
            let line = line.unwrap_or_else(|| panic!("{key} {url}: {ran:#?}"));
            assert!(line.contains(said), "{line}");
            let runbook = world.read("bundle/RUNBOOK.md");
            let there = match lang {
                "en" => format!("- `sources.{key}` is `{url}`: "),
                _ => format!("- `sources.{key}` 是 `{url}`："),
            };
            assert!(runbook.contains(&there), "{there}");
        }
    }
    let (_, ran) = generated("install: native\nsources: {git_url: 'https://mirror.example/codewhale.git'}\n");
    assert!(!ran.stderr.contains("sources.git_url"), "{ran:#?}");
}

#[test]
fn the_table_of_releases_holds_pins_of_the_right_form() {
    for agent in AGENTS {
        for (at, release) in agent.releases.iter().enumerate() {
            let same = |other: &&Release| (other.version, other.mirror) == (release.version, release.mirror);
            let row = format!("{}, row {at}", agent.slug);
            assert_eq!(agent.releases.iter().filter(same).count(), 1, "{row} is there twice");
            assert!(agent.mirrors.iter().any(|mirror| mirror.slug == release.mirror), "{row}");
            for (download, pin) in release.pins {
                pins::check(*download, pin).unwrap_or_else(|error| panic!("{row}: {error}"));
            }
        }
    }
}

#[test]
fn what_is_known_of_a_release_counts_where_it_comes_from_the_mirror_itself() {
    let release = Release {
        version: "0.9.9",
        mirror: "github",
        pins: &[
            (Download::Image, IMAGE),
            (Download::Git, GIT),
            (Download::Binary(Architecture::X64), BINARY),
        ],
    };
    let own = Pins {
        git: Some(GIT.replace('1', "2")),
        ..Pins::default()
    };
    let moved = Sources {
        release_base_url: Some("https://mirror.example/releases".to_owned()),
        ..Sources::default()
    };
    let all = with_known(own.clone(), &release, &moved);
    assert_eq!(all.image.as_deref(), Some(IMAGE));
    assert_eq!(all.git, own.git, "the person's own comes first");
    assert_eq!(all.binary_x64, None, "another server may have another build");
    assert_eq!(with_known(own, &release, &Sources::default()).binary_x64.as_deref(), Some(BINARY));
}
