//! Turns the data files into static tables, so that a malformed row fails the build and a look-up needs no set-up.

#[path = "build/attack.rs"]
mod attack;
#[path = "build/rows.rs"]
mod rows;
// Only the names of the types are wanted here.
#[allow(dead_code)]
#[path = "src/types.rs"]
mod types;

use std::{env, error::Error, fmt::Write, fs, path::Path};

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
    let out = env::var("OUT_DIR")?;

    let text = fs::read_to_string("data/fields.csv")?;
    let mut table = String::new();
    for row in rows::fields("data/fields.csv", &text)? {
        let (name, ty, many) = (row.name, row.ty, row.many);
        writeln!(table, "    Field {{ name: Cow::Borrowed({name:?}), ty: Type::{ty:?}, many: {many} }},")?;
    }
    fs::write(Path::new(&out).join("fields.rs"), format!("static FIELDS: &[Field] = &[\n{table}];\n"))?;

    let mut tables = String::new();
    for (file, name, max) in CODE_POINTS {
        let text = fs::read_to_string(file)?;
        let rows = rows::code_points(file, &text, max)?;
        writeln!(tables, "pub(crate) static {name}: &[(u16, &str)] = &{rows:?};")?;
    }
    fs::write(Path::new(&out).join("code_points.rs"), tables)?;
    fs::write(Path::new(&out).join("attack.rs"), attack_tables()?)?;
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
