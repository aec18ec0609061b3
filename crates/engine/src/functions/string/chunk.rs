//! `CHUNK(field, options)`.

use super::chunks::{Strategy, cut};
use crate::{
    functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, lists, slices::Slices},
    types::ColumnType,
};
use arrow::array::{Array, AsArray};
use ir::{Diagnostic, Literal};
use schema::Type;
use std::sync::Arc;

pub struct Chunk;

static DOC: Doc = Doc {
    name: "chunk",
    summary: "A text in pieces of so many words, as several values: by words, of which some are in two pieces, or by sentences, as many of them as fit.",
    parameters: &[
        Parameter::required("field", "keyword, text", "The text."),
        Parameter::optional(
            "options",
            "map",
            "`strategy`: `sentence` (the default), `word` or `none`; `max_chunk_size`: how many words a piece has (250 for words, 300 for sentences); `overlap`: how many words of a piece the next one repeats; `sentence_overlap`: how many sentences, 0 or 1.",
        ),
    ],
    returns: "keyword",
    examples: &[Example {
        query: r#"ROW c = CHUNK("One. Two three.", {"strategy": "sentence", "max_chunk_size": 20, "sentence_overlap": 0})"#,
        rows: &["One. Two three."],
    }],
};

impl Function for Chunk {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        let (options, args) = call.options(&["strategy", "max_chunk_size", "overlap", "sentence_overlap"])?;
        call.count(1, 1 + usize::from(args < call.args.len()))?;
        let strategy = strategy(call, options)?;
        let mut inputs = vec![call.one(0, Kind::String)?];
        inputs.resize(call.args.len(), Input::Captured);
        Ok(Bound::new(ColumnType::many(Type::Keyword), inputs, move |args, evaluation| {
            let texts = args[0].as_string_view();
            let mut pieces = Slices::new(texts);
            let mut lengths = Vec::with_capacity(evaluation.rows);
            for row in 0..evaluation.rows {
                let ranges = if texts.is_null(row) { Vec::new() } else { cut(texts.value(row), strategy) };
                lengths.push(ranges.len());
                ranges.into_iter().for_each(|range| pieces.push(row, range));
            }
            Ok(Arc::new(lists::of_lengths(lengths, Arc::new(pieces.finish()), Type::Keyword)?))
        }))
    }
}

fn strategy(call: &Call<'_>, options: &[(String, Literal)]) -> Result<Strategy, Diagnostic> {
    let bad = |what: &str| call.bad_value(call.args.len() - 1, format!("invalid {what} in [{}]", call.text));
    let option = |name: &str| options.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let number = |name: &str, default: usize| match option(name) {
        None => Ok(default),
        Some(Literal::Integer(value)) => usize::try_from(*value).map_err(|_| bad(name)),
        Some(_) => Err(bad(name)),
    };
    Ok(match option("strategy") {
        Some(Literal::String(name)) if name == "word" => {
            let (size, overlap) = (number("max_chunk_size", 250)?, number("overlap", 100)?);
            if size < 10 || overlap > size / 2 {
                return Err(bad("max_chunk_size or overlap"));
            }
            Strategy::Words { size, overlap }
        }
        Some(Literal::String(name)) if name == "none" => Strategy::Whole,
        None => {
            Strategy::Sentences { size: number("max_chunk_size", 300)?, overlap: number("sentence_overlap", 0)? > 0 }
        }
        Some(Literal::String(name)) if name == "sentence" => {
            let (size, overlap) = (number("max_chunk_size", 300)?, number("sentence_overlap", 1)?);
            if size < 20 || overlap > 1 {
                return Err(bad("max_chunk_size or sentence_overlap"));
            }
            Strategy::Sentences { size, overlap: overlap == 1 }
        }
        Some(_) => return Err(bad("strategy")),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            chunk("It was the best of times, it was the worst of times, it was the age of wisdom", {"strategy": "word", "max_chunk_size": 10, "overlap": 1}) => [It was the best of times, it was the worst, worst of times, it was the age of wisdom]
            chunk("One. Two three.") => One. Two three.
            chunk("One. Two.", {"strategy": "none"}) => One. Two.
            chunk(null) => null
            chunk("x", {"strategy": "page"}) => refused
            chunk("x", {"size": 3}) => refused
            chunk("x", {"strategy": "word", "max_chunk_size": 1}) => refused
            "##,
        );
    }
}
