//! Where the bytes of an input are, and how they are read: at any place at once where they lie plain in a file, else
//! from front to end.

use super::{
    compression::{self, MAGIC},
    unicode::{self, UTF8_MARK, Utf16},
};
use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

/// How often compression may be applied, such as a gzip inside a zstd.
const LAYERS: usize = 3;

/// A file on disk or a spooled pipe.
#[derive(Debug)]
pub struct Origin {
    name: String,
    store: Store,
    size: u64,
}

#[derive(Debug)]
enum Store {
    /// Opened for each reading, so that a directory of many files needs few handles.
    Path(PathBuf, Stamp),
    /// A pipe's bytes in an unnamed temporary file.
    Spool(Arc<File>),
}

/// What tells a file from another one of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    id: Option<u64>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Stamp { modified: metadata.modified().ok(), id: file_id(metadata) }
    }
}

/// Bytes read so far, as stored; shared with whoever shows progress.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// An opened origin.
pub enum Reading {
    /// Plain bytes `start..end` of a file.
    Ranges { file: Arc<File>, start: u64, end: u64 },
    /// Decoded bytes, from front to end.
    Stream(Box<dyn Read + Send>),
}

impl Origin {
    pub fn file(path: &Path) -> io::Result<Origin> {
        let name = path.to_string_lossy().into_owned();
        let metadata = path.metadata()?;
        if metadata.is_file() {
            let store = Store::Path(path.to_owned(), Stamp::of(&metadata));
            return Ok(Origin { name, store, size: metadata.len() });
        }
        if is_pipe(&metadata) {
            return Self::spool(name, &mut File::open(path)?);
        }
        Err(io::Error::new(io::ErrorKind::InvalidInput, "neither a file, a directory nor a pipe"))
    }

    pub fn standard_input() -> io::Result<Origin> {
        Self::spool("-".to_owned(), &mut io::stdin().lock())
    }

    fn spool(name: String, reader: &mut dyn Read) -> io::Result<Origin> {
        let mut file = tempfile::tempfile()?;
        let size = io::copy(reader, &mut file)?;
        file.rewind()?;
        Ok(Origin { name, store: Store::Spool(Arc::new(file)), size })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes as stored, when it was opened.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Why the file is not the one that was opened any more. One that only grew is; what was added is not read.
    pub fn changed(&self) -> Option<&'static str> {
        let Store::Path(path, opened) = &self.store else { return None };
        let Ok(metadata) = path.metadata() else { return Some("the file went away while it was read") };
        let now = Stamp::of(&metadata);
        if now.id != opened.id {
            Some("another file took its place while it was read")
        } else if metadata.len() < self.size || (metadata.len() == self.size && now.modified != opened.modified) {
            Some("the file was written to while it was read")
        } else {
            None
        }
    }

    /// Reads some of a file from a place on.
    pub fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
        read_at(file, into, at)
    }

    /// The decompressed input as a file: where it lies if it lies plain, else an unnamed copy.
    pub fn plain_file(&self) -> io::Result<Arc<File>> {
        match self.reading(&Progress::default())? {
            Reading::Ranges { file, start: 0, .. } => Ok(file),
            reading => {
                let mut file = tempfile::tempfile()?;
                io::copy(&mut reading.into_reader(&Progress::default()), &mut file)?;
                Ok(Arc::new(file))
            }
        }
    }

    /// Opens the input for reading from its beginning.
    pub fn reading(&self, progress: &Progress) -> io::Result<Reading> {
        let file = match &self.store {
            Store::Path(path, _) => Arc::new(File::open(path)?),
            Store::Spool(file) => file.clone(),
        };
        let end = file.metadata()?.len().min(self.size);
        let mut head = [0; MAGIC];
        let filled = fill(&mut ReadAt { file: file.clone(), at: 0, progress: Progress::default() }, &mut head)?;
        let head = &head[..filled];
        if compression::recognise(head).is_some() || unicode::utf16_mark(head).is_some() {
            let reader = ReadAt { file, at: 0, progress: progress.clone() };
            return decoded(Box::new(reader)).map(Reading::Stream);
        }
        let start = if head.starts_with(&UTF8_MARK) { UTF8_MARK.len() as u64 } else { 0 };
        Ok(Reading::Ranges { file, start, end })
    }
}

impl Reading {
    /// All of it from front to end.
    pub fn into_reader(self, progress: &Progress) -> Box<dyn Read + Send> {
        match self {
            Reading::Stream(reader) => reader,
            Reading::Ranges { file, start, .. } => Box::new(ReadAt { file, at: start, progress: progress.clone() }),
        }
    }
}

/// Undoes compression, layer by layer, and then UTF-16 and byte order marks.
fn decoded(mut reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    for _ in 0..LAYERS {
        let (head, whole) = peek(reader)?;
        match compression::recognise(&head) {
            Some(compression) => reader = compression.decoder(whole)?,
            None => return without_mark(&head, whole),
        }
    }
    Ok(reader)
}

fn without_mark(head: &[u8], mut reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    if let Some(order) = unicode::utf16_mark(head) {
        reader.read_exact(&mut [0; 2])?;
        return Ok(Box::new(Utf16::new(reader, order)));
    }
    if head.starts_with(&UTF8_MARK) {
        reader.read_exact(&mut [0; UTF8_MARK.len()])?;
    }
    Ok(reader)
}

/// The first bytes of a reader, and a reader that still has them.
fn peek(mut reader: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut head = vec![0; MAGIC];
    let filled = fill(&mut reader, &mut head)?;
    head.truncate(filled);
    Ok((head.clone(), Box::new(io::Cursor::new(head).chain(reader))))
}

/// Reads until the buffer is full or the reader ends; what came before an error counts.
fn fill(reader: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match reader.read(&mut into[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if filled == 0 => return Err(error),
            Err(_) => break,
        }
    }
    Ok(filled)
}

/// Reads a shared file from a place of its own.
struct ReadAt {
    file: Arc<File>,
    at: u64,
    progress: Progress,
}

impl Read for ReadAt {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = read_at(&self.file, into, self.at)?;
        self.at += read as u64;
        self.progress.add(read as u64);
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

#[cfg(unix)]
fn file_id(metadata: &Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::ino(metadata))
}

#[cfg(not(unix))]
fn file_id(_: &Metadata) -> Option<u64> {
    None
}

#[cfg(unix)]
fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo() || metadata.file_type().is_socket()
}

#[cfg(windows)]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}
