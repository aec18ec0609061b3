//! Turns the data files into static tables, so that a malformed row fails the build and a look-up needs no set-up.

#[path = "build/attack.rs"]
mod attack;
#[path = "build/classes.rs"]
mod classes;
#[path = "src/mapping/csv.rs"]
mod csv;
#[path = "build/rows.rs"]
mod rows;
#[path = "src/mapping/table.rs"]
mod table;
// Only the names of the types are wanted here.
#[allow(dead_code)]
#[path = "src/types.rs"]
mod types;

use std::{collections::HashSet, env, error::Error, fmt::Write, fs, path::Path};
use table::{FieldRow, SourceRow, Table};

/// A file of code points, the table it becomes, and the highest number the field on the wire can hold.
const CODE_POINTS: [(&str, &str, u16); 5] = [
    ("data/dns_types.csv", "RR_TYPES", u16::MAX),
    ("data/dns_classes.csv", "CLASSES", u16::MAX),
    ("data/dns_rcodes.csv", "RCODES", u16::MAX),
    ("data/dns_opcodes.csv", "OPCODES", 15),
    ("data/ip_protocols.csv", "IP_PROTOCOLS", 255),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/types.rs");
    println!("cargo::rerun-if-changed=src/mapping");
    let out = env::var("OUT_DIR")?;

    let fields = fs::read_to_string("data/fields.csv")?;
    let fields = rows::fields("data/fields.csv", &fields)?;
    let namespaces = fs::read_to_string("data/namespaces.csv")?;
    let namespaces = rows::namespaces("data/namespaces.csv", &namespaces)?;
    fs::write(Path::new(&out).join("fields.rs"), field_tables(&fields, &namespaces)?)?;

    let mut tables = String::new();
    for (file, name, max) in CODE_POINTS {
        let text = fs::read_to_string(file)?;
        let rows = rows::code_points(file, &text, max)?;
        writeln!(tables, "pub(crate) static {name}: &[(u16, &str)] = &{rows:?};")?;
    }
    fs::write(Path::new(&out).join("code_points.rs"), tables)?;
    fs::write(Path::new(&out).join("attack.rs"), attack_tables()?)?;

    let classes = fs::read_to_string("data/event_classes.csv")?;
    let classes = classes::classes("data/event_classes.csv", &classes)?;
    fs::write(Path::new(&out).join("classes.rs"), class_table(&classes)?)?;
    let classes: HashSet<&str> = classes.iter().map(|class| class.id).collect();
    let names: HashSet<&str> = fields.iter().map(|field| field.name).collect();
    let mappings = mapping_tables(&|id| classes.contains(id), &|name| canonical(name, &names, &namespaces))?;
    fs::write(Path::new(&out).join("mappings.rs"), mappings)?;
    Ok(())
}

fn attack_tables() -> Result<String, Box<dyn Error>> {
    let tactics = fs::read_to_string("data/attack_tactics.csv")?;
    let tactics = attack::tactics("data/attack_tactics.csv", &tactics)?;
    let techniques = fs::read_to_string("data/attack_techniques.csv")?;
    let techniques = attack::techniques("data/attack_techniques.csv", &techniques, &tactics)?;
    let mut table = String::from("static TACTICS: &[Tactic] = &[\n");
    for attack::TacticRow { id, shortname, name, former } in tactics {
        writeln!(table, "Tactic {{ id: {id:?}, shortname: {shortname:?}, name: {name:?}, former: {former:?} }},")?;
    }
    table.push_str("];\nstatic TECHNIQUES: &[Technique] = &[\n");
    for attack::TechniqueRow { id, name, tactics, platforms, status } in techniques {
        let status = match status {
            "current" => "Status::Current".to_owned(),
            "deprecated" => "Status::Deprecated".to_owned(),
            by => format!("Status::Replaced({by:?})"),
        };
        write!(table, "Technique {{ id: {id:?}, name: {name:?}, tactics: &{tactics:?}, ")?;
        writeln!(table, "platforms: &{platforms:?}, status: {status} }},")?;
    }
    table.push_str("];\n");
    Ok(table)
}

fn field_tables(fields: &[rows::FieldRow], namespaces: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("static FIELDS: &[Field] = &[\n");
    for rows::FieldRow { name, ty, many } in fields {
        writeln!(table, "    Field {{ name: Cow::Borrowed({name:?}), ty: Type::{ty:?}, many: {many} }},")?;
    }
    writeln!(table, "];\nstatic NAMESPACES: &[&str] = &{namespaces:?};")?;
    Ok(table)
}

fn class_table(classes: &[classes::ClassRow]) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("static CLASSES: &[EventClass] = &[\n");
    for (at, class) in classes.iter().enumerate() {
        let classes::ClassRow { id, name, domain, platform, parent, activity, attributes, own } = class;
        let [provider, channel, code, dataset, category, kind, action] = attributes;
        write!(table, "EventClass {{ id: {id:?}, name: {name:?}, domain: {domain:?}, platform: {platform:?}, ")?;
        write!(table, "provider: &{provider:?}, channel: &{channel:?}, code: &{code:?}, dataset: &{dataset:?}, ")?;
        write!(table, "category: &{category:?}, kind: &{kind:?}, action: &{action:?}, ")?;
        writeln!(table, "at: {at}, parent: {parent:?}, activity: {activity:?}, own: {own} }},")?;
    }
    table.push_str("];\n");
    Ok(table)
}

/// The rows of all files of mappings, each name only once.
fn mapping_tables(
    is_class: &dyn Fn(&str) -> bool,
    is_field: &dyn Fn(&str) -> Result<(), String>,
) -> Result<String, Box<dyn Error>> {
    let mut seen = HashSet::new();
    let (mut fields, mut sources) = (String::new(), String::new());
    for directory in ["data/mappings", "data/log_sources"] {
        let mut paths =
            fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
        paths.sort();
        for path in paths {
            let file = path.display();
            let text = fs::read_to_string(&path)?;
            match table::parse(&text, is_class, is_field).map_err(|problem| format!("{file}:{problem}"))? {
                Table::Fields(rows) => {
                    for FieldRow { vendor, scope, field, canonical, source } in rows {
                        if !seen.insert([vendor.clone(), scope.clone(), field.clone()]) {
                            return Err(format!("{file}: {vendor},{scope},{field} is a duplicate").into());
                        }
                        writeln!(fields, "    [{vendor:?}, {scope:?}, {field:?}, {canonical:?}, {source:?}],")?;
                    }
                }
                Table::Sources(rows) => {
                    for SourceRow { kind, name, classes, source } in rows {
                        if !seen.insert([kind.clone(), name.to_ascii_lowercase().into(), "".into()]) {
                            return Err(format!("{file}: {kind},{name} is a duplicate").into());
                        }
                        writeln!(sources, "    ([{kind:?}, {name:?}, {source:?}], &{classes:?}),")?;
                    }
                }
            }
        }
    }
    let fields = format!("static FIELD_ROWS: &[[&str; 5]] = &[\n{fields}];\n");
    Ok(fields + &format!("static SOURCE_ROWS: &[([&str; 3], &[&str])] = &[\n{sources}];\n"))
}

/// Whether a canonical name is in the list of fields or below a namespace; `.*` at its end stands for what is below it.
fn canonical(name: &str, fields: &HashSet<&str>, namespaces: &[&str]) -> Result<(), String> {
    let below = |namespace: &&str| name.strip_prefix(*namespace).is_some_and(|rest| rest.starts_with('.'));
    if fields.contains(name) || namespaces.iter().any(below) {
        Ok(())
    } else {
        Err(format!("no such canonical field: `{name}`"))
    }
}
