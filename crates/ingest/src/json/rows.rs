//! Documents into rows.

use super::{
    discovery::Shared,
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
    network::{Host, is_dotted_quad},
    time::{Clock, Moment},
};
use schema::{DataStream, StreamSelection, Type};
use std::borrow::Cow;

const TIMESTAMP: &str = "@timestamp";

/// Decodes documents for a projection.
pub struct Rows {
    projection: Projection,
    layout: Layout,
    scanner: Scanner,
    wants: Vec<Want>,
    found: Vec<Found>,
    /// Where the document scanned last begins.
    from: usize,
    clock: Clock,
    index: Option<Slot>,
    id: Option<Slot>,
    stream: StreamOfLast,
    /// The streams that are asked for, if not all are.
    streams: Option<StreamSelection>,
    derive: Option<Derive>,
    /// What is learned of the documents beyond their rows.
    discovered: Option<Shared>,
}

/// How documents lie in the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layout {
    /// Their fields are below `_source`, and beside it `_index` and `_id`.
    pub hits: bool,
    /// They may go on over several lines.
    pub over_lines: bool,
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
struct StreamOfLast {
    values: [Option<String>; stream::PATHS.len()],
    /// How many values it gave.
    said: usize,
    index: Option<String>,
    stream: DataStream,
    /// Whether it is asked for.
    selected: bool,
}

/// What stands around a document in bulk lines and search responses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Envelope<'e> {
    pub index: Option<&'e str>,
    pub id: Option<&'e str>,
}

impl Rows {
    /// `learn` takes in what the documents have beside the projection.
    pub fn new(projection: &Projection, layout: Layout, derive: Option<Derive>, learn: Option<Shared>) -> Self {
        let stream = stream::of(&Facts::default());
        let mut rows = Rows {
            projection: projection.clone(),
            layout,
            scanner: Scanner::new::<&str>(&[]),
            wants: Vec::new(),
            found: Vec::new(),
            from: 0,
            clock: Clock::default(),
            index: projection.slot(Projection::INDEX),
            id: projection.slot(Projection::ID),
            stream: StreamOfLast { values: Default::default(), said: 0, index: None, stream, selected: true },
            streams: None,
            derive,
            discovered: learn,
        };
        rows.want();
        rows
    }

    /// Sets out what to look for in documents.
    fn want(&mut self) {
        let root = if self.layout.hits { "_source." } else { "" };
        let mut wants = Wants::default();
        for field in self.projection.fields() {
            let slot = self.projection.slot(&field.name);
            let slot = slot.filter(|slot| Some(*slot) != self.index && Some(*slot) != self.id);
            if slot.is_some() {
                let want = wants.at(format!("{root}{}", field.name));
                (want.slot, want.ty, want.many) = (slot, field.ty, field.many);
            }
        }
        wants.at(format!("{root}{TIMESTAMP}")).timestamp = true;
        if self.tells_streams() {
            for (fact, path) in stream::PATHS.iter().enumerate() {
                wants.at(format!("{root}{path}")).fact = Some(Fact::Path(fact));
            }
        }
        for input in self.derive.iter().flat_map(Derive::inputs) {
            wants.at(format!("{root}{}", ecs::INPUTS[input])).input = Some(input);
        }
        if self.layout.hits {
            wants.at(Projection::INDEX.to_owned()).fact = Some(Fact::Index);
            wants.at(Projection::ID.to_owned()).fact = Some(Fact::Id);
        }
        let Wants { paths, wants } = wants;
        self.scanner = if self.layout.over_lines { Scanner::over_lines(&paths) } else { Scanner::new(&paths) };
        self.wants = wants;
    }

    fn tells_streams(&self) -> bool {
        self.index.is_some() || self.discovered.is_some() || self.derive.is_some() || self.streams.is_some()
    }

    /// From now on leaves out documents of other streams.
    pub fn select(&mut self, streams: &StreamSelection) {
        self.streams = Some(streams.clone());
        self.stream.selected = streams.has(self.stream.stream.as_str());
        self.want();
    }

    /// Scans the document that begins at `from`. Gives the place behind it.
    pub fn scan(&mut self, text: &str, from: usize) -> Result<usize, Malformed> {
        self.from = from;
        self.scanner.document(text, from, &mut self.found)
    }

    /// Why a line is not a document.
    pub fn scan_line(&mut self, line: &str) -> Result<(), Malformed> {
        self.from = 0;
        self.scanner.line(line, &mut self.found)
    }

    /// Adds the document scanned last as an event.
    pub fn add(&mut self, text: &str, envelope: Envelope<'_>, batch: &mut EventBatch, tally: &mut Tally) {
        tally.events += 1;
        if self.tells_streams() {
            let index = self.fact(Fact::Index, text);
            self.find_stream(text, index.as_deref().or(envelope.index));
        }
        for at in 0..self.found.len() {
            let found = self.found[at];
            if found.kind != Kind::Null {
                self.value(found, text, batch, tally);
            }
        }
        if !self.stream.selected {
            return;
        }
        if self.index.is_some() {
            batch.set_str(self.index, self.stream.stream.as_str());
        }
        self.derive(text, batch);
        if self.id.is_some()
            && let Some(id) = self.fact(Fact::Id, text).as_deref().or(envelope.id)
        {
            batch.set_str(self.id, id);
        }
        batch.end_event();
    }

