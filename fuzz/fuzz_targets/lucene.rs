//! Any text is a query or an error inside it; a query survives printing, and what it means has its place in it.

#![no_main]

use lang::dialect::lucene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match lucene::parse(text) {
        Ok(query) => {
            let printed = lucene::print(&query);
            if printed.len() > lucene::MAX_LENGTH {
                return;
            }
            let again = lucene::parse(&printed).unwrap_or_else(|errors| panic!("{errors:?} in {printed}"));
            assert_eq!(printed, lucene::print(&again));
            let options = lucene::Options::default();
            let first = lucene::lower(&query, &options).0.to_string();
            assert_eq!(first, lucene::lower(&again, &options).0.to_string());
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for span in errors.iter().filter_map(|error| error.span) {
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
            }
        }
    }
});
