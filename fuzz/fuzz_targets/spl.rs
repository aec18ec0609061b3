//! Any text is a query or a list of errors inside it, whatever its macros are; a query survives printing. Lines after the
//! first that hold a tab define macros: name, tab, definition.

#![no_main]

use lang::spl::{self, Macros};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut macros = Macros::default();
    for (name, definition) in text.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        macros.define(name, Vec::new(), definition);
    }
    let diagnostics = match spl::compile(text, &macros) {
        Ok(meaning) => meaning.diagnostics,
        Err(errors) => {
            assert!(!errors.is_empty());
            errors
        }
    };
    for span in diagnostics.iter().filter_map(|diagnostic| diagnostic.span) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    }
    if let Ok(query) = spl::parse(text) {
        let printed = spl::print(&query);
        // A macro that nobody defines may be called where the printed quotes stand otherwise, and then is another's.
        if printed.len() > spl::MAX_LENGTH || printed.contains('`') {
            return;
        }
        let again = spl::parse(&printed).unwrap_or_else(|errors| panic!("{errors:?} in {printed}"));
        assert_eq!(printed, spl::print(&again));
    }
});
