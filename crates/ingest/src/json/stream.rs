//! Which data stream a document belongs to.
//!
//! What the document says in `data_stream.*` counts first, then the index that it was exported from, then its data set.
//! Packetbeat calls its data sets `dns`, `http`, ...; Elastic Agent runs the same code as the integration
//! `network_traffic`, and under that name they are known here.

use schema::DataStream;

/// The paths that decide, in the order of [`Facts`].
pub const PATHS: [&str; 5] =
    ["data_stream.type", "data_stream.dataset", "data_stream.namespace", "event.dataset", "agent.type"];

/// What a document says about where it belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts<'d> {
    /// The values of [`PATHS`].
    pub values: [Option<&'d str>; PATHS.len()],
    /// `_index` of a bulk action or a search hit.
    pub index: Option<&'d str>,
}

/// The data set of documents that say nothing (as Elastic Agent calls it).
const UNKNOWN: &str = "generic";

pub fn of(facts: &Facts<'_>) -> DataStream {
    let [kind, dataset, namespace, event_dataset, agent] = facts.values;
    let namespace = namespace.unwrap_or("default");
    if let Some(dataset) = dataset {
        return DataStream::named(format!("{}-{dataset}-{namespace}", kind.unwrap_or("logs")));
    }
    if let Some(index) = facts.index {
        return DataStream::named(of_backing_index(index));
    }
    match (event_dataset, agent) {
        (Some(dataset), Some("packetbeat")) if !dataset.contains('.') => {
            DataStream::logs(&format!("network_traffic.{dataset}"), namespace)
        }
        (Some(dataset), _) => DataStream::logs(dataset, namespace),
        (None, Some(agent)) => DataStream::logs(agent, namespace),
        (None, None) => DataStream::logs(UNKNOWN, namespace),
    }
}

/// The data stream of a backing index: `.ds-NAME-2024.01.31-000001` (Elasticsearch, "Data streams", generation).
fn of_backing_index(index: &str) -> &str {
    let stream = || {
        let (rest, generation) = index.strip_prefix(".ds-")?.rsplit_once('-')?;
        let (name, date) = rest.rsplit_once('-')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        (digits(generation) && digits(date)).then_some(name)
    };
    stream().unwrap_or(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_named_as_elastic_names_them() {
        type Case<'c> = ([Option<&'c str>; 5], Option<&'c str>, &'c str);
        let cases: [Case<'_>; 7] = [
            ([None, Some("zeek.dns"), None, Some("x"), None], Some("i"), "logs-zeek.dns-default"),
            ([Some("metrics"), Some("a"), Some("prod"), None, None], None, "metrics-a-prod"),
            ([None; 5], Some(".ds-logs-zeek.dns-default-2024.01.31-000001"), "logs-zeek.dns-default"),
            ([None, None, None, Some("dns"), None], Some("packetbeat-8.11.0"), "packetbeat-8.11.0"),
            ([None, None, None, Some("dns"), Some("packetbeat")], None, "logs-network_traffic.dns-default"),
            ([None, None, None, Some("zeek.dns"), Some("filebeat")], None, "logs-zeek.dns-default"),
            ([None; 5], None, "logs-generic-default"),
        ];
        for (values, index, expected) in cases {
            assert_eq!(of(&Facts { values, index }).as_str(), expected);
        }
    }
}
