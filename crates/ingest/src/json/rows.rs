//! Documents into rows.

use super::{
    gap::Malformed,
    paths::PathId,
    scanner::{Found, Scanner},
    stream::{self, Facts},
    token::{self, Kind},
};
use crate::{
    EventBatch, Projection, Slot, Tally,
    batch::Value,
    ecs::{self, Derive},
    network::Host,
    time::{Clock, Moment},
};
use schema::{DataStream, Type};
use std::borrow::Cow;

const TIMESTAMP: &str = "@timestamp";

/// Decodes documents for a projection.
pub struct Rows {
    scanner: Scanner,
    wants: Vec<Want>,
    found: Vec<Found>,
    clock: Clock,
    index: Option<Slot>,
    id: Option<Slot>,
    stream: StreamOfLast,
    derive: Option<Derive>,
}

/// What a wanted path is wanted for.
struct Want {
    slot: Option<Slot>,
    ty: Type,
    many: bool,
    fact: Option<Fact>,
    /// Its place among [`ecs::INPUTS`].
    input: Option<usize>,
    timestamp: bool,
}

/// What tells where a document belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    /// Its place among [`stream::PATHS`].
    Path(usize),
    Index,
    Id,
}

/// Paths, and what each is wanted for.
#[derive(Default)]
struct Wants {
    paths: Vec<String>,
    wants: Vec<Want>,
}

impl Wants {
    fn at(&mut self, path: String) -> &mut Want {
        let at = self.paths.iter().position(|known| *known == path).unwrap_or_else(|| {
            self.paths.push(path);
            self.wants.push(Want {
                slot: None,
                ty: Type::Null,
                many: false,
                fact: None,
                input: None,
                timestamp: false,
            });
            self.paths.len() - 1
        });
        &mut self.wants[at]
    }
}

/// The stream of the last document: most have the same.
#[derive(Default)]
struct StreamOfLast {
    values: [Option<String>; stream::PATHS.len()],
    index: Option<String>,
    stream: Option<DataStream>,
}

/// What stands around a document in bulk lines and search responses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Envelope<'e> {
    pub index: Option<&'e str>,
    pub id: Option<&'e str>,
}

impl Rows {
    /// For documents on one line each or over several. Those of `hits` have their fields below `_source`, and beside it
    /// `_index` and `_id`.
    pub fn new(projection: &Projection, hits: bool, over_lines: bool, derive: Option<Derive>) -> Self {
        let (index, id) = (projection.slot(Projection::INDEX), projection.slot(Projection::ID));
        let root = if hits { "_source." } else { "" };
        let mut wants = Wants::default();
        for field in projection.fields() {
            let slot = projection.slot(&field.name).filter(|slot| Some(*slot) != index && Some(*slot) != id);
            if slot.is_some() {
                let want = wants.at(format!("{root}{}", field.name));
                (want.slot, want.ty, want.many) = (slot, field.ty, field.many);
            }
        }
        wants.at(format!("{root}{TIMESTAMP}")).timestamp = true;
        if index.is_some() || derive.is_some() {
            for (fact, path) in stream::PATHS.iter().enumerate() {
                wants.at(format!("{root}{path}")).fact = Some(Fact::Path(fact));
            }
        }
        if derive.is_some() {
            for (input, path) in ecs::INPUTS.iter().enumerate() {
                wants.at(format!("{root}{path}")).input = Some(input);
            }
        }
        if hits {
            wants.at(Projection::INDEX.to_owned()).fact = Some(Fact::Index);
            wants.at(Projection::ID.to_owned()).fact = Some(Fact::Id);
        }
        let Wants { paths, wants } = wants;
        let scanner = if over_lines { Scanner::over_lines(&paths) } else { Scanner::new(&paths) };
        let (found, clock, stream) = (Vec::new(), Clock::default(), StreamOfLast::default());
        Rows { scanner, wants, found, clock, index, id, stream, derive }
    }

    /// Scans the document that begins at `from`. Gives the place behind it.
    pub fn scan(&mut self, text: &str, from: usize) -> Result<usize, Malformed> {
        self.scanner.document(text, from, &mut self.found)
    }

    /// Why a line is not a document.
    pub fn scan_line(&mut self, line: &str) -> Result<(), Malformed> {
        self.scanner.line(line, &mut self.found)
    }

    /// Adds the document scanned last as an event.
    pub fn add(&mut self, text: &str, envelope: Envelope<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        for at in 0..self.found.len() {
            let found = self.found[at];
            if found.kind != Kind::Null {
                self.value(found, text, batch, tally);
            }
        }
        if self.index.is_some() || self.derive.is_some() {
            let index = self.fact(Fact::Index, text);
            self.set_stream(text, index.as_deref().or(envelope.index), batch);
            self.derive(text, batch);
        }
        if self.id.is_some()
            && let Some(id) = self.fact(Fact::Id, text).as_deref().or(envelope.id)
        {
            batch.set_str(self.id, id);
        }
        tally.events += 1;
        batch.end_event();
    }

