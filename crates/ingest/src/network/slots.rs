//! The columns of a network event.

use crate::slots::slots;

slots! {
    /// One end, below `source.`, `destination.`, `client.` or `server.`.
    EndpointSlots {
        address: "address",
        ip: "ip",
        port: "port",
        bytes: "bytes",
        packets: "packets",
        mac: "mac",
    }
}

slots! {
    EventSlots {
        action: "action",
        category: "category",
        created: "created",
        dataset: "dataset",
        duration: "duration",
        end: "end",
        id: "id",
        kind: "kind",
        module: "module",
        original: "original",
        outcome: "outcome",
        start: "start",
        types: "type",
    }
}

slots! {
    NetworkSlots {
        bytes: "bytes",
        community_id: "community_id",
        direction: "direction",
        iana_number: "iana_number",
        packets: "packets",
        protocol: "protocol",
        transport: "transport",
        version: "type",
    }
}

slots! {
    RelatedSlots {
        ip: "ip",
        hosts: "hosts",
    }
}

slots! {
    StreamSlots {
        dataset: "data_stream.dataset",
        namespace: "data_stream.namespace",
        ty: "data_stream.type",
        ecs_version: "ecs.version",
    }
}
