//! Elastic's own documents against the list of fields: whatever their integrations write is a field here, and what they
//! write as an array may hold several values.

use schema::{domain, field};
use serde_json::Value;
use std::{env, fs, path::PathBuf};

/// Leaves of the documents that are no fields: points have no type here (see `data/README.md`).
const NO_FIELDS: [&str; 4] = [
    "destination.geo.location.lat",
    "destination.geo.location.lon",
    "source.geo.location.lat",
    "source.geo.location.lon",
];

#[test]
fn every_leaf_is_a_field() {
    for document in documents() {
        let mut leaves = Vec::new();
        collect_leaves(&document, String::new(), false, &mut leaves);
        assert!(!leaves.is_empty());
        for (name, in_array) in leaves {
            match field(&name) {
                Some(field) => assert!(field.many || !in_array, "{name} holds several values"),
                None => assert!(NO_FIELDS.contains(&name.as_str()), "{name} is not a field"),
            }
        }
    }
}

#[test]
fn registered_domains_are_equal() {
    for document in documents() {
        let question = &document["dns"]["question"];
        let Some(name) = question["name"].as_str() else { continue };
        // Packetbeat's own reading; the Windows DNS server's documents do without these fields.
        let private = !question["etld_plus_one"].is_null();
        if question["registered_domain"].is_null() {
            continue;
        }
        let parts = domain::split(name, private).unwrap_or_default();
        assert_eq!(parts.registered_domain, question["registered_domain"].as_str(), "{name}");
        assert_eq!(parts.subdomain, question["subdomain"].as_str(), "{name}");
        assert_eq!(parts.top_level_domain, question["top_level_domain"].as_str(), "{name}");
    }
}

fn collect_leaves(value: &Value, name: String, in_array: bool, leaves: &mut Vec<(String, bool)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                collect_leaves(value, name, in_array, leaves);
            }
        }
        Value::Array(values) => {
            for value in values {
                collect_leaves(value, name.clone(), true, leaves);
            }
        }
        _ => leaves.push((name, in_array)),
    }
}

/// The documents under `spec/ecs`: those of `{"expected": [...]}` files and whole sample events. None, with a notice,
/// where the reference material is not there.
fn documents() -> Vec<Value> {
    let shared = env::var_os("GANNET_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let Ok(folders) = fs::read_dir(shared.join("spec/ecs")) else {
        eprintln!("skipped: no reference material at {}", shared.display());
        return Vec::new();
    };
    let files =
        folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap()).map(|file| file.unwrap().path());
    let mut documents = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy();
        if !name.ends_with("expected.json") && name != "sample_event.json" {
            continue;
        }
        match serde_json::from_slice(&fs::read(&path).unwrap()).unwrap() {
            Value::Object(mut file) if file.contains_key("expected") => match file.remove("expected") {
                Some(Value::Array(expected)) => documents.extend(expected.into_iter().filter(Value::is_object)),
                other => panic!("{}: {other:?}", path.display()),
            },
            whole => documents.push(whole),
        }
    }
    assert!(documents.len() > 10, "{} documents", documents.len());
    documents
}
