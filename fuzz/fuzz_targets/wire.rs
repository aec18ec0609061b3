//! Any bytes are a DNS message or not, and what is read of one has bounded text.

#![no_main]

use ingest::wire::Message;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = Message::read(bytes) else { return };
    let mut text = Vec::new();
    if let Some(question) = message.question {
        question.name.write(&mut text).expect("the question was sound when the message was read");
        assert!(text.len() <= 4 * 255);
    }
    let mut records = 0;
    for record in message.records().map_while(Result::ok) {
        records += 1;
        text.clear();
        let _ = record.name.write(&mut text);
        assert!(text.len() <= 4 * 255);
        text.clear();
        record.rdata.write(&mut text);
        assert!(text.len() <= 4 * record.rdata.bytes().len() + 8 * 255 + 256);
        assert!(text.is_ascii());
    }
    assert!(records * 11 <= bytes.len());
    if let Some(opt) = message.opt() {
        let _ = (opt.nsid(), opt.subnet(), opt.cookie());
    }
});