    /// Fills in what the document lacks.
    fn derive(&mut self, text: &str, batch: &mut EventBatch) {
        let Some(derive) = &mut self.derive else { return };
        let input = |found: &Found| self.wants.get(usize::from(found.path)).and_then(|want| want.input);
        if !derive.lacks(batch) || !self.found.iter().any(|found| input(found) == Some(Derive::QUESTION)) {
            return;
        }
        if derive.begin() {
            // Documents were complete so far; from now on what others follow from is looked for at once.
            self.want();
            if self.scanner.document(text, self.from, &mut self.found).is_err() {
                return;
            }
        }
        let (Some(derive), wants) = (&mut self.derive, &self.wants) else { return };
        let given = self.found.iter().filter_map(|found| {
            let input = wants.get(usize::from(found.path))?.input?;
            let value = match found.kind {
                Kind::True => Cow::Borrowed("true"),
                Kind::False => Cow::Borrowed("false"),
                Kind::Null => return None,
                kind => text_of(kind, found.raw(text)),
            };
            Some((input, value))
        });
        derive.write(&given.collect::<Vec<_>>(), &self.stream.stream, batch);
    }

    fn fact<'t>(&self, fact: Fact, text: &'t str) -> Option<Cow<'t, str>> {
        let is = |found: &&Found| self.wants.get(usize::from(found.path)).is_some_and(|want| want.fact == Some(fact));
        let found = self.found.iter().find(is).filter(|found| found.kind.is_string())?;
        Some(text_of(found.kind, found.raw(text)))
    }

    #[inline]
    fn value(&mut self, found: Found, text: &str, batch: &mut EventBatch, tally: &mut Tally) {
        let Some(want) = self.wants.get(usize::from(found.path)) else { return };
        let raw = found.raw(text);
        if !self.stream.selected {
            if want.timestamp
                && let Some(moment) = self.clock.moment(found.kind, raw)
            {
                tally.timestamp(moment.millis());
            }
            return;
        }
        if want.slot.is_some() && !want.many && batch.is_set(want.slot) {
            tally.add_several(|| self.field(found.path, batch));
            return;
        }
        let set = match (want.ty, found.kind) {
            _ if want.timestamp => match self.clock.moment(found.kind, raw) {
                Some(moment) => {
                    tally.timestamp(moment.millis());
                    batch.set_moment(want.slot, moment)
                }
                None => false,
            },
            _ if want.slot.is_none() => true,
            (Type::Keyword, Kind::Plain) => batch.set_str(want.slot, raw),
            (Type::Ip, Kind::Plain) if is_dotted_quad(raw.as_bytes()) => batch.set_str(want.slot, raw),
            _ => set(batch, want, found.kind, raw, &mut self.clock),
        };
        if !set {
            tally.add_unconverted(|| self.field(found.path, batch));
        }
    }

    fn field(&self, path: PathId, batch: &EventBatch) -> String {
        let slot = self.wants.get(usize::from(path)).and_then(|want| want.slot);
        slot.map_or_else(String::new, |slot| batch.name(slot).to_owned())
    }

    fn find_stream(&mut self, text: &str, index: Option<&str>) {
        let same = self.same_stream(text, index);
        if !same {
            self.stream = self.stream_of(text, index);
        }
        if let Some(discovered) = &self.discovered
            && (!same || self.scanner.is_novel())
        {
            discovered.see(text.get(self.from..).unwrap_or(""), self.layout.hits, &self.stream.stream);
        }
    }

    /// What a document says of its stream.
    fn facts<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, Kind, &'t str)> {
        self.found.iter().filter_map(move |found| match self.wants.get(usize::from(found.path))?.fact? {
            Fact::Path(at) if found.kind.is_string() => Some((at, found.kind, found.raw(text))),
            _ => None,
        })
    }

    /// Whether the document says the same as the one before.
    fn same_stream(&self, text: &str, index: Option<&str>) -> bool {
        let last = &self.stream;
        let mut said = 0;
        let same = |(at, kind, raw): (usize, Kind, &str)| {
            said += 1;
            kind == Kind::Plain && last.values.get(at).is_some_and(|value| value.as_deref() == Some(raw))
        };
        self.facts(text).all(same) && said == last.said && last.index.as_deref() == index
    }

    fn stream_of(&self, text: &str, index: Option<&str>) -> StreamOfLast {
        let mut values: [Option<String>; stream::PATHS.len()] = Default::default();
        let mut said = 0;
        for (at, kind, raw) in self.facts(text) {
            said += 1;
            if let Some(value) = values.get_mut(at) {
                *value = Some(text_of(kind, raw).into_owned());
            }
        }
        let stream = stream::of(&Facts { values: values.each_ref().map(Option::as_deref), index });
        let selected = self.streams.as_ref().is_none_or(|streams| streams.has(stream.as_str()));
        StreamOfLast { values, said, index: index.map(str::to_owned), stream, selected }
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
