//! What vendors' names mean: their fields as canonical fields, their log sources as event classes.
//!
//! A field is looked up in the classes of the rule's events, since its name alone does not say what it is: `query` is a DNS
//! name in Zeek's dns log and an SQL statement elsewhere. Rows are hashed by name, so that resolving a rule costs the same
//! however long the tables grow. The tables are the CSV files in `data/mappings` and `data/log_sources`; a user's own file
//! goes before them.

pub mod csv;
pub mod table;

pub use csv::Problem;
pub use table::{FieldRow, KINDS, SourceRow, VENDORS};

use crate::class::{EventClass, class, classes, glob, most_special};
use rustc_hash::FxHashMap;
use std::{borrow::Cow, sync::LazyLock};
use table::{Table, Text};

include!(concat!(env!("OUT_DIR"), "/mappings.rs"));

/// The tables of fields and log sources, ready for look-ups.
#[derive(Clone, Debug)]
pub struct Mappings {
    fields: Vec<FieldRow>,
    sources: Vec<SourceRow>,
    /// By the whole name, or by the path before `.*`; of several rows for a name the most telling first.
    by_name: FxHashMap<Text, Vec<FieldTarget>>,
    by_path: FxHashMap<Text, Vec<FieldTarget>>,
    /// By kind and name in small letters, the user's rows last.
    by_source: FxHashMap<(u8, String), usize>,
    /// Rows with `*` in the name: the user's, then the longest, first.
    by_pattern: Vec<PatternTarget>,
}

#[derive(Clone, Copy, Debug)]
struct FieldTarget {
    row: usize,
    /// The position in [`VENDORS`]; none for all.
    vendor: Option<u8>,
    scope: Option<&'static EventClass>,
    rank: usize,
}

#[derive(Clone, Copy, Debug)]
struct PatternTarget {
    row: usize,
    kind: u8,
    rank: usize,
}

static BUILT_IN: LazyLock<Mappings> = LazyLock::new(|| {
    let mut mappings = Mappings::empty();
    let text = |text: &'static str| Text::Borrowed(text);
    for [vendor, scope, field, canonical, source] in FIELD_ROWS {
        let (vendor, scope, field) = (text(vendor), text(scope), text(field));
        mappings.add_field(FieldRow { vendor, scope, field, canonical: text(canonical), source: text(source) }, 0);
    }
    for ([kind, name, source], classes) in SOURCE_ROWS {
        let classes = classes.iter().map(|id| text(id)).collect();
        mappings.add_source(SourceRow { kind: text(kind), name: text(name), classes, source: text(source) }, 0);
    }
    mappings
});

/// The data sets that event classes have, in their order, with the class that stands for each.
static DATASETS: LazyLock<Vec<(&'static str, &'static EventClass)>> = LazyLock::new(|| {
    let own = |class: &&EventClass| class.parent().is_none_or(|parent| parent.dataset != class.dataset);
    let named = classes().filter(own).flat_map(|class| class.dataset.iter().map(move |dataset| (*dataset, class)));
    let mut datasets: Vec<_> = named.collect();
    datasets.sort_by_key(|(dataset, _)| *dataset);
    datasets
});

