//! Parsers of Microsoft's Advanced Security Information Model: functions that give the events of one kind from all tables
//! that have them. Their filtering parameters are conditions on the columns of the model.
//!
//! Facts: "Filtering parser parameters" of each ASIM schema in Microsoft's documentation.

use super::ast::{Expr, Field, Label, Name};
use super::lower::{Env, Lowering, Rows};
use ir::{Case, CompareOp, Diagnostic, ExprKind, Pattern, PatternKind, StageKind, TermPlace, codes};

/// What a parameter asks of its columns; of several columns, one is enough.
#[derive(Clone, Copy)]
enum Asks {
    AtLeast,
    AtMost,
    Equals,
    /// One of a list.
    In,
    /// Some term of a list.
    HasAny,
    /// All terms of a list.
    HasAll,
    /// Some address of a list, or the beginning of one.
    AnyPrefix,
}

/// Each parameter with what it asks and of which columns.
const PARAMETERS: &[(&str, Asks, &[&str])] = &[
    ("actingprocess_has_any", Asks::HasAny, &["ActingProcessName"]),
    ("actorusername", Asks::HasAny, &["ActorUsername"]),
    ("actorusername_has", Asks::HasAny, &["ActorUsername"]),
    ("actorusername_has_any", Asks::HasAny, &["ActorUsername"]),
    ("commandline_has_all", Asks::HasAll, &["CommandLine"]),
    ("commandline_has_any", Asks::HasAny, &["CommandLine"]),
    ("commandline_has_any_ip_prefix", Asks::AnyPrefix, &["CommandLine"]),
    ("domain_has_any", Asks::HasAny, &["DnsQuery"]),
    ("dstipaddr_has_any_prefix", Asks::AnyPrefix, &["DstIpAddr"]),
    ("dstportnumber", Asks::Equals, &["DstPortNumber"]),
    ("dvcaction", Asks::In, &["DvcAction"]),
    ("dvchostname_has_any", Asks::HasAny, &["DvcHostname"]),
    ("dvcipaddr_has_any_prefix", Asks::AnyPrefix, &["DvcIpAddr"]),
    ("dvcname_has_any", Asks::HasAny, &["DvcHostname"]),
    ("endtime", Asks::AtMost, &["TimeGenerated"]),
    ("eventresult", Asks::Equals, &["EventResult"]),
    ("eventresultdetails_has_any", Asks::HasAny, &["EventResultDetails"]),
    ("eventresultdetails_in", Asks::In, &["EventResultDetails"]),
    ("eventtype", Asks::Equals, &["EventType"]),
    ("eventtype_has_any", Asks::HasAny, &["EventType"]),
    ("eventtype_in", Asks::In, &["EventType"]),
    ("hashes_has_any", Asks::HasAny, &["Hash"]),
    ("hostname_has_any", Asks::HasAny, &["SrcHostname", "DstHostname"]),
    ("httpuseragent_has_any", Asks::HasAny, &["HttpUserAgent"]),
    ("ipaddr_has_any_prefix", Asks::AnyPrefix, &["SrcIpAddr", "DstIpAddr"]),
    ("newvalue_has_any", Asks::HasAny, &["NewValue"]),
    ("object_has_any", Asks::HasAny, &["Object"]),
    ("operation_has_any", Asks::HasAny, &["Operation"]),
    ("parentprocess_has_any", Asks::HasAny, &["ParentProcessName"]),
    ("registrydata_has_any", Asks::HasAny, &["RegistryValueData"]),
    ("registrykey_has_any", Asks::HasAny, &["RegistryKey"]),
    ("registryvalue_has_any", Asks::HasAny, &["RegistryValue"]),
    ("registryvaluedata_has_any", Asks::HasAny, &["RegistryValueData"]),
    ("response_has_any_prefix", Asks::AnyPrefix, &["DnsResponseName"]),
    ("response_has_ipv4", Asks::HasAny, &["DnsResponseName"]),
    ("responsecodename", Asks::Equals, &["DnsResponseCodeName"]),
    ("srcfilepath_has_any", Asks::HasAny, &["SrcFilePath"]),
    ("srchostname_has_any", Asks::HasAny, &["SrcHostname"]),
    ("srcipaddr", Asks::Equals, &["SrcIpAddr"]),
    ("srcipaddr_has_any_prefix", Asks::AnyPrefix, &["SrcIpAddr"]),
    ("starttime", Asks::AtLeast, &["TimeGenerated"]),
    ("targetappname_has_any", Asks::HasAny, &["TargetAppName"]),
    ("targetfilepath_has_any", Asks::HasAny, &["TargetFilePath"]),
    ("targetprocess_has_any", Asks::HasAny, &["TargetProcessName"]),
    ("targetusername_has", Asks::HasAny, &["TargetUsername"]),
    ("targetusername_has_any", Asks::HasAny, &["TargetUsername"]),
    ("url_has_any", Asks::HasAny, &["Url"]),
    ("username_has_any", Asks::HasAny, &["ActorUsername", "TargetUsername"]),
];

