//! `IP_PREFIX(ip, prefixLengthV4, prefixLengthV6)`.

use super::block::mask;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, ip::address},
    types::ColumnType,
    warning::Reason,
};
use arrow::{
    array::{Array, AsArray, StringViewArray},
    datatypes::Int32Type,
};
use ir::Diagnostic;
use schema::Type;
use std::{net::IpAddr, sync::Arc};

pub struct IpPrefix;

static DOC: Doc = Doc {
    name: "ip_prefix",
    summary: "An address with all bits past a prefix cleared.",
    parameters: &[
        Parameter::required("ip", "ip", "The address."),
        Parameter::required("prefixLengthV4", "integer", "The length of the prefix of an IPv4 address: 0 to 32."),
        Parameter::required("prefixLengthV6", "integer", "The length of the prefix of an IPv6 address: 0 to 128."),
    ],
    returns: "ip",
    examples: &[Example { query: r#"ROW x = IP_PREFIX(TO_IP("1.2.3.4"), 24, 0)"#, rows: &["1.2.3.0"] }],
};

impl Function for IpPrefix {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(3, 3)?;
        let inputs = [call.one(0, Kind::Ip)?, call.one(1, Kind::Integer)?, call.one(2, Kind::Integer)?];
        Ok(Bound::new(ColumnType::one(Type::Ip), inputs, |args, evaluation| {
            let addresses = args[0].as_string_view();
            let (v4, v6) = (args[1].as_primitive::<Int32Type>(), args[2].as_primitive::<Int32Type>());
            let prefixes = (0..evaluation.rows).map(|row| {
                if addresses.is_null(row) || v4.is_null(row) || v6.is_null(row) {
                    return None;
                }
                let address = address::parse(addresses.value(row))?;
                evaluation.check(prefix(address, v4.value(row), v6.value(row))).map(|prefix| prefix.to_string())
            });
            Ok(Arc::new(prefixes.collect::<StringViewArray>()))
        }))
    }
}

fn prefix(address: IpAddr, v4: i32, v6: i32) -> Result<IpAddr, Reason> {
    let v4_bits = length(v4, 32)?;
    let v6_bits = length(v6, 128)?;
    let kept = if address.is_ipv4() { 96 + v4_bits } else { v6_bits };
    Ok(address::from_bits(u128::from_be_bytes(address::bytes(address)) & mask(kept)))
}

fn length(length: i32, bits: u32) -> Result<u32, Reason> {
    let version = if bits == 32 { "v4" } else { "v6" };
    u32::try_from(length).ok().filter(|length| *length <= bits).ok_or_else(|| {
        Reason::Argument(format!("Prefix length {version} must be in range [0, {bits}], found {length}"))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            ip_prefix(ip"1.2.3.4", 24, 0) => 1.2.3.0
            ip_prefix(ip"1.2.3.4", 0, 0) => 0.0.0.0
            ip_prefix(ip"fe80::cae2:65ff:fece:feb9", 0, 112) => fe80::cae2:65ff:fece:0
            ip_prefix(ip"1.2.3.4", 33, 0) => null ! Prefix length v4 must be in range [0, 32], found 33
            ip_prefix(ip"1.2.3.4", 24, -1) => null ! Prefix length v6 must be in range [0, 128], found -1
            ip_prefix(null, 24, 0) => null
            "##,
        );
    }
}
