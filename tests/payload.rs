//! What travels to a machine: the host files without comments, small, and all or nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use remote_setup::inputs::Spec;
use remote_setup::render::{compacted, host_hashes, render, sha256};

use crate::common::{Ran, World, examples, file, passes, resolve, spec};

/// The same script with one character of the packed files changed.
pub fn damaged(script: &str) -> String {
    let middle = script.find("<<'PACKED.'\n").expect("packed files") + 500;
    let other = if script.as_bytes()[middle] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &script[..middle], &script[middle + 1..])
}

/// What bash makes of a script: its own print of the parsed commands.
fn as_bash_reads_it(script: &str) -> String {
    let world = World::new();
    let wrapped = world.write("wrapped.sh", &format!("script() {{\n{script}\n}}\ndeclare -f script\n"));
    passes(Command::new("bash").arg(wrapped))
}

#[test]
fn scripts_travel_with_every_command_and_no_comment() {
    let mut seen = 0;
    for (name, _, deployment) in examples() {
        let hashes = host_hashes(&deployment).expect("renders");
        for file in render(&deployment).expect("renders") {
            let Some(hash) = hashes.get(&file.path) else { continue };
            let travels = compacted(&file.path, &file.contents);
            assert_eq!(hash, &sha256(travels.as_bytes()), "{name}: {}", file.path);
            if file.path.ends_with(".sh") {
                let read = as_bash_reads_it(&travels);
                assert_eq!(as_bash_reads_it(&file.contents), read, "{name}: {}", file.path);
                // What bash prints is text of a here-document.
                let is_left = |line: &&str| {
                    (line.is_empty() && !read.contains("<<"))
                        || line.trim().starts_with("# ") && !read.contains(line.trim())
                };
                let left: Vec<_> = travels.lines().filter(is_left).collect();
                assert_eq!(left, [""; 0], "{name}: {}", file.path);
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

/// Each line with `kept` is no comment, whatever it looks like.
const SHELL: &str = r##"#!/bin/bash
# gone
A='# kept 1
# kept 2

 # kept 3'
B="$(printf '%s' "# kept 4
# kept 5")" # stays: it is no line of its own
# gone: an apostrophe's no quote here, nor "that, nor <<EOF
cat <<'EOF' | tr a-z A-Z
# kept 6

$(un'closed
EOF
cat <<-EOF; cat <<"OTHER"
	# kept 7 ${A#*x} $(echo ")")
	EOF
# kept 8
OTHER
C=${A#*x} D=${#A} E=$# F=$((1 << 2)) G=$'it\'s # one
# kept 9'
H="${A//\"/q}" I="${A#\#}"

  # gone
case $A in
  # gone
  x) echo "a \" # b
# kept 10" ;;
esac
printf '%s\n' one \
  # kept 11
J=$(
  # gone
  cat <<<"# no document"
  (echo 'x')
)
# gone
echo a#b "$J" <<< word
"##;

#[test]
fn what_only_looks_like_a_comment_stays() {
    let travels = compacted("some.sh", SHELL);
    assert!(!travels.contains("gone"), "{travels}");
    for number in 1..=11 {
        assert!(travels.contains(&format!("# kept {number}")), "{number}: {travels}");
    }
    assert_eq!(as_bash_reads_it(SHELL), as_bash_reads_it(&travels));
    assert_eq!(compacted("some.sh", &travels), travels);

    let unit = "# gone\n; gone\n\n[Service]\nExecStart=/bin/x \\\n  # kept\n  y\nEnvironment=A=#1\n";
    assert_eq!(
        compacted("x.service", unit),
        "[Service]\nExecStart=/bin/x \\\n  # kept\n  y\nEnvironment=A=#1\n"
    );
    assert_eq!(compacted("x.env", "# gone\n\nA=#b\n B=1\n"), "A=#b\n B=1\n");
    let docker = "# syntax=docker/dockerfile:1\n# gone\nFROM x\nRUN a \\\n # kept\n && b\n";
    assert_eq!(
        compacted("Dockerfile", docker),
        "# syntax=docker/dockerfile:1\nFROM x\nRUN a \\\n # kept\n && b\n"
    );
    // Where a string may go on over lines, nothing is left out; what is not known, neither.
    for (path, text) in [
        ("x.conf", "# a\nreturn 200 \"x\n# kept\";\n"),
        ("x.toml", "# a\nx = \"\"\"\n# kept\n\"\"\"\n"),
        ("Dockerfile", "# a\nRUN <<EOF\n# kept\nEOF\n"),
        ("x.json", "# a\n"),
        ("noending", "# a\n"),
    ] {
        assert_eq!(compacted(path, text), text, "{path}");
    }
    assert_eq!(compacted("x.nft", "# a's\nchain x { }\n"), "chain x { }\n");
}

fn extract(script: &Path, folder: &Path) -> Ran {
    Ran::of(Command::new("sh").arg(script).arg("--extract").arg(folder))
}

/// Packs again what is packed in a script, after a change in Python to `files`.
fn repacked(script: &str, change: &str) -> String {
    let world = World::new();
    let path = world.write("script", script);
    let program = format!(
        "import base64, sys, zlib\n\
         script = open(sys.argv[1]).read()\n\
         before, rest = script.split(\"<<'PACKED.'\\n\")\n\
         packed, after = rest.split(\"\\nPACKED.\\n\")\n\
         first = zlib.decompressobj()\n\
         programs = first.decompress(base64.b85decode(packed.replace(\"\\n\", \"\")))\n\
         settings = zlib.decompressobj(zdict=programs[-32768:]).decompress(first.unused_data)\n\
         files = {{}}\n\
         for piece in (settings + programs).decode().split(\"\\x1e\"):\n    \
             name, text = piece.split(\"\\n\", 1)\n    \
             files[name] = files.get(name, \"\") + text\n\
         {change}\n\
         whole = \"\\x1e\".join(name + \"\\n\" + text for name, text in files.items()).encode()\n\
         nothing = zlib.compressobj(zdict=whole[-32768:])\n\
         packed = base64.b85encode(zlib.compress(whole) + nothing.flush()).decode()\n\
         sys.stdout.write(before + \"<<'PACKED.'\\n\" + packed + \"\\nPACKED.\\n\" + after)\n"
    );
    passes(Command::new("python3").args(["-c", &program]).arg(path))
}

/// The script is trusted; what it holds is trusted only as the whole that it names.
#[test]
fn what_is_not_the_packed_whole_is_refused() {
    let world = World::new();
    let whole = file(
        &resolve(&Spec {
            cloud: Some("lighthouse".to_owned()),
            ..spec()
        }),
        "bootstrap.sh",
    );
    let same = world.write("same.sh", &repacked(&whole, "pass"));
    extract(&same, &world.path("same")).ok();
    let outside = world.path("outside");
    let link = format!("files[\"{}\"] = \"x\"", outside.display());
    let mut cases = vec![("one character changed".to_owned(), damaged(&whole))];
    for (what, change) in [
        ("a missing file", "del files[\"deliver.sh\"]"),
        ("an extra file", "files[\"extra.sh\"] = \"x\""),
        ("a hidden file", "files[\".profile\"] = \"x\""),
        ("another file", "files[\"install.sh\"] += \"#\""),
        (
            "two files changed over",
            "files[\"runtime.env\"], files[\"config.toml\"] = files[\"config.toml\"], files[\"runtime.env\"]",
        ),
        ("a name upwards", "files[\"../outside\"] = \"x\""),
        ("a name from the root", &link),
        ("a name with a folder", "files[\"a/b\"] = \"x\""),
        ("no files", "files = {}"),
    ] {
        cases.push((what.to_owned(), repacked(&whole, change)));
    }
    for at in (0..12_000).step_by(1171) {
        let from = whole.find("<<'PACKED.'\n").expect("packed files") + 12 + at;
        cases.push((format!("cut at {at}"), format!("{}{}", &whole[..from], &whole[from + 1..])));
    }
    for (what, script) in cases {
        let script = world.write("bad.sh", &script);
        let ran = extract(&script, &world.path("unpacked"));
        assert_eq!(ran.code, 1, "{what}: {ran:#?}");
        assert!(ran.stderr.contains("damaged in transit"), "{what}: {ran:#?}");
        assert!(!world.path("unpacked").exists(), "{what}");
        assert!(!outside.exists(), "{what}");
    }
    // A folder with something in it is not written to.
    fs::create_dir(world.path("there")).expect("a folder");
    let ran = extract(&same, &world.path("there"));
    assert!(ran.code == 1 && ran.stderr.contains("File exists"), "{ran:#?}");
}
