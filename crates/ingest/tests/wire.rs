//! What is written as a DNS message is read as it was, and arbitrary bytes do no harm.

use ingest::wire::{Message, Section};
use proptest::prelude::*;

/// Labels of a name that fits a message.
fn name() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..8)
}

#[derive(Clone, Debug)]
struct Record {
    name: Vec<Vec<u8>>,
    rtype: u16,
    ttl: u32,
    data: Vec<u8>,
}

fn record() -> impl Strategy<Value = Record> {
    (name(), any::<u16>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..60))
        .prop_map(|(name, rtype, ttl, data)| Record { name, rtype, ttl, data })
}

/// Writes a name; a tail that was written before becomes a pointer to it.
fn put_name(labels: &[Vec<u8>], known: &mut Vec<(Vec<Vec<u8>>, u16)>, out: &mut Vec<u8>) {
    for at in 0..labels.len() {
        let tail = &labels[at..];
        if let Some((_, place)) = known.iter().find(|(name, _)| name == tail) {
            out.extend((0xC000 | place).to_be_bytes());
            return;
        }
        if let Ok(place @ ..0x4000) = u16::try_from(out.len()) {
            known.push((tail.to_vec(), place));
        }
        out.push(labels[at].len() as u8);
        out.extend(&labels[at]);
    }
    out.push(0);
}

fn message(question: &[Vec<u8>], qtype: u16, answers: &[Record]) -> Vec<u8> {
    let mut out = vec![0x12, 0x34, 0x81, 0x80, 0, 1];
    out.extend((answers.len() as u16).to_be_bytes());
    out.extend([0; 4]);
    let mut known = Vec::new();
    put_name(question, &mut known, &mut out);
    out.extend(qtype.to_be_bytes());
    out.extend([0, 1]);
    for record in answers {
        put_name(&record.name, &mut known, &mut out);
        out.extend(record.rtype.to_be_bytes());
        out.extend([0, 1]);
        out.extend(record.ttl.to_be_bytes());
        out.extend((record.data.len() as u16).to_be_bytes());
        out.extend(&record.data);
    }
    out
}

fn labels(name: &ingest::wire::Name<'_>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    name.labels(|label| found.push(label.to_vec())).expect("a sound name");
    found
}

proptest! {
    #[test]
    fn messages_are_read_as_they_were_written(
        question in name(),
        qtype in any::<u16>(),
        answers in prop::collection::vec(record(), 0..8),
    ) {
        let bytes = message(&question, qtype, &answers);
        let read = Message::read(&bytes).expect("a sound message");
        let asked = read.question.expect("a question");
        prop_assert_eq!((labels(&asked.name), asked.qtype), (question, qtype));
        let records: Vec<_> = read.records().map(|record| record.expect("a sound record")).collect();
        prop_assert_eq!(records.len(), answers.len());
        for (found, written) in records.iter().zip(&answers) {
            prop_assert_eq!(labels(&found.name), written.name.clone());
            prop_assert_eq!((found.section, found.rtype, found.ttl), (Section::Answer, written.rtype, written.ttl));
            prop_assert_eq!(found.rdata.bytes(), &written.data[..]);
        }
    }

    /// The text of two names is the same only if they are.
    #[test]
    fn names_are_told_apart_by_their_text(one in name(), other in name()) {
        let text = |labels: &[Vec<u8>]| {
            let bytes = message(labels, 1, &[]);
            let mut text = Vec::new();
            Message::read(&bytes).ok()?.question?.name.write(&mut text).ok()?;
            Some(text)
        };
        prop_assert_eq!(text(&one) == text(&other), one == other);
    }

    #[test]
    fn a_message_that_is_cut_gives_no_more_than_it_has(
        question in name(),
        answers in prop::collection::vec(record(), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = message(&question, 16, &answers);
        let cut = &bytes[..cut.index(bytes.len())];
        if let Ok(read) = Message::read(cut) {
            prop_assert!(read.records().count() <= answers.len());
            prop_assert!(read.records().any(|record| record.is_err()));
        }
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(read) = Message::read(&bytes) {
            let mut text = Vec::new();
            for record in read.records().map_while(Result::ok) {
                let _ = record.name.write(&mut text);
                record.rdata.write(&mut text);
            }
            let _ = (read.opt(), read.rcode());
            prop_assert!(text.is_ascii());
        }
    }
}