    /// Fills in what the document lacks.
    fn derive(&mut self, text: &str, batch: &mut EventBatch) {
        let (Some(derive), Some(stream)) = (&mut self.derive, &self.stream.stream) else { return };
        let given = self.found.iter().filter_map(|found| {
            let input = self.wants.get(usize::from(found.path))?.input?;
            let value = match found.kind {
                Kind::True => Cow::Borrowed("true"),
                Kind::False => Cow::Borrowed("false"),
                Kind::Null => return None,
                kind => text_of(kind, found.raw(text)),
            };
            Some((input, value))
        });
        derive.write(&given.collect::<Vec<_>>(), stream, batch);
    }

    fn fact<'t>(&self, fact: Fact, text: &'t str) -> Option<Cow<'t, str>> {
        let is = |found: &&Found| self.wants.get(usize::from(found.path)).is_some_and(|want| want.fact == Some(fact));
        let found = self.found.iter().find(is).filter(|found| found.kind.is_string())?;
        Some(text_of(found.kind, found.raw(text)))
    }

    fn value(&mut self, found: Found, text: &str, batch: &mut EventBatch, tally: &mut Tally) {
        let Some(want) = self.wants.get(usize::from(found.path)) else { return };
        let raw = found.raw(text);
        if want.timestamp {
            let moment = self.clock.moment(found.kind, raw);
            if let Some(moment) = moment {
                tally.timestamp(moment.millis());
            }
        }
        if want.slot.is_none() {
            return;
        }
        if !want.many && batch.is_set(want.slot) {
            tally.add_several(|| self.field(found.path, batch));
        } else if !set(batch, want, found.kind, raw, &mut self.clock) {
            tally.add_unconverted(|| self.field(found.path, batch));
        }
    }

    fn field(&self, path: PathId, batch: &EventBatch) -> String {
        let slot = self.wants.get(usize::from(path)).and_then(|want| want.slot);
        slot.map_or_else(String::new, |slot| batch.name(slot).to_owned())
    }

    fn set_stream(&mut self, text: &str, index: Option<&str>, batch: &mut EventBatch) {
        let mut values: [Option<Cow<'_, str>>; stream::PATHS.len()] = Default::default();
        for found in &self.found {
            if let Some(Fact::Path(fact)) = self.wants.get(usize::from(found.path)).and_then(|want| want.fact)
                && found.kind.is_string()
                && let Some(value) = values.get_mut(fact)
            {
                *value = Some(text_of(found.kind, found.raw(text)));
            }
        }
        let last = &mut self.stream;
        let same = last.index.as_deref() == index
            && values.iter().zip(&last.values).all(|(value, last)| value.as_deref() == last.as_deref());
        let stream = match &last.stream {
            Some(stream) if same => stream,
            _ => {
                let facts = Facts { values: values.each_ref().map(Option::as_deref), index };
                let stream = stream::of(&facts);
                last.index = index.map(str::to_owned);
                last.values = values.map(|value| value.map(Cow::into_owned));
                last.stream.insert(stream)
            }
        };
        batch.set_str(self.index, stream.as_str());
    }
}

fn text_of(kind: Kind, raw: &str) -> Cow<'_, str> {
    if kind == Kind::Escaped { token::unescape(raw) } else { Cow::Borrowed(raw) }
}

/// False if the value does not convert to the field's type.
fn set(batch: &mut EventBatch, want: &Want, kind: Kind, raw: &str, clock: &mut Clock) -> bool {
    match (want.ty, kind) {
        (Type::Date | Type::DateNanos, _) => match clock.moment(kind, raw) {
            Some(moment) => batch.set_moment(want.slot, moment),
            None => false,
        },
        (Type::Ip, Kind::Plain | Kind::Escaped) => match Host::Text(&text_of(kind, raw)).ip_text(&mut String::new()) {
            Some(address) => batch.set_str(want.slot, address),
            None => false,
        },
        (Type::Ip, _) => false,
        (_, Kind::Plain) => batch.set_str(want.slot, raw),
        (_, Kind::Escaped) => batch.set_str(want.slot, &token::unescape(raw)),
        (_, Kind::True) => batch.set_bool(want.slot, true),
        (_, Kind::False) => batch.set_bool(want.slot, false),
        (ty, Kind::Number) if ty.is_string() || ty == Type::Version => batch.set_str(want.slot, raw),
        (_, Kind::Number) => number(raw).is_some_and(|value| batch.set(want.slot, value)),
        (_, Kind::Null) => true,
    }
}

/// A JSON number in the narrowest kind of value that holds it.
fn number(raw: &str) -> Option<Value<'_>> {
    if let Ok(value) = raw.parse() {
        return Some(Value::Long(value));
    }
    if let Ok(value) = raw.parse() {
        return Some(Value::UnsignedLong(value));
    }
    raw.parse().ok().filter(|value: &f64| value.is_finite()).map(Value::Double)
}

impl Clock {
    /// A date in a document: text in one of Elasticsearch's default forms, or a number of milliseconds.
    fn moment(&mut self, kind: Kind, raw: &str) -> Option<Moment> {
        match kind {
            Kind::Plain | Kind::Number => self.parse(raw),
            Kind::Escaped => self.parse(&token::unescape(raw)),
            Kind::True | Kind::False | Kind::Null => None,
        }
    }
}
