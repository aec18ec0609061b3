//! DNS code points and their mnemonics, by IANA's registry "Domain Name System (DNS) Parameters".
//!
//! Known numbers give a static string, so that decoding a packet allocates nothing. For unknown ones: types and classes
//! read as RFC 3597 writes them (`TYPE65534`, `CLASS65`), where Packetbeat prints the bare number; response codes and
//! opcodes read as Packetbeat prints them. `data/README.md` lists where Packetbeat's names differ.

use crate::code_points::{CLASSES, OPCODES, RCODES, RR_TYPES, mnemonic};
use std::borrow::Cow;

/// The mnemonic of a resource record type: `A`, `HTTPS`, `TYPE65534`.
pub fn rr_type_name(number: u16) -> Cow<'static, str> {
    known_or(RR_TYPES, number, || format!("TYPE{number}"))
}

/// The number of a resource record type by its mnemonic in any case, or by RFC 3597's `TYPE65534`.
pub fn rr_type_number(name: &str) -> Option<u16> {
    match RR_TYPES.iter().find(|(_, mnemonic)| mnemonic.eq_ignore_ascii_case(name)) {
        Some((number, _)) => Some(*number),
        None => name.get(..4).filter(|head| head.eq_ignore_ascii_case("TYPE")).and_then(|_| decimal(&name[4..])),
    }
}

/// The mnemonic of a class: `IN`, `CH`, `CLASS65`.
pub fn class_name(number: u16) -> Cow<'static, str> {
    known_or(CLASSES, number, || format!("CLASS{number}"))
}

/// The mnemonic of a response code, the EDNS extension included, in capitals: `NOERROR`, `NXDOMAIN`, `BADVERS`,
/// `Unknown 3841`.
pub fn rcode_name(number: u16) -> Cow<'static, str> {
    known_or(RCODES, number, || format!("Unknown {number}"))
}

/// The mnemonic of an opcode: `QUERY`, `UPDATE`, `7`.
pub fn opcode_name(number: u8) -> Cow<'static, str> {
    known_or(OPCODES, number.into(), || number.to_string())
}

fn known_or(table: &'static [(u16, &'static str)], number: u16, unknown: impl FnOnce() -> String) -> Cow<'static, str> {
    mnemonic(table, number).map_or_else(|| Cow::Owned(unknown()), Cow::Borrowed)
}

/// A decimal number of digits only: `parse` alone would take a sign.
fn decimal(digits: &str) -> Option<u16> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_the_names_of_the_registry() {
        for (number, name) in
            [(1, "A"), (10, "NULL"), (16, "TXT"), (28, "AAAA"), (65, "HTTPS"), (255, "ANY"), (32769, "DLV")]
        {
            assert_eq!(rr_type_name(number), name);
            assert_eq!(rr_type_number(name), Some(number));
        }
        assert!(matches!(rr_type_name(65), Cow::Borrowed("HTTPS")));
    }

    #[test]
    fn every_type_has_a_name_that_leads_back_to_it() {
        for number in 0..=u16::MAX {
            assert_eq!(rr_type_number(&rr_type_name(number)), Some(number));
        }
    }

    #[test]
    fn a_type_is_named_in_any_case() {
        assert_eq!(rr_type_number("aaaa"), Some(28));
        assert_eq!(rr_type_number("type65534"), Some(65534));
        for wrong in ["", "TYP", "TYPE", "TYPE65536", "TYPE+1", "TYPE 1", "typé1", "ééé"] {
            assert_eq!(rr_type_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_other_codes() {
        assert_eq!([class_name(1), class_name(255), class_name(65)], ["IN", "ANY", "CLASS65"]);
        assert_eq!([rcode_name(0), rcode_name(3), rcode_name(16)], ["NOERROR", "NXDOMAIN", "BADVERS"]);
        assert_eq!(rcode_name(3841), "Unknown 3841");
        assert_eq!([opcode_name(0), opcode_name(5), opcode_name(7)], ["QUERY", "UPDATE", "7"]);
    }
}
