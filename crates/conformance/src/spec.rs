//! Cases in Elastic's csv-spec form. The grammar is in the README beside the suite.

/// One case.
#[derive(Debug, Default)]
pub struct Case {
    pub name: String,
    pub query: String,
    /// Expected warnings, literally or as regular expressions.
    pub warnings: Vec<Expected>,
    pub ignore_order: bool,
    pub ignore_value_order: bool,
    /// Name and type of each column.
    pub columns: Vec<(String, String)>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Debug, PartialEq)]
pub enum Expected {
    Text(String),
    Regex(String),
}

/// The cases of a file.
///
/// # Errors
/// The first case that is not of the form.
pub fn parse(text: &str) -> Result<Vec<Case>, String> {
    let comment = |line: &&str| !line.is_empty() && !line.starts_with("//") && !line.starts_with('#');
    let mut lines = text.lines().map(str::trim).filter(comment).peekable();
    let mut cases = Vec::new();
    while let Some(name) = lines.next() {
        let mut case = Case { name: name.split('#').next().unwrap_or(name).trim().to_string(), ..Case::default() };
        let broken = |what: &str| format!("case `{name}`: {what}");
        let mut first = true;
        loop {
            let line = lines.next().ok_or_else(|| broken("the query does not end"))?;
            if first && is_directive(line) {
                continue;
            }
            if !first {
                case.query.push('\n');
            }
            first = false;
            match line.strip_suffix(';') {
                Some(last) if !last.ends_with('\\') => {
                    case.query.push_str(last);
                    break;
                }
                _ => case.query.push_str(line),
            }
        }
        case.query = case.query.replace("\\;", ";");
        // A disabled case may lack the end of its query: then the query ran on to the end of the result.
        if case.name.ends_with("-Ignore") && lines.peek().is_none_or(|line| !line.contains(':')) {
            cases.push(case);
            continue;
        }
        loop {
            let line = lines.next().ok_or_else(|| broken("no result"))?;
            if line.strip_prefix("ignoreOrder:").is_some_and(|value| value.trim() == "true") {
                case.ignore_order = true;
            } else if line.strip_prefix("ignoreValueOrder:").is_some_and(|value| value.trim() == "true") {
                case.ignore_value_order = true;
            } else if let Some(warning) = line.strip_prefix("warning:") {
                case.warnings.push(Expected::Text(warning.trim().to_string()));
            } else if let Some(warning) = line.strip_prefix("warningRegex:") {
                case.warnings.push(Expected::Regex(warning.trim().to_string()));
            } else {
                case.columns = header(line).ok_or_else(|| broken("a column has no type"))?;
                break;
            }
        }
        loop {
            let line = lines.next().ok_or_else(|| broken("the result does not end"))?;
            if line == ";" {
                break;
            }
            case.rows.push(cells(line));
        }
        cases.push(case);
    }
    Ok(cases)
}

/// `word: value` before the query.
fn is_directive(line: &str) -> bool {
    line.split_once(':').is_some_and(|(word, rest)| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && rest.starts_with(' ')
    })
}

fn header(line: &str) -> Option<Vec<(String, String)>> {
    let column = |cell: String| {
        let (name, ty) = cell.rsplit_once(':')?;
        Some((name.trim().to_string(), ty.trim().to_string()))
    };
    cells(line).into_iter().map(column).collect()
}

/// Cells between bars. A cell in double quotes may hold bars; a doubled quote inside is a quote.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            '|' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells.into_iter().map(|cell| cell.trim().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_read() -> Result<(), String> {
        let cases = parse(
            "// c\nname#[skip]\nrequired_capability: x\nROW a = \"\\;\"\n| LIMIT 1\n;\nwarning:w\n\na:b:i | c:s\n1 | \"x|y\"\n;\n",
        )?;
        let case = cases.first().ok_or("no case")?;
        assert_eq!(case.name, "name");
        assert_eq!(case.query, "ROW a = \";\"\n| LIMIT 1\n");
        assert_eq!(case.columns, [("a:b".to_string(), "i".to_string()), ("c".to_string(), "s".to_string())]);
        assert_eq!(case.rows, [["1", "x|y"]]);
        assert_eq!(case.warnings, [Expected::Text("w".to_string())]);
        Ok(())
    }
}
