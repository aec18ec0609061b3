//! From what the user names to opened inputs: find the files, undo compression, recognise the kind of log.
//!
//! Nothing here ends a run: whatever cannot be read becomes an [`InputError`] and the other inputs are still read.
//! Everything is recognised by content, since names lie: rotated logs lose their suffix, `.log` may be gzip. Pipes are
//! spooled to an unnamed temporary file first, so that every input can be read again and by several workers.

mod compression;
mod find;
mod origin;
mod unicode;

pub(crate) use origin::Reading;
pub use origin::{Origin, Progress};

use crate::{Head, Log, Options, source::SOURCES};
use schema::{DataStream, Field};
use std::{
    fmt,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

/// How much of an input sources see to recognise it, in bytes.
const HEAD: usize = 256 * 1024;

/// What [`open`] found.
#[derive(Debug, Default)]
pub struct Opened {
    pub inputs: Vec<Input>,
    pub errors: Vec<InputError>,
}

/// An input that is not read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    pub path: String,
    pub kind: InputErrorKind,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputErrorKind {
    /// There is nothing of this name.
    Missing,
    /// The operating system or the compression refuses.
    Unreadable,
    /// There is not one byte in it.
    Empty,
    /// It is no log of a known kind.
    Unrecognised,
    /// It ends or breaks in the middle; what comes before was read.
    CutOff,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// A recognised log, ready to be scanned any number of times.
#[derive(Clone)]
pub struct Input {
    source: &'static str,
    log: Arc<dyn Log>,
    origin: Arc<Origin>,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("path", &self.path()).field("source", &self.source).finish_non_exhaustive()
    }
}

impl Input {
    /// The name to show: the path as found, or `-`.
    pub fn path(&self) -> &str {
        self.origin.name()
    }

    /// The kind of log, as [`crate::Source::name`] has it.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// The data streams that its events may belong to.
    pub fn streams(&self) -> Vec<DataStream> {
        self.log.streams()
    }

    /// The fields that its events may have.
    pub fn fields(&self) -> Vec<Field> {
        self.log.fields()
    }

    /// Its size as stored, in bytes.
    pub fn size(&self) -> u64 {
        self.origin.size()
    }

    pub fn log(&self) -> &Arc<dyn Log> {
        &self.log
    }

    /// Whether its events may have other fields and be of other data streams than it says; [`crate::discover`] tells.
    pub fn is_open_ended(&self) -> bool {
        self.log.is_open_ended()
    }

    /// Why the input is not the one that was opened any more, so that several readings of it need not agree.
    pub fn changed(&self) -> Option<&'static str> {
        self.origin.changed()
    }

    /// The same input, read as another log.
    pub(crate) fn with_log(&self, log: Arc<dyn Log>) -> Input {
        Input { log, ..self.clone() }
    }

    pub(crate) fn origin(&self) -> &Arc<Origin> {
        &self.origin
    }
}

/// Finds, opens and recognises inputs. A path is a file, a directory (read recursively in the order of names, without
/// hidden files), a glob, or `-` for standard input; a file that several paths lead to is opened once.
pub fn open(paths: &[String], options: &Options) -> Opened {
    let mut opened = Opened::default();
    for found in find::find(paths) {
        let result = found.and_then(|found| found.origin()).and_then(|origin| recognise(Arc::new(origin), options));
        match result {
            Ok(input) => opened.inputs.push(input),
            Err(error) => opened.errors.push(error),
        }
    }
    opened
}

/// Asks each source whether it knows the input.
fn recognise(origin: Arc<Origin>, options: &Options) -> Result<Input, InputError> {
    let fail = |kind, reason: String| InputError { path: origin.name().to_owned(), kind, reason };
    let (bytes, whole) = read_head(&origin).map_err(|error| io_error(origin.name(), &error))?;
    if bytes.is_empty() {
        return Err(fail(InputErrorKind::Empty, "the file is empty".to_owned()));
    }
    let head = Head { bytes: &bytes, whole, path: Path::new(compression::bare_name(origin.name())) };
    let source = SOURCES.iter().find(|source| source.recognise(&head));
    let source = source.ok_or_else(|| {
        fail(InputErrorKind::Unrecognised, format!("no known kind of log begins with {}", unicode::excerpt(&bytes)))
    })?;
    let log = if source.needs_file() {
        let file = origin.plain_file().map_err(|error| io_error(origin.name(), &error))?;
        source.open_file(&head, file, options)
    } else {
        source.open(&head, options)
    };
    let log = log.map_err(|reason| fail(InputErrorKind::Unrecognised, reason))?;
    Ok(Input { source: source.name(), log, origin })
}

/// The beginning of the decompressed input, and whether that is all. Damage behind the first byte is left to the scan.
fn read_head(origin: &Origin) -> io::Result<(Vec<u8>, bool)> {
    let mut reader = origin.reading(&Progress::default())?.into_reader(&Progress::default());
    let mut bytes = vec![0; HEAD];
    let mut filled = 0;
    while filled < bytes.len() {
        match reader.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if filled == 0 => return Err(error),
            Err(_) => break,
        }
    }
    let whole = filled < bytes.len();
    bytes.truncate(filled);
    Ok((bytes, whole))
}

pub(crate) fn io_error(path: &str, error: &io::Error) -> InputError {
    let (kind, reason) = match error.kind() {
        io::ErrorKind::NotFound => (InputErrorKind::Missing, "no such file or directory".to_owned()),
        io::ErrorKind::PermissionDenied => (InputErrorKind::Unreadable, "permission denied".to_owned()),
        _ => (InputErrorKind::Unreadable, error.to_string()),
    };
    InputError { path: path.to_owned(), kind, reason }
}

#[cfg(test)]
mod tests;
