//! `install.sh` is made of fragments: what a part adds lands somewhere.

use std::collections::BTreeSet;
use std::fs;

use crate::common::{files_under, root};

fn names<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
    let rest = source.split(before).skip(1);
    rest.filter_map(|rest| rest.split([' ', '}']).next()).collect()
}

/// A misspelt block would be left out without a word.
#[test]
fn every_block_of_a_part_has_its_hook() {
    let folder = root().join("templates");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a template");
    let mut hooks = BTreeSet::new();
    let mut blocks = BTreeSet::new();
    let is_of_installer = |name: &&String| name.starts_with("install") || name.ends_with("/install.sh.tera");
    for name in files_under(&folder).iter().filter(is_of_installer) {
        let source = read(name);
        hooks.extend(names(&source, "{{ hooks.").into_iter().map(str::to_owned));
        blocks.extend(names(&source, "{% block ").into_iter().map(str::to_owned));
    }
    assert!(blocks.len() > 20, "{blocks:?}");
    assert_eq!(hooks, blocks);
}
