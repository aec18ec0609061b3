//! The rows of `event_classes.csv`. A class stands below the classes it names as parent and activity, and has their
//! attributes where it gives none itself.

use super::rows::{list, split};
use std::collections::HashMap;

const HEADER: [&str; 14] = [
    "id", "name", "parent", "activity", "domain", "platform", "provider", "channel", "code", "dataset", "category",
    "type", "action", "source",
];

/// How many of the columns are lists that classes are told apart by; they stand together, from `provider` on.
const ATTRIBUTES: usize = 7;

pub struct ClassRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub domain: &'a str,
    pub platform: &'a str,
    pub parent: Option<usize>,
    pub activity: Option<usize>,
    pub attributes: [Vec<&'a str>; ATTRIBUTES],
    /// A bit for each attribute that is not the parent's.
    pub own: u8,
}

/// The classes in the order of the file, in which parents and activities come first.
pub fn classes<'a>(file: &str, text: &'a str) -> Result<Vec<ClassRow<'a>>, String> {
    let mut rows: Vec<ClassRow> = Vec::new();
    let mut positions: HashMap<&str, usize> = HashMap::new();
    for (line, cells) in split(file, text, HEADER)? {
        let [id, name, parent, activity, domain, platform, attributes @ .., _source] = cells;
        let above = |id: &str| match positions.get(id) {
            Some(at) => Ok(Some(*at)),
            None if id == "-" => Ok(None),
            None => Err(format!("{file}:{line}: no class {id:?} stands above this one")),
        };
        let (parent, activity) = (above(parent)?, above(activity)?);
        let row = class(id, name, [domain, platform], attributes, [parent, activity], &rows);
        if positions.insert(id, rows.len()).is_some() {
            return Err(format!("{file}:{line}: {id:?} is a duplicate"));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn class<'a>(
    id: &'a str,
    name: &'a str,
    [domain, platform]: [&'a str; 2],
    attributes: [&'a str; ATTRIBUTES],
    above: [Option<usize>; 2],
    rows: &[ClassRow<'a>],
) -> ClassRow<'a> {
    let [parent, activity] = above.map(|at| at.and_then(|at| rows.get(at)));
    let inherited = |own: &'a str, of: fn(&ClassRow<'a>) -> &'a str| match own {
        "-" => parent.map(of).filter(|of| !of.is_empty()).or(activity.map(of)).unwrap_or_default(),
        own => own,
    };
    let (domain, platform) = (inherited(domain, |row| row.domain), inherited(platform, |row| row.platform));
    let mut own = 0;
    let mut index = 0;
    let attributes = attributes.map(|cell| {
        let at = index;
        index += 1;
        let of = |row: Option<&ClassRow<'a>>| row.map(|row| row.attributes[at].clone()).unwrap_or_default();
        let values = [list(cell), of(activity), of(parent)].into_iter().find(|values| !values.is_empty());
        let values = values.unwrap_or_default();
        if values != of(parent) {
            own |= 1 << at;
        }
        values
    });
    ClassRow { id, name, domain, platform, parent: above[0], activity: above[1], attributes, own }
}
