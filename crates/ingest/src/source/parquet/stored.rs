//! A file that several workers read at once.
//!
//! Not a `File`, whose clones share one place: what a worker seeks, another would read.

use crate::input::Origin;
use ::parquet::{
    errors::{ParquetError, Result},
    file::reader::{ChunkReader, Length},
};
use bytes::Bytes;
use std::{
    fs::File,
    io::{self, Read},
    sync::Arc,
};

#[derive(Clone)]
pub struct Stored {
    file: Arc<File>,
    length: u64,
}

/// A reader with a place of its own.
pub struct At {
    file: Arc<File>,
    at: u64,
}

impl Stored {
    pub fn new(file: Arc<File>) -> io::Result<Stored> {
        Ok(Stored { length: file.metadata()?.len(), file })
    }
}

impl Length for Stored {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Stored {
    type T = io::BufReader<At>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(io::BufReader::new(At { file: self.file.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // A forged length must not be believed before memory is taken.
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF(format!("{length} bytes at {start} are beyond the end of the file")));
        }
        let mut bytes = vec![0; length];
        At { file: self.file.clone(), at: start }.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

impl Read for At {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = Origin::read_at(&self.file, into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
