//! Functions of values. Those of one text go through every value of a list.

use ir::BinaryOp;
use serde_json::Value;

pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        _ => None,
    }
}

pub fn cast(value: &Value, to: &str) -> Option<Value> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => None,
    }?;
    Some(if to == "long" { Value::from(number.trunc() as i64) } else { Value::from(number) })
}

pub fn arithmetic(op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
    let (left, right) = (left.as_f64()?, right.as_f64()?);
    Some(Value::from(match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide => left / right,
        BinaryOp::Remainder => left % right,
    }))
}

pub fn call(function: &str, args: &[Value]) -> Option<Value> {
    let first = args.first()?;
    let int = |at: usize| args.get(at).and_then(Value::as_i64);
    Some(match function {
        "is_string" => Value::from(first.is_string()),
        "is_list" => Value::from(first.is_array()),
        "is_object" => Value::from(first.is_object()),
        "is_number" => Value::from(first.is_number()),
        "is_ip" => Value::from(first.as_str().is_some_and(|text| text.parse::<std::net::IpAddr>().is_ok())),
        "mv_first" => first.as_array().map_or(Some(first), |items| items.first())?.clone(),
        "mv_last" => first.as_array().map_or(Some(first), |items| items.last())?.clone(),
        "parse_json" => match first {
            Value::String(text) => serde_json::from_str(text).ok()?,
            other => other.clone(),
        },
        "same_values" => {
            let (left, right) = (first.as_array()?, args.get(1)?.as_array()?);
            Value::from(left.iter().all(|item| right.contains(item)) && right.iter().all(|item| left.contains(item)))
        }
        "is_boolean" => Value::from(first.is_boolean()),
        "size" | "length" => Value::from(match first {
            Value::Array(items) => items.len(),
            Value::Object(fields) => fields.len(),
            other => text(other)?.chars().count(),
        }),
        "element_at" => match first {
            Value::Array(items) => items.get(place(int(1)?, items.len())?)?.clone(),
            other => {
                let characters: Vec<char> = text(other)?.chars().collect();
                Value::from(characters.get(place(int(1)?, characters.len())?)?.to_string())
            }
        },
        "slice" => match first {
            Value::Array(items) => {
                let (from, to) = bounds(int(1), int(2), items.len());
                Value::Array(items.get(from..to.max(from))?.to_vec())
            }
            other => {
                let characters: Vec<char> = text(other)?.chars().collect();
                let (from, to) = bounds(int(1), int(2), characters.len());
                Value::from(characters.get(from..to.max(from))?.iter().collect::<String>())
            }
        },
        "join_text" => {
            let parts: Option<Vec<String>> = first.as_array()?.iter().map(text).collect();
            Value::from(parts?.join(args.get(1)?.as_str()?))
        }
        "abs" => Value::from(first.as_f64()?.abs()),
        _ => match first {
            Value::Array(items) => {
                let each = items.iter().filter_map(|item| {
                    let mut args = args.to_vec();
                    args[0] = item.clone();
                    call(function, &args)
                });
                Value::Array(each.collect())
            }
            _ => of_text(function, &text(first)?, args)?,
        },
    })
}

fn of_text(function: &str, first: &str, args: &[Value]) -> Option<Value> {
    let second = args.get(1).and_then(text);
    let operand = second.as_deref();
    Some(match function {
        "to_lower" => Value::from(first.to_lowercase()),
        "to_upper" => Value::from(first.to_uppercase()),
        "trim" => Value::from(strip(first, operand, true, true)),
        "ltrim" => Value::from(strip(first, operand, true, false)),
        "rtrim" => Value::from(strip(first, operand, false, true)),
        "concat" => Value::from(format!("{first}{}", operand?)),
        "contains" => Value::from(first.contains(operand?)),
        "starts_with" => Value::from(first.starts_with(operand?)),
        "ends_with" => Value::from(first.ends_with(operand?)),
        "replace_text" => Value::from(first.replace(operand?, &args.get(2).and_then(text)?)),
        "remove_prefix" => Value::from(first.strip_prefix(operand?).unwrap_or(first)),
        "remove_suffix" => Value::from(first.strip_suffix(operand?).unwrap_or(first)),
        "count_text" => Value::from(first.matches(operand?).count()),
        "find_text" => Value::from(first.find(operand?).map_or(-1, |at| at as i64)),
        "split_text" => {
            let limit = args.get(2).and_then(Value::as_u64).map_or(usize::MAX, |limit| limit as usize + 1);
            let parts: Vec<&str> = match operand {
                Some(separator) => first.splitn(limit, separator).collect(),
                None => first.split_whitespace().collect(),
            };
            Value::from(parts)
        }
        "split_text_from_end" => {
            let limit = args.get(2).and_then(Value::as_u64)? as usize + 1;
            let mut parts: Vec<&str> = first.rsplitn(limit, operand?).collect();
            parts.reverse();
            Value::from(parts)
        }
        "url_decode" => {
            let bytes = first.as_bytes();
            let mut decoded = Vec::new();
            let mut at = 0;
            while let Some(&byte) = bytes.get(at) {
                let code = first.get(at + 1..at + 3).filter(|_| byte == b'%');
                match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
                    Some(code) => {
                        decoded.push(code);
                        at += 3;
                    }
                    None => {
                        decoded.push(byte);
                        at += 1;
                    }
                }
            }
            Value::from(String::from_utf8_lossy(&decoded).into_owned())
        }
        "replace_regex" => {
            let regex = fancy_regex::Regex::new(operand?).ok()?;
            Value::from(regex.replace_all(first, args.get(2).and_then(text)?.as_str()).into_owned())
        }
        "regex_group" => {
            let regex = fancy_regex::Regex::new(operand?).ok()?;
            let captures = regex.captures(first).ok()??;
            let group = match args.get(2)? {
                Value::String(name) => captures.name(name)?,
                number => captures.get(number.as_u64()? as usize)?,
            };
            Value::from(group.as_str())
        }
        _ => return None,
    })
}

fn strip<'t>(text: &'t str, set: Option<&str>, start: bool, end: bool) -> &'t str {
    let is_in = |character: char| set.map_or(character.is_whitespace(), |set| set.contains(character));
    let text = if start { text.trim_start_matches(is_in) } else { text };
    if end { text.trim_end_matches(is_in) } else { text }
}

fn place(at: i64, length: usize) -> Option<usize> {
    usize::try_from(if at < 0 { at + length as i64 } else { at }).ok()
}

fn bounds(from: Option<i64>, to: Option<i64>, length: usize) -> (usize, usize) {
    let clamp = |at: i64| (if at < 0 { at + length as i64 } else { at }).clamp(0, length as i64) as usize;
    (from.map_or(0, clamp), to.map_or(length, clamp))
}
