//! Distinguished names of certificates, and the fields of their attributes.
//!
//! Zeek writes `CN=R3,O=Let's Encrypt\, Inc.,C=US`, Suricata `C=US, O=Let's Encrypt, Inc., CN=R3`.

use crate::{EventBatch, Projection, Slot};

/// Attributes of a name, and what they are called below `x509.issuer` and below the fields of a sensor.
const ATTRIBUTES: [(&str, &str, &str); 6] = [
    ("C", "country", "country"),
    ("CN", "common_name", "common_name"),
    ("L", "locality", "locality"),
    ("O", "organization", "organization"),
    ("OU", "organizational_unit", "organizational_unit"),
    ("ST", "state_or_province", "state"),
];

/// The columns of one name.
pub struct NameSlots {
    whole: Option<Slot>,
    attributes: Vec<(&'static str, Slot)>,
}

impl NameSlots {
    /// `whole` is the field of the name, `above` the fields that its attributes are below.
    pub fn new(whole: &str, above: &[&str], projection: &Projection) -> Self {
        let attributes = below(above).filter_map(|(key, name)| Some((key, projection.slot(&name)?))).collect();
        NameSlots { whole: projection.slot(whole), attributes }
    }

    pub fn names<'n>(whole: &'n str, above: &'n [&'n str]) -> impl Iterator<Item = String> + 'n {
        std::iter::once(whole.to_owned()).chain(below(above).map(|(_, name)| name))
    }

    pub fn write(&self, name: &str, batch: &mut EventBatch) {
        batch.set_str(self.whole, &name.replace("\\,", ""));
        if self.attributes.is_empty() {
            return;
        }
        for (key, value) in attributes(name) {
            for (_, slot) in self.attributes.iter().filter(|(known, _)| *known == key) {
                batch.set_str(Some(*slot), &value);
            }
        }
    }
}

fn below<'n>(above: &'n [&'n str]) -> impl Iterator<Item = (&'static str, String)> + 'n {
    above.iter().flat_map(|above| {
        ATTRIBUTES.iter().map(move |(key, canonical, own)| {
            let name = if above.contains("x509") { canonical } else { own };
            (*key, format!("{above}.{name}"))
        })
    })
}

/// The attributes of a name, in order. A comma that no attribute follows belongs to the value; an escaped one is left
/// out of it, as Elastic's integrations do.
fn attributes(name: &str) -> Vec<(&str, String)> {
    let mut attributes: Vec<(&str, String)> = Vec::new();
    for part in name.split(',') {
        let key = part.trim_start().split_once('=').filter(|(key, _)| is_key(key));
        match (key, attributes.last_mut()) {
            (Some((key, value)), last) if !last.as_ref().is_some_and(|(_, value)| value.ends_with('\\')) => {
                attributes.push((key, value.to_owned()));
            }
            (_, Some((_, value))) => {
                if value.ends_with('\\') {
                    value.pop();
                } else {
                    value.push(',');
                }
                value.push_str(part);
            }
            _ => {}
        }
    }
    attributes
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_in_the_writing_of_each_sensor() {
        for (name, expected) in [
            (
                "CN=*.x,O=Elasticsearch\\, Inc.,L=Mountain View",
                [("CN", "*.x"), ("O", "Elasticsearch Inc."), ("L", "Mountain View")],
            ),
            ("C=US, O=Let's Encrypt, Inc., CN=R3", [("C", "US"), ("O", "Let's Encrypt, Inc."), ("CN", "R3")]),
        ] {
            assert_eq!(attributes(name), expected.map(|(key, value)| (key, value.to_owned())));
        }
        assert!(attributes("no name").is_empty());
    }
}
