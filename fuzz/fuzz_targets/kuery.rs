//! Any text is a query or an error inside it; a query survives printing, and what it means has its place in it.

#![no_main]

use lang::dialect::kuery;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match kuery::parse(text) {
        Ok(query) => {
            let printed = kuery::print(&query);
            if printed.len() > kuery::MAX_LENGTH {
                return;
            }
            let again = kuery::parse(&printed).unwrap_or_else(|errors| panic!("{errors:?} in {printed}"));
            assert_eq!(printed, kuery::print(&again));
            let options = kuery::Options::default();
            let first = kuery::lower(&query, &options).to_string();
            assert_eq!(first, kuery::lower(&again, &options).to_string());
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for span in errors.iter().filter_map(|error| error.span) {
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
            }
        }
    }
});
