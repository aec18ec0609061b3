//! Every technique and tactic that the rules of the corpora name is in the tables.

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn every_technique_and_tactic_of_the_corpora_is_known() {
    let Ok(shared) = std::env::var("GANNET_SHARED") else {
        println!("skipped: GANNET_SHARED is not set");
        return;
    };
    let (mut named, mut unknown) = (0, BTreeSet::new());
    for corpus in ["sigma", "elastic", "splunk"] {
        for_each_file(&Path::new(&shared).join("corpora").join(corpus), &mut |text| {
            for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))) {
                let id = word.strip_prefix("attack.").unwrap_or(word);
                let known = if is_technique(id) {
                    schema::attack::technique(id).is_some()
                } else if is_tactic(word, id) {
                    schema::attack::tactic(id).is_some()
                } else {
                    continue;
                };
                named += 1;
                if !known {
                    unknown.insert(id.to_owned());
                }
            }
        });
    }
    assert!(named > 20_000, "only {named} techniques and tactics were seen");
    assert_eq!(unknown, BTreeSet::new());
}

fn for_each_file(directory: &Path, see: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            for_each_file(&path, see);
        } else if path.extension().is_some_and(|ending| ending == "yml" || ending == "toml") {
            see(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// `T1071`, `t1071.004`, `AML.T0051`, `AML.T0010.003`
fn is_technique(word: &str) -> bool {
    let (atlas, number) = word.strip_prefix("AML.").map_or((false, word), |number| (true, number));
    number.strip_prefix(['T', 't']).is_some_and(|number| {
        // Elastic's tags call techniques of ATLAS `T0051`, as if there were no other matrix.
        (atlas || !number.starts_with('0'))
            && match number.split_once('.') {
                Some((technique, part)) => is_number(technique, 4) && is_number(part, 3),
                None => is_number(number, 4),
            }
    })
}

/// `TA0011`, or a Sigma tag such as `attack.command-and-control` (but not of a group, a tool or a data source).
fn is_tactic(word: &str, id: &str) -> bool {
    let tag = word.len() > id.len() && id.contains(['-', '_']);
    tag || id.strip_prefix("TA").is_some_and(|number| is_number(number, 4))
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}
