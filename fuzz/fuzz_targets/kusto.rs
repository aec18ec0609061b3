//! Any text is a query or a list of errors inside it; a query survives printing, and lowers to something.

#![no_main]

use lang::Origin;
use lang::dialect::kusto;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (script, errors) = kusto::read(text, &Origin::default());
    for span in errors.iter().filter_map(|error| error.span) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    }
    if let Some(meaning) = kusto::lower(&script) {
        for span in meaning.diagnostics.iter().filter_map(|found| found.span) {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        }
    }
    if !errors.is_empty() {
        return;
    }
    let printed = kusto::print(&script);
    if printed.len() > kusto::MAX_LENGTH {
        return;
    }
    // Brackets that printing adds may go one level too deep.
    match kusto::parse(&printed) {
        Ok(again) => assert_eq!(printed, kusto::print(&again)),
        Err(errors) => assert!(errors.iter().all(|error| error.code == ir::codes::TOO_LARGE), "{errors:?} in {printed}"),
    }
});