impl Mappings {
    /// The mappings that Gannet comes with.
    pub fn built_in() -> &'static Mappings {
        &BUILT_IN
    }

    fn empty() -> Mappings {
        Mappings {
            fields: Vec::new(),
            sources: Vec::new(),
            by_name: FxHashMap::default(),
            by_path: FxHashMap::default(),
            by_source: FxHashMap::default(),
            by_pattern: Vec::new(),
        }
    }

    /// These mappings and the rows of a CSV file, which go before those there already are.
    ///
    /// The header says whether the rows map fields (`vendor,scope,field,canonical,source`) or log sources
    /// (`kind,name,classes,source`). A canonical field may be one that Gannet does not know.
    ///
    /// # Errors
    /// The first row that is malformed, names what there is not, or has a canonical field that looks like a misspelling
    /// of a known one.
    pub fn with_csv(&self, text: &str) -> Result<Mappings, Problem> {
        let known = |name: &str| match crate::similar_field(name) {
            Some(near) if !crate::is_canonical(name) => {
                Err(format!("no such field: `{name}`; a field with a similar name exists: `{near}`"))
            }
            _ => Ok(()),
        };
        let table = table::parse(text, |id| class(id).is_some(), known)?;
        let mut mappings = self.clone();
        match table {
            Table::Fields(rows) => {
                let users = 1 + mappings.fields.len();
                rows.into_iter().enumerate().for_each(|(index, row)| mappings.add_field(row, users + index));
            }
            Table::Sources(rows) => {
                let users = 1 + mappings.sources.len();
                rows.into_iter().enumerate().for_each(|(index, row)| mappings.add_source(row, users + index));
            }
        }
        Ok(mappings)
    }

    /// `users` is 0 for built-in rows and the higher the later a user's row came.
    fn add_field(&mut self, row: FieldRow, users: usize) {
        let vendor = VENDORS.iter().position(|vendor| *vendor == row.vendor).and_then(|at| u8::try_from(at).ok());
        let scope = class(&row.scope);
        // What a row says of fewer events counts for more; then what it says of one vendor.
        let special = scope.map_or(0, EventClass::depth) * 2 + usize::from(vendor.is_some());
        let target = FieldTarget { row: self.fields.len(), vendor, scope, rank: users * 64 + special };
        let targets = match strip_star(&row.field) {
            Some(path) => self.by_path.entry(Text::Owned(path.to_owned())).or_default(),
            None => self.by_name.entry(row.field.clone()).or_default(),
        };
        targets.insert(targets.partition_point(|other| other.rank > target.rank), target);
        self.fields.push(row);
    }

    fn add_source(&mut self, row: SourceRow, users: usize) {
        let kind = kind_number(&row.kind).unwrap_or(u8::MAX);
        // Index patterns select data sets, and a lone `*` stands for what a rule calls so: it would hide every unknown name.
        if row.name.contains('*') && row.name != "*" && row.kind != "index" {
            let target = PatternTarget { row: self.sources.len(), kind, rank: users * 256 + row.name.len() };
            self.by_pattern.insert(self.by_pattern.partition_point(|other| other.rank > target.rank), target);
        }
        self.by_source.insert((kind, row.name.to_ascii_lowercase()), self.sources.len());
        self.sources.push(row);
    }

    /// All rows of fields, in the order of the tables.
    pub fn field_rows(&self) -> &[FieldRow] {
        &self.fields
    }

    /// All rows of log sources, in the order of the tables.
    pub fn source_rows(&self) -> &[SourceRow] {
        &self.sources
    }

    /// The canonical name of a vendor's field in events of these classes; `None` where no row says it.
    ///
    /// Positions in lists do not count: `TargetResources[0].id` and `userAgents{}.id` are `TargetResources.id` and
    /// `userAgents.id`. Rules of Elastic and Sigma may write canonical names themselves.
    pub fn field<'a>(&'a self, vendor: &str, classes: &[&EventClass], name: &'a str) -> Option<Cow<'a, str>> {
        let plain = without_positions(name);
        if let Some(canonical) = self.mapped(vendor, classes, &plain) {
            return Some(canonical);
        }
        match vendor {
            "elastic" => canonical(plain),
            // A single word is more likely the name of some product than the few canonical fields without a path.
            "sigma" if plain.contains('.') => canonical(plain),
            _ => None,
        }
    }

    fn mapped(&self, vendor: &str, classes: &[&EventClass], name: &str) -> Option<Cow<'_, str>> {
        let vendor = VENDORS.iter().position(|known| *known == vendor).and_then(|at| u8::try_from(at).ok());
        let fits = |target: &&FieldTarget| {
            target.vendor.is_none_or(|only| Some(only) == vendor)
                && target.scope.is_none_or(|scope| classes.iter().any(|class| scope.covers(class)))
        };
        let row = |targets: &Vec<FieldTarget>| targets.iter().find(fits).and_then(|target| self.fields.get(target.row));
        if let Some(row) = self.by_name.get(name).and_then(row) {
            return Some(Cow::Borrowed(&row.canonical));
        }
        for (at, _) in name.rmatch_indices('.') {
            let (path, rest) = (name.get(..at)?, name.get(at..)?);
            if let Some(row) = self.by_path.get(path).and_then(row) {
                return Some(match strip_star(&row.canonical) {
                    Some(canonical) => Cow::Owned(format!("{canonical}{rest}")),
                    None => Cow::Borrowed(&row.canonical),
                });
            }
        }
        None
    }

    /// The event classes of a log source by its kind (see [`KINDS`]) and name; `None` where no row has the name, and
    /// none at all where the name is known and says nothing of the events.
    ///
    /// Names match in any case. An index pattern selects the data sets it fits, unless a row has exactly this pattern.
    pub fn classes(&self, kind: &str, name: &str) -> Option<Vec<&'static EventClass>> {
        let number = kind_number(kind)?;
        if let Some(row) = self.by_source.get(&(number, name.to_ascii_lowercase())) {
            return self.classes_of(*row);
        }
        if kind == "index" {
            return classes_of_index(name);
        }
        let fits = |target: &&PatternTarget| {
            target.kind == number && self.sources.get(target.row).is_some_and(|row| glob(&row.name, name))
        };
        self.by_pattern.iter().find(fits).and_then(|target| self.classes_of(target.row))
    }

    fn classes_of(&self, row: usize) -> Option<Vec<&'static EventClass>> {
        self.sources.get(row).map(|row| row.classes.iter().filter_map(|id| class(id)).collect())
    }
}

