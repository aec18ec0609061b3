//! `HASH(algorithm, input)`.

use crate::{
    functions::{Bound, Call, Doc, Example, Function, Kind, Parameter},
    types::ColumnType,
    warning::Reason,
};
use arrow::array::{AsArray, StringViewArray};
use ir::Diagnostic;
use schema::Type;
use sha1::Digest;
use std::{fmt::Write, sync::Arc};

pub struct Hash;

static DOC: Doc = Doc {
    name: "hash",
    summary: "The hash of a string by the named algorithm, in lower-case hexadecimal digits.",
    parameters: &[
        Parameter::required(
            "algorithm",
            "keyword, text",
            "`MD5`, `SHA`, `SHA-224`, `SHA-256`, `SHA-384`, `SHA-512`, `SHA-512/224`, `SHA-512/256`, `SHA3-224`, `SHA3-256`, `SHA3-384` or `SHA3-512`, in any case.",
        ),
        Parameter::required("input", "keyword, text", "The string to hash."),
    ],
    returns: "keyword",
    examples: &[Example { query: r#"ROW h = HASH("md5", "abc")"#, rows: &["900150983cd24fb0d6963f7d28e17f72"] }],
};

impl Function for Hash {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(2, 2)?;
        let inputs = [call.one(0, Kind::String)?, call.one(1, Kind::String)?];
        if let Some(name) = call.constant_str(0) {
            let message =
                || format!("invalid algorithm [{name}] in [{}]: {name} MessageDigest not available", call.text);
            let hash = algorithm(name).ok_or_else(|| call.bad_value(0, message()))?;
            return Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, move |args, _| {
                let hashes = args[1].as_string_view().iter().map(|input| input.map(hash));
                Ok(Arc::new(hashes.collect::<StringViewArray>()))
            }));
        }
        Ok(Bound::new(ColumnType::one(Type::Keyword), inputs, |args, evaluation| {
            let pairs = args[0].as_string_view().iter().zip(args[1].as_string_view());
            let hashes = pairs.map(|(name, input)| {
                let (name, input) = (name?, input?);
                let unknown = || Reason::Argument(format!("{name} MessageDigest not available"));
                evaluation.check(algorithm(name).map(|hash| hash(input)).ok_or_else(unknown))
            });
            Ok(Arc::new(hashes.collect::<StringViewArray>()))
        }))
    }
}

type HashText = fn(&str) -> String;

fn algorithm(name: &str) -> Option<HashText> {
    Some(match name.to_ascii_uppercase().as_str() {
        "MD5" => hex::<md5::Md5>,
        "SHA" | "SHA1" | "SHA-1" => hex::<sha1::Sha1>,
        "SHA-224" | "SHA224" => hex::<sha2::Sha224>,
        "SHA-256" | "SHA256" => hex::<sha2::Sha256>,
        "SHA-384" | "SHA384" => hex::<sha2::Sha384>,
        "SHA-512" | "SHA512" => hex::<sha2::Sha512>,
        "SHA-512/224" | "SHA512/224" => hex::<sha2::Sha512_224>,
        "SHA-512/256" | "SHA512/256" => hex::<sha2::Sha512_256>,
        "SHA3-224" => hex::<sha3::Sha3_224>,
        "SHA3-256" => hex::<sha3::Sha3_256>,
        "SHA3-384" => hex::<sha3::Sha3_384>,
        "SHA3-512" => hex::<sha3::Sha3_512>,
        _ => return None,
    })
}

/// The digest of a string in lower-case hexadecimal digits.
pub(super) fn hex<D: Digest>(input: &str) -> String {
    let digest = D::digest(input);
    let mut text = String::with_capacity(2 * digest.len());
    for byte in digest.iter() {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Binds a hash function of one argument.
pub(super) fn bind_digest(call: &Call<'_>, hash: HashText) -> Result<Bound, Diagnostic> {
    call.count(1, 1)?;
    let input = call.one(0, Kind::String)?;
    Ok(Bound::new(ColumnType::one(Type::Keyword), [input], move |args, _| {
        let hashes = args[0].as_string_view().iter().map(|input| input.map(hash));
        Ok(Arc::new(hashes.collect::<StringViewArray>()))
    }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            hash("MD5", "abc") => 900150983cd24fb0d6963f7d28e17f72
            hash("sha3-224", "") => 6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7
            hash("sha-1", null) => null
            "##,
        );
    }
}
