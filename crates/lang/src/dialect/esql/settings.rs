//! `SET name = value;` before a query.
//!
//! A setting whose value is what Gannet does anyway is accepted; any other would change results, so it is refused.
//! Fact: "SET directive" in the ES|QL reference.

use super::ast::Setting;
use super::lower::Lowering;
use ir::{Diagnostic, Literal, UnknownFields, codes};

/// Spellings of the only time zone that is used.
const UTC: &[&str] = &["UTC", "Z", "GMT", "+00:00", "Etc/UTC"];

/// What the setting says of unknown fields, if that is what it is about.
pub(super) fn lower(setting: &Setting, lowering: &Lowering<'_>) -> Result<Option<UnknownFields>, Diagnostic> {
    let name = lowering.name(&setting.name)?.value.to_ascii_lowercase();
    let value = match lowering.constant(&setting.value)? {
        Literal::String(value) => value,
        _ => String::new(),
    };
    let refuse = |hint: &str| {
        let message = format!("this value of the setting `{name}` is not supported");
        Err(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(setting.value.span).hint(hint))
    };
    match name.as_str() {
        "unmapped_fields" => match value.to_ascii_lowercase().as_str() {
            "fail" | "default" => Ok(Some(UnknownFields::Refused)),
            "nullify" => Ok(Some(UnknownFields::Null)),
            _ => refuse("supported are `\"fail\"` and `\"nullify\"`"),
        },
        "time_zone" if UTC.iter().any(|utc| utc.eq_ignore_ascii_case(&value)) => Ok(None),
        "time_zone" => refuse("times are in UTC; `DATE_FORMAT` and arithmetic give others"),
        _ => {
            let message = format!("the setting `{name}` is not supported");
            let hint = "supported are `unmapped_fields` and `time_zone`";
            Err(Diagnostic::refusal(codes::UNSUPPORTED_COMMAND, message).at(setting.name.span).hint(hint))
        }
    }
}