/// The name if it is a canonical one, or a pattern that canonical names fit (`file.hash.*`). Variants of a field that
/// Elastic indexes in another way are the field.
fn canonical(name: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if crate::is_canonical(&name) || strip_star(&name).is_some_and(crate::has_fields_below) {
        return Some(name);
    }
    let field = [".caseless", ".keyword"].iter().find_map(|variant| name.strip_suffix(variant));
    field.filter(|field| crate::is_canonical(field)).map(|field| Cow::Owned(field.to_owned()))
}

/// The classes of the data sets that an index pattern fits: `logs-zeek.*`, `logs-system.security-default`.
fn classes_of_index(pattern: &str) -> Option<Vec<&'static EventClass>> {
    let (_, dataset) = pattern.split_once('-')?;
    let dataset = dataset.split_once('-').map_or(dataset, |(dataset, _namespace)| dataset);
    let literal = dataset.split_once('*').map_or(dataset, |(literal, _)| literal);
    if literal.is_empty() {
        return None;
    }
    let from = DATASETS.partition_point(|(known, _)| *known < literal);
    let near = DATASETS.get(from..)?.iter().take_while(|(known, _)| known.starts_with(literal));
    let found: Vec<_> = near.filter(|(known, _)| glob(dataset, known)).map(|(_, class)| *class).collect();
    (!found.is_empty()).then(|| most_special(found))
}

fn kind_number(kind: &str) -> Option<u8> {
    KINDS.iter().position(|(known, _)| *known == kind).and_then(|at| u8::try_from(at).ok())
}

fn strip_star(name: &str) -> Option<&str> {
    name.strip_suffix(".*")
}