/// Parameters that change how parsers work and not what they give.
const WITHOUT_MEANING: &[&str] = &["disabled", "pack"];

/// Whether a function is a parser by its name: `_Im_Dns`, `_ASim_Dns`, `imDns`, `ASimDns`, `vimDns...`.
pub(super) fn is_parser(name: &str) -> bool {
    let after = ["_Im_", "_ASim_", "im", "ASim", "vim"].iter().find_map(|prefix| name.strip_prefix(prefix));
    after.is_some_and(|after| after.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Adds what the arguments of a parser ask to its rows. Arguments that are not understood are said, whatever the function.
pub(super) fn filters<'a>(
    function: &Name,
    args: &'a [Field],
    rows: &mut Rows<'a>,
    env: &Env<'a>,
    lowering: &mut Lowering<'a>,
) {
    let parser = is_parser(&function.value);
    for arg in args {
        let name = match &arg.label {
            Label::Name(name) => name.value.as_str(),
            _ => "",
        };
        if let Some((_, asks, columns)) = PARAMETERS.iter().find(|(known, ..)| parser && *known == name) {
            let condition = condition(*asks, columns, &arg.expr, env, lowering);
            let span = condition.span;
            rows.push_at(StageKind::Filter(condition), span);
        } else if !WITHOUT_MEANING.contains(&name) {
            lowering.argument_values(&arg.expr, env);
            let message = format!("what this argument of `{}` asks for is not known", function.value);
            lowering.report(Diagnostic::loss(codes::UNREAD_CODE, message).at(arg.expr.span));
        }
    }
}

fn condition<'a>(
    asks: Asks,
    columns: &[&str],
    value: &'a Expr,
    env: &Env<'a>,
    lowering: &mut Lowering<'a>,
) -> ir::Expr {
    let span = value.span;
    let values = lowering.argument_values(value, env);
    let test = |column: &&str| {
        let field = ir::Expr::new(ExprKind::Field((*column).to_owned()), span);
        let kind = match asks {
            Asks::AtLeast => compare(CompareOp::GreaterOrEqual, field, &values, span),
            Asks::AtMost => compare(CompareOp::LessOrEqual, field, &values, span),
            Asks::Equals => compare(CompareOp::Equal, field, &values, span),
            Asks::In => ExprKind::In { value: Box::new(field), list: values.clone(), case: Case::Insensitive },
            Asks::HasAny => matches(field, &values, TermPlace::Whole),
            Asks::AnyPrefix => matches(field, &values, TermPlace::Start),
            Asks::HasAll => {
                let one = |value: &ir::Expr| {
                    let kind = matches(field.clone(), std::slice::from_ref(value), TermPlace::Whole);
                    ir::Expr::new(kind, value.span)
                };
                ExprKind::And(values.iter().map(one).collect())
            }
        };
        ir::Expr::new(kind, span)
    };
    let mut tests: Vec<_> = columns.iter().map(test).collect();
    match tests.len() {
        1 => tests.remove(0),
        _ => ir::Expr::new(ExprKind::Or(tests), span),
    }
}

fn compare(op: CompareOp, field: ir::Expr, values: &[ir::Expr], span: ir::Span) -> ExprKind {
    let right = values.first().cloned().unwrap_or(ir::Expr::new(ExprKind::Unread, span));
    let case = if op == CompareOp::Equal { Case::Insensitive } else { Case::Sensitive };
    ExprKind::Compare { op, left: Box::new(field), right: Box::new(right), case }
}

/// Values that are no constants are compared by a function.
fn matches(field: ir::Expr, values: &[ir::Expr], place: TermPlace) -> ExprKind {
    let pattern = |value: &ir::Expr| match &value.kind {
        ExprKind::Literal(ir::Literal::String(text)) => {
            let kind = PatternKind::Term { text: text.clone(), place };
            Some(Pattern { kind, case: Case::Insensitive, span: value.span })
        }
        _ => None,
    };
    match values.iter().map(pattern).collect() {
        Some(patterns) => ExprKind::Matches { value: Box::new(field), patterns },
        None => {
            let function = ir::Spanned { value: "kusto_has_any".to_owned(), span: field.span };
            let args = std::iter::once(field).chain(values.iter().cloned()).collect();
            ExprKind::Call { function, args, filter: None }
        }
    }
}
