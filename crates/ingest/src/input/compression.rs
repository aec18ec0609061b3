//! Compression formats, recognised by their first bytes.
//!
//! Each decoder streams and reads on over concatenated members, frames and streams, as the formats' own tools do; memory
//! is bounded by the formats' windows (zstd: 128 MiB as `zstd -d` allows; xz: 256 MiB).

use std::io::{self, BufReader, Read};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

/// First bytes and suffix of each format (RFC 1952; RFC 8878; bzip2 and xz file format descriptions).
const FORMATS: [(Compression, &[u8], &[&str]); 4] = [
    (Compression::Gzip, &[0x1f, 0x8b, 8], &[".gz", ".gzip"]),
    (Compression::Zstd, &[0x28, 0xb5, 0x2f, 0xfd], &[".zst", ".zstd"]),
    (Compression::Bzip2, b"BZh", &[".bz2", ".bzip2"]),
    (Compression::Xz, &[0xfd, b'7', b'z', b'X', b'Z', 0], &[".xz"]),
];

/// What follows `BZh` and the level: a block or the end of an empty stream.
const BZIP2_BLOCKS: [[u8; 6]; 2] = [[0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]];

const XZ_MEMORY: u64 = 256 << 20;
const BUFFER: usize = 128 * 1024;

/// How many bytes [`recognise`] wants to see.
pub const MAGIC: usize = 10;

pub fn recognise(head: &[u8]) -> Option<Compression> {
    let (compression, ..) = FORMATS.iter().find(|(_, magic, _)| head.starts_with(magic))?;
    if *compression == Compression::Bzip2 && !head.get(4..10).is_some_and(|b| BZIP2_BLOCKS.iter().any(|x| x == b)) {
        return None;
    }
    Some(*compression)
}

/// The name without the suffixes of compression formats.
pub fn bare_name(name: &str) -> &str {
    let suffixes = FORMATS.iter().flat_map(|(_, _, suffixes)| *suffixes);
    match suffixes.into_iter().find_map(|suffix| name.strip_suffix(suffix)) {
        Some(bare) if !bare.is_empty() => bare_name(bare),
        _ => name,
    }
}

impl Compression {
    pub fn decoder(self, reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        let reader = BufReader::with_capacity(BUFFER, reader);
        Ok(match self {
            Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
            Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(reader)?),
            Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(reader)),
            Compression::Xz => {
                let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, liblzma::stream::CONCATENATED)?;
                Box::new(liblzma::bufread::XzDecoder::new_stream(reader, stream))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_compression() {
        for (name, bare) in [("dns.log.gz", "dns.log"), ("a.json.gz.zst", "a.json"), (".gz", ".gz"), ("x.log", "x.log")]
        {
            assert_eq!(bare_name(name), bare);
        }
    }

    #[test]
    fn bzip2_needs_more_than_three_letters() {
        assert_eq!(recognise(b"BZhello, world"), None);
        assert_eq!(recognise(b"BZh91AY&SY\0\0"), Some(Compression::Bzip2));
    }
}