/// The name without what stands in brackets or braces: `a[0].b` and `a{}.b` are `a.b`, and `a["b"]` is `a.b` too.
fn without_positions(name: &str) -> Cow<'_, str> {
    if !name.contains(['[', '{']) {
        return Cow::Borrowed(name);
    }
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find(['[', '{']) {
        let (before, bracket) = rest.split_at(open);
        plain.push_str(before);
        let close = bracket.find([']', '}']).map_or(bracket.len(), |close| close + 1);
        let inside = bracket.get(1..close.saturating_sub(1)).unwrap_or_default();
        let key = inside.trim_matches(['"', '\'']);
        if key.len() < inside.len() {
            plain.push('.');
            plain.push_str(key);
        }
        rest = bracket.get(close..).unwrap_or_default();
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(classes: Option<Vec<&'static EventClass>>) -> Option<Vec<&'static str>> {
        classes.map(|classes| classes.iter().map(|class| class.id).collect())
    }

    #[test]
    fn log_sources_of_every_vendor_have_classes() {
        for (kind, name, expected) in [
            ("sigma", "process_creation/windows/-", Some(&["sysmon.1", "security.4688"][..])),
            ("sigma", "-/windows/security", Some(&["security"])),
            ("sigma", "made_up/windows/-", Some(&["windows"])),
            ("sigma", "made_up/-/-", None),
            ("index", "logs-zeek.dns-*", Some(&["zeek.dns"])),
            ("index", "logs-network_traffic.dns*", Some(&["network_traffic.dns"])),
            ("index", "logs-endpoint.events.process-default", Some(&["endpoint.process"])),
            ("index", "logs-*", Some(&[])),
            ("index", "logs-made_up.x-*", None),
            ("datamodel", "Endpoint.Processes", Some(&["process.creation"])),
            ("search", "sourcetype=aws:cloudtrail", Some(&["aws.cloudtrail"])),
            ("search", "SourceType=AWS:CloudTrail", Some(&["aws.cloudtrail"])),
            ("macro", "sysmon", Some(&["sysmon"])),
            ("table", "SecurityEvent", Some(&["security"])),
            ("table", "DeviceTvmSoftwareVulnerabilities", Some(&["defender_vulnerability"])),
            ("table", "DeviceMadeUpEvents", Some(&["m365_defender"])),
            ("table", "*", Some(&[])),
            ("table", "MadeUp", None),
            ("logtype", "AWS.CloudTrail", Some(&["aws.cloudtrail"])),
            ("nothing", "x", None),
        ] {
            let found = ids(Mappings::built_in().classes(kind, name));
            assert_eq!(found.as_deref(), expected, "{kind} {name}");
        }
    }

    #[test]
    fn a_users_rows_go_before_the_others() {
        let mine = "vendor,scope,field,canonical,source\n\
                    sigma,sysmon,Image,process.name,mine\n\
                    # a comment\n\
                    splunk,*,\"a,b.*\",my.own.*,mine\n";
        let mappings = Mappings::built_in().with_csv(mine).unwrap();
        let (created, logged) = (class("sysmon.1").unwrap(), class("security.4688").unwrap());
        let field = |classes: &[&EventClass], vendor: &str, name: &str| {
            mappings.field(vendor, classes, name).map(Cow::into_owned)
        };
        assert_eq!(field(&[created], "sigma", "Image").as_deref(), Some("process.name"));
        assert_eq!(field(&[logged], "sigma", "Image").as_deref(), Some("process.executable"));
        assert_eq!(field(&[], "splunk", "a,b.c.d").as_deref(), Some("my.own.c.d"));
        assert_eq!(field(&[], "sigma", "a,b.c.d"), None);

        let mine = "kind,name,classes,source\nmacro,my_dns,zeek.dns;sysmon.22,mine\nmacro,sysmon,-,mine\n";
        let mappings = Mappings::built_in().with_csv(mine).unwrap();
        assert_eq!(ids(mappings.classes("macro", "my_dns")).as_deref(), Some(&["zeek.dns", "sysmon.22"][..]));
        assert_eq!(ids(mappings.classes("macro", "sysmon")).as_deref(), Some(&[][..]));
    }

    #[test]
    fn a_malformed_row_is_an_error_with_its_line_and_column() {
        for (rows, message) in [
            ("a,b,c\n", "1:1: the first row is neither"),
            ("vendor,scope,field,canonical,source\nsigma,*,A,b\n", "2:1: 5 columns expected, 4 found"),
            ("vendor,scope,field,canonical,source\nsgima,*,A,b,c\n", "2:1: no such vendor: `sgima`"),
            ("vendor,scope,field,canonical,source\nsigma,sysmon.0,A,b,c\n", "2:7: no such event class: `sysmon.0`"),
            ("vendor,scope,field,canonical,source\nsigma,*,A,proces.name,c\n", "2:11: no such field: `proces.name`"),
            ("vendor,scope,field,canonical,source\nsigma,*,A*,b,c\n", "2:9: `*` may only stand for"),
            ("vendor,scope,field,canonical,source\nsigma,*,A,b.*,c\n", "2:11: `*` stands here for"),
            ("vendor,scope,field,canonical,source\nsigma,*,\"A,b,c\n", "2:9: the quote is not closed"),
            ("vendor,scope,field,canonical,source\nsigma,*,\"A\"x,b,c\n", "2:9: a quoted cell goes on"),
            ("vendor,scope,field,canonical,source\nsigma,*,,b,c\n", "2:9: the cell is empty or padded"),
            ("kind,name,classes,source\n\nmacros,x,-,c\n", "3:1: no such kind of log source: `macros`"),
            ("kind,name,classes,source\nmacro,x,sysmon;nope,c\n", "2:9: no such event class: `nope`"),
            ("", "1:1: the first row is neither"),
        ] {
            let problem = Mappings::built_in().with_csv(rows).err().map(|problem| problem.to_string());
            assert!(problem.as_deref().is_some_and(|text| text.starts_with(message)), "{rows}: {problem:?}");
        }
    }

    #[test]
    fn a_field_means_what_its_events_make_of_it() {
        for (vendor, classes, name, canonical) in [
            ("sigma", "sysmon.1", "Image", Some("process.executable")),
            ("sigma", "sysmon.7", "OriginalFileName", Some("dll.pe.original_file_name")),
            ("sigma", "zeek.dns", "query", Some("dns.question.name")),
            ("sigma", "zeek.connection", "query", None),
            ("sigma", "security.4769", "ServiceName", Some("winlog.event_data.ServiceName")),
            ("sigma", "security", "NoSuchName", None),
            ("sigma", "aws.cloudtrail", "dns.question.name", Some("dns.question.name")),
            ("elastic", "endpoint.process", "process.name", Some("process.name")),
            ("elastic", "endpoint.process", "process.name.caseless", Some("process.name")),
            ("elastic", "endpoint.file", "file.hash.*", Some("file.hash.*")),
            ("elastic", "endpoint.file", "fiel.hash.*", None),
            ("elastic", "security", "winlog.event_data.Anything", Some("winlog.event_data.Anything")),
            ("elastic", "endpoint.process", "process.nam", None),
            ("splunk", "process.creation", "Processes.process", Some("process.command_line")),
            ("splunk", "process.creation", "process", Some("process.command_line")),
            ("splunk", "dns.query", "DNS.query", Some("dns.question.name")),
            ("splunk", "aws.cloudtrail", "requestParameters.ipPermissions.items{}.toPort", {
                Some("aws.cloudtrail.flattened.request_parameters.ipPermissions.items.toPort")
            }),
            ("kusto", "security", "EventID", Some("event.code")),
            ("kusto", "m365_defender.process", "FileName", Some("process.name")),
            ("kusto", "m365_defender.file", "FileName", Some("file.name")),
            ("kusto", "dns.query", "DnsQuery", Some("dns.question.name")),
            ("kusto", "azure.signinlogs", "process.name", None),
            ("panther", "aws.cloudtrail", "userIdentity.type", Some("aws.cloudtrail.user_identity.type")),
        ] {
            let classes: Vec<_> = classes.split(' ').map(|id| class(id).unwrap()).collect();
            let found = Mappings::built_in().field(vendor, &classes, name);
            assert_eq!(found.as_deref(), canonical, "{vendor} {name}");
        }
    }

    #[test]
    fn positions_in_lists_do_not_count() {
        for (name, plain) in [
            ("a.b", "a.b"),
            ("TargetResources[0].displayName", "TargetResources.displayName"),
            ("userAgents{}.id", "userAgents.id"),
            ("a[\"b\"][1].c", "a.b.c"),
            ("a['b']", "a.b"),
            ("a[", "a"),
            ("a[]", "a"),
        ] {
            assert_eq!(without_positions(name), plain, "{name}");
        }
    }
}
