//! `NETWORK_DIRECTION(source_ip, destination_ip, internal_networks)`.

use super::network::Network;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, ip::address, lists},
    types::ColumnType,
};
use arrow::array::{AsArray, StringViewArray};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct NetworkDirection;

static DOC: Doc = Doc {
    name: "network_direction",
    summary: "The direction of traffic: `inbound`, `outbound`, `internal` or `external`, by which of the two addresses lie in the given networks.",
    parameters: &[
        Parameter::required("source_ip", "ip, keyword", "The address that traffic comes from."),
        Parameter::required("destination_ip", "ip, keyword", "The address that it goes to."),
        Parameter::required(
            "internal_networks",
            "keyword, text",
            "The internal networks: blocks in CIDR notation, or the names `loopback`, `unicast`, `multicast`, `interface_local_multicast`, `link_local_multicast`, `link_local_unicast`, `private`, `public` and `unspecified`; `!` before one takes its opposite.",
        ),
    ],
    returns: "keyword",
    examples: &[Example {
        query: r#"ROW d = NETWORK_DIRECTION("10.1.2.3", "8.8.8.8", ["private"])"#,
        rows: &["outbound"],
    }],
};

impl Function for NetworkDirection {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(3, 3)?;
        let mut inputs = Vec::with_capacity(3);
        for at in 0..2 {
            let ty = call.ty(at).ty;
            inputs.push(if ty.is_string() { Input::One(ty) } else { call.one(at, Kind::Ip)? });
        }
        call.expect(2, Kind::String)?;
        inputs.push(if call.ty(2).ty == Type::Null { Input::One(Type::Null) } else { Input::Many(Type::Keyword) });
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, _| {
            let pairs = args[0].as_string_view().iter().zip(args[1].as_string_view());
            let list = args[2].as_list::<i32>();
            let names = list.values().as_string_view();
            let mut known: Option<(Vec<&str>, Vec<Network>)> = None;
            let directions = pairs.zip(lists::rows(list)).map(|((source, destination), row)| {
                let (source, destination) = (address::parse(source?)?, address::parse(destination?)?);
                let wanted: Vec<&str> = row?.map(|at| names.value(at)).collect();
                // Rows mostly share the networks: they are read again only where they change.
                if known.as_ref().is_none_or(|(names, _)| *names != wanted) {
                    let networks = wanted.iter().filter_map(|name| Network::parse(name)).collect();
                    known = Some((wanted, networks));
                }
                let networks = known.as_ref().map_or(&[][..], |(_, networks)| networks);
                let internal = |ip| networks.iter().any(|network| network.contains(ip));
                Some(match (internal(source), internal(destination)) {
                    (true, true) => "internal",
                    (true, false) => "outbound",
                    (false, true) => "inbound",
                    (false, false) => "external",
                })
            });
            Ok(Arc::new(directions.collect::<StringViewArray>()))
        }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            network_direction(ip"10.1.2.3", ip"8.8.8.8", ["private"]) => outbound
            network_direction("8.8.8.8", "10.1.2.3", "10.0.0.0/8") => inbound
            network_direction("10.1.2.3", "192.168.1.1", "private") => internal
            network_direction("8.8.8.8", "1.1.1.1", ["private", "loopback"]) => external
            network_direction("8.8.8.8", "127.0.0.1", "!private") => internal
            network_direction(null, "1.1.1.1", "private") => null
            network_direction("host", ip"1.1.1.1", "private") => null
            "##,
        );
    }
}
