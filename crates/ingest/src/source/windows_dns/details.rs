//! The dissection of a packet below its line, of which the log says what the line cannot: the remote port, the length,
//! and the answers.

use super::debug::{name_text, type_name};
use std::borrow::Cow;

/// Answers of a packet beyond this many are not kept.
const MAX_ANSWERS: usize = 1024;
/// The text of one answer is not kept beyond this many bytes.
const MAX_DATA: usize = 64 << 10;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    pub port: Option<u16>,
    /// Of the message in bytes.
    pub length: Option<u64>,
    /// How many answers there are.
    pub count: Option<u32>,
    pub answers: Vec<Answer>,
    section: Section,
    /// Whether the next lines continue the last answer's data.
    in_data: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub name: String,
    pub ty: Cow<'static, str>,
    pub ttl: Option<u64>,
    pub data: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Head,
    Answers,
    Others,
}

/// Whether a line begins a packet's details.
pub fn begins(line: &[u8]) -> bool {
    memchr::memmem::find(line, b" info at ").is_some()
        && [&b"UDP "[..], b"TCP "].iter().any(|transport| line.trim_ascii_start().starts_with(transport))
}

impl Details {
    /// Takes a line.
    pub fn line(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        if let Some(section) = text.strip_suffix(" SECTION:") {
            self.section = if section == "ANSWER" { Section::Answers } else { Section::Others };
            self.in_data = false;
        } else if self.section == Section::Head {
            self.head(text);
        } else if self.section == Section::Answers && text != "empty" {
            self.answer(text, line);
        }
    }

    fn head(&mut self, text: &str) {
        if let Some((_, port)) = text.strip_prefix("Remote addr ").and_then(|rest| rest.rsplit_once(", port ")) {
            self.port = port.parse().ok();
        } else if let Some(rest) = text.strip_prefix("Msg length = ") {
            self.length = rest.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')?.parse().ok());
        } else if let Some(count) = text.strip_prefix("ACOUNT ") {
            self.count = count.trim().parse().ok();
        }
    }

    fn answer(&mut self, text: &str, line: &[u8]) {
        let (key, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let value = value.trim();
        if key == "Name" && value.starts_with('"') {
            self.in_data = false;
            if self.answers.len() < MAX_ANSWERS {
                let name = quoted(line).and_then(name_text).unwrap_or_else(|| value.trim_matches('"').to_owned());
                self.answers.push(Answer { name, ..Answer::default() });
            }
            return;
        }
        if key == "Offset" {
            self.in_data = false;
            return;
        }
        let Some(answer) = self.answers.last_mut() else { return };
        match key {
            "TYPE" if !self.in_data => answer.ty = type_name(value.split_whitespace().next().unwrap_or("")),
            "TTL" if !self.in_data => answer.ttl = value.parse().ok(),
            "DATA" if !self.in_data => {
                self.in_data = true;
                answer.data = data(&answer.ty, value);
            }
            _ if self.in_data && !text.is_empty() && answer.data.len() + text.len() < MAX_DATA => {
                // SOA and the like go over several lines: `PrimaryServer: (2)ns(0)`, `SerialNo     = 7`.
                let value = text.split_once([':', '=']).map_or(text, |(_, value)| value.trim());
                if !answer.data.is_empty() {
                    answer.data.push(' ');
                }
                answer.data.push_str(&data("", value));
            }
            _ => {}
        }
    }
}

/// What stands in quotes.
fn quoted(line: &[u8]) -> Option<&[u8]> {
    let start = memchr::memchr(b'"', line)? + 1;
    let end = memchr::memrchr(b'"', line)?;
    line.get(start..end)
}

/// Data as text: names without their counts; of MX and SRV the target alone, as everywhere.
fn data(ty: &str, value: &str) -> String {
    if matches!(ty, "MX" | "SRV") {
        let target = value.split_whitespace().last().unwrap_or(value);
        return name_text(target.as_bytes()).unwrap_or_else(|| target.to_owned());
    }
    name_text(value.as_bytes()).unwrap_or_else(|| value.to_owned())
}
