//! What was read of an input, and what could not be.

/// How many unreadable records of an input are kept as examples.
const EXAMPLES: usize = 10;
/// How much of an unreadable record is shown, in bytes.
const EXCERPT: usize = 120;

/// Running totals of one input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub events: u64,
    pub unreadable: u64,
    /// Sound records that hold no event of a kind read here: packets without DNS, comments, notices of a server.
    pub other: u64,
    /// The first unreadable records.
    pub examples: Vec<Unreadable>,
    /// Earliest and latest `@timestamp`, in milliseconds since the epoch.
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// Values dropped because a field of single values held several, with the first such field.
    pub several_values: u64,
    pub several_values_field: Option<String>,
    /// Values dropped because they do not convert to their field's type, with the first such field.
    pub unconverted: u64,
    pub unconverted_field: Option<String>,
    /// Records read although some of their bytes are not UTF-8; U+FFFD stands for these.
    pub lossy: u64,
}

/// One record that could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Unreadable {
    /// One-based line, or packet or frame number; within the chunk until totals are merged.
    pub record: u64,
    pub reason: String,
    /// The beginning of the record, lossily as text.
    pub excerpt: String,
}

impl Tally {
    pub fn unreadable(&mut self, record: u64, reason: impl Into<String>, bytes: &[u8]) {
        self.unreadable += 1;
        if self.examples.len() < EXAMPLES {
            let excerpt = String::from_utf8_lossy(&bytes[..bytes.len().min(EXCERPT)]).into_owned();
            self.examples.push(Unreadable { record, reason: reason.into(), excerpt });
        }
    }

    /// A value was dropped because its field takes one and has it.
    pub fn add_several(&mut self, field: impl FnOnce() -> String) {
        self.several_values += 1;
        self.several_values_field.get_or_insert_with(field);
    }

    /// A value was dropped because it does not convert to its field's type.
    pub fn add_unconverted(&mut self, field: impl FnOnce() -> String) {
        self.unconverted += 1;
        self.unconverted_field.get_or_insert_with(field);
    }

    #[inline]
    pub fn timestamp(&mut self, millis: i64) {
        self.first = Some(self.first.map_or(millis, |first| first.min(millis)));
        self.last = Some(self.last.map_or(millis, |last| last.max(millis)));
    }

    /// Adds the totals of a later part of the same input that began `records` records into it.
    pub fn merge(&mut self, part: Tally, records: u64) {
        self.events += part.events;
        self.unreadable += part.unreadable;
        self.other += part.other;
        for millis in [part.first, part.last].into_iter().flatten() {
            self.timestamp(millis);
        }
        self.several_values += part.several_values;
        self.several_values_field = self.several_values_field.take().or(part.several_values_field);
        self.unconverted += part.unconverted;
        self.unconverted_field = self.unconverted_field.take().or(part.unconverted_field);
        self.lossy += part.lossy;
        let shifted = part.examples.into_iter().map(|e| Unreadable { record: e.record + records, ..e });
        self.examples.extend(shifted);
        self.examples.sort_by_key(|example| example.record);
        self.examples.truncate(EXAMPLES);
    }
}
