//! Packet captures: pcap and pcapng files, down to the DNS messages in them.
//!
//! The way of a packet: a reader of the file format finds it ([`classic`], [`blocks`]), [`link`] and [`ip`] open it up,
//! [`fragment`] and [`tcp`] put together what was sent in pieces, `wire` reads the message, [`pair`] joins query and
//! response, and [`emit`] writes the event, as Elastic Agent's Network Packet Capture would have it.
//!
//! Several workers may read one capture: each finds all packets, which costs little, and dissects those whose addresses,
//! ports and id fall to its share, so that a query and its response always meet.
//!
//! Readers of our own rather than pcap-parser and etherparse: the goal is millions of packets a second, which leaves
//! some 200 ns for each; in that time nothing may be copied or allocated, and most of what those crates parse and
//! verify is of no interest here.

mod blocks;
mod classic;
mod decode;
mod dissect;
mod emit;
mod fragment;
mod ip;
mod link;
mod pair;
mod record;
mod tcp;
#[cfg(test)]
mod tests;

use super::{Decoder, Framing, Head, Log, Options, Share, Source};
use crate::Projection;
use decode::{Packets, Reader};
use schema::{DataStream, Field};
use std::sync::Arc;

pub struct Pcap;

impl Source for Pcap {
    fn name(&self) -> &'static str {
        "pcap"
    }

    fn recognise(&self, head: &Head<'_>) -> bool {
        Reader::of(head.bytes).is_some()
    }

    fn open(&self, head: &Head<'_>, options: &Options) -> Result<Arc<dyn Log>, String> {
        let reader = Reader::of(head.bytes).ok_or("neither a pcap nor a pcapng header")?;
        if let Reader::Classic(classic) = &reader
            && !classic.link().is_known()
        {
            return Err(format!("packets of link type {} cannot be read", classic.link().0));
        }
        Ok(Arc::new(Capture { reader, options: options.clone() }))
    }
}

struct Capture {
    reader: Reader,
    options: Options,
}

impl Log for Capture {
    fn streams(&self) -> Vec<DataStream> {
        vec![DataStream::logs("network_traffic.dns", "default")]
    }

    fn fields(&self) -> Vec<Field> {
        emit::Emitter::fields()
    }

    fn framing(&self) -> Framing {
        Framing::Bytes
    }

    fn decoder(&self, projection: &Arc<Projection>) -> Box<dyn Decoder> {
        Box::new(Packets::new(self.reader.clone(), projection, &self.options, Share::ALL))
    }

    fn decoder_midway(&self, projection: &Arc<Projection>) -> Option<Box<dyn Decoder>> {
        Some(Box::new(Packets::midway(&self.reader, projection, &self.options)?))
    }

    fn share(&self, projection: &Arc<Projection>, share: Share) -> Option<Box<dyn Decoder>> {
        Some(Box::new(Packets::new(self.reader.clone(), projection, &self.options, share)))
    }

    fn has_shares(&self) -> bool {
        true
    }
}
