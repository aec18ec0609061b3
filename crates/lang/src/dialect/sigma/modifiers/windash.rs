//! `windash`

use super::super::glob::{Glob, Part};
use super::{Form, Misuse, Modifier, Subject};

/// What Windows programs take for the sign of an option: hyphen, slash, en dash, em dash, horizontal bar.
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// Most dashes of one value that are varied: each makes five times as many strings. pySigma has the same limit.
const MAX_DASHES: usize = 3;

pub struct WinDash;

impl Modifier for WinDash {
    fn name(&self) -> &'static str {
        "windash"
    }

    fn summary(&self) -> &'static str {
        "The dash or slash before an option may be any of `-`, `/`, `–`, `—` and `―`."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.each_text(self.name(), |glob| variants(glob).map(|all| all.into_iter().map(Form::Text).collect()))
    }
}

/// All variants of a string, itself first.
fn variants(glob: &Glob) -> Result<Vec<Glob>, String> {
    let mut variants: Vec<Vec<Part>> = vec![Vec::new()];
    let mut dashes = 0;
    for part in glob.parts() {
        let Part::Text(text) = part else {
            variants.iter_mut().for_each(|variant| variant.push(part.clone()));
            continue;
        };
        let mut start = 0;
        for (at, dash) in options(text) {
            dashes += 1;
            if dashes > MAX_DASHES {
                return Err(format!("`windash` varies at most {MAX_DASHES} dashes of a value"));
            }
            let before = text.get(start..at).unwrap_or("");
            variants = variants
                .iter()
                .flat_map(|variant| {
                    let others = DASHES.into_iter().filter(|other| *other != dash);
                    std::iter::once(dash).chain(others).map(|dash| {
                        let mut variant = variant.clone();
                        variant.push(Part::Text(format!("{before}{dash}")));
                        variant
                    })
                })
                .collect();
            start = at + dash.len_utf8();
        }
        let rest = text.get(start..).unwrap_or("");
        variants.iter_mut().for_each(|variant| variant.push(Part::Text(rest.to_owned())));
    }
    Ok(variants.into_iter().map(|parts| glob.with(parts)).collect())
}

/// The dashes that begin an option: a letter or digit behind, none before.
fn options(text: &str) -> impl Iterator<Item = (usize, char)> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut before: Option<char> = None;
    text.char_indices().filter(move |&(at, character)| {
        let free = before.is_none_or(|before| !is_word(before));
        before = Some(character);
        let behind = text.get(at + character.len_utf8()..).and_then(|rest| rest.chars().next());
        DASHES.contains(&character) && free && behind.is_some_and(is_word)
    })
}
