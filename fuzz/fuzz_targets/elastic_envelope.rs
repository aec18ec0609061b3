//! Any text is a rule, refused or not, and every diagnostic points into the text.

#![no_main]

use lang::envelope::elastic;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let rule = elastic::read(Path::new("rule.toml"), text);
    assert_eq!(rule.body.is_none(), ir::State::of(&rule.diagnostics) == ir::State::Refused);
    for span in rule.diagnostics.iter().filter_map(|diagnostic| diagnostic.span) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    }
});
