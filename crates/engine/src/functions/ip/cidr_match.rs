//! `CIDR_MATCH(ip, block1, block2, ...)`.

use super::block::Block;
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter, ip::address},
    types::ColumnType,
};
use arrow::array::{Array, AsArray, BooleanArray};
use ir::Diagnostic;
use schema::Type;
use std::{net::IpAddr, sync::Arc};

pub struct CidrMatch;

static DOC: Doc = Doc {
    name: "cidr_match",
    summary: "Whether an address lies in one of some blocks, given in CIDR notation; a block without a prefix length is one address.",
    parameters: &[
        Parameter::required("ip", "ip", "The address."),
        Parameter::required("blockX", "keyword, text", "A block such as `10.0.0.0/8` or `fe80::/10`."),
    ],
    returns: "boolean",
    examples: &[Example {
        query: r#"ROW b = CIDR_MATCH(TO_IP("10.1.2.3"), "192.168.0.0/16", "10.0.0.0/8")"#,
        rows: &["true"],
    }],
};

impl Function for CidrMatch {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, usize::MAX)?;
        let mut inputs = vec![call.one(0, Kind::Ip)?];
        let mut constants = Vec::new();
        for at in 1..call.args.len() {
            // A null block matches nothing, and does not make the answer null.
            call.expect(at, Kind::String)?;
            inputs.push(crate::functions::Input::One(Type::Keyword));
            constants.push(match call.constant_str(at) {
                Some(block) => Some(Block::parse(block).map_err(|why| call.bad_value(at, why.to_string()))?),
                None => None,
            });
        }
        Ok(Bound::new(ColumnType::one(Type::Boolean), inputs, move |args, evaluation| {
            let addresses = args[0].as_string_view();
            let answers = (0..evaluation.rows).map(|row| {
                let address = addresses.is_valid(row).then(|| address::parse(addresses.value(row))).flatten()?;
                let varying = |at: usize, row: usize| -> Option<Result<bool, crate::warning::Reason>> {
                    let blocks = args[at + 1].as_string_view();
                    let block = blocks.is_valid(row).then(|| blocks.value(row))?;
                    Some(Block::parse(block).map(|block| block.contains(address)))
                };
                any(&constants, address, |at| varying(at, row)).and_then(|answer| evaluation.check(answer))
            });
            Ok(Arc::new(answers.collect::<BooleanArray>()))
        }))
    }
}

/// Whether one of the blocks holds the address: of the constants first, then of those that `varying` reads.
fn any(
    constants: &[Option<Block>],
    address: IpAddr,
    varying: impl Fn(usize) -> Option<Result<bool, crate::warning::Reason>>,
) -> Option<Result<bool, crate::warning::Reason>> {
    if constants.iter().flatten().any(|block| block.contains(address)) {
        return Some(Ok(true));
    }
    for at in (0..constants.len()).filter(|at| constants[*at].is_none()) {
        match varying(at) {
            Some(Ok(false)) | None => {}
            decided => return decided,
        }
    }
    Some(Ok(false))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            cidr_match(ip"10.1.2.3", "10.0.0.0/8") => true
            cidr_match(ip"10.1.2.3", "192.168.0.0/16", "10.1.2.3") => true
            cidr_match(ip"10.1.2.3", "192.168.0.0/16") => false
            cidr_match(ip"10.1.2.3", "0.0.0.0/0") => true
            cidr_match(ip"fe80::1", "fe80::/10") => true
            cidr_match(ip"fe80::1", "0.0.0.0/0") => false
            cidr_match(ip"10.1.2.3", "::/0") => true
            cidr_match([ip"10.1.2.3", ip"::1"], "::/0") => null ! several values
            cidr_match(null, "::/0") => null
            cidr_match(ip"10.1.2.3") => refused
            cidr_match(1, "::/0") => refused
            "##,
        );
    }
}
