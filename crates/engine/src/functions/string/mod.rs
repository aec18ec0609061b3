//! Functions of strings.

mod bit_length;
mod byte_length;
mod case;
mod chunk;
mod chunks;
mod concat;
mod contains;
mod ends_with;
mod from_base64;
mod hash;
mod json;
mod json_extract;
mod left;
mod length;
mod locate;
mod ltrim;
mod md5;
mod part;
mod repeat;
mod replace;
mod reverse;
mod right;
mod rtrim;
mod sha1;
mod sha256;
mod space;
mod split;
mod starts_with;
mod substring;
mod tests_of_strings;
mod to_base64;
mod to_lower;
mod to_upper;
mod trim;
mod url_decode;
mod url_encode;
mod url_encode_component;
mod white_space;

use super::Function;

pub const ALL: &[&dyn Function] = &[
    &bit_length::BitLength,
    &byte_length::ByteLength,
    &chunk::Chunk,
    &concat::Concat,
    &contains::Contains,
    &ends_with::EndsWith,
    &from_base64::FromBase64,
    &hash::Hash,
    &json_extract::JsonExtract,
    &left::Left,
    &length::Length,
    &locate::Locate,
    &ltrim::Ltrim,
    &md5::Md5,
    &repeat::Repeat,
    &replace::Replace,
    &reverse::Reverse,
    &right::Right,
    &rtrim::Rtrim,
    &sha1::Sha1,
    &sha256::Sha256,
    &space::Space,
    &split::Split,
    &starts_with::StartsWith,
    &substring::Substring,
    &to_base64::ToBase64,
    &to_lower::ToLower,
    &to_upper::ToUpper,
    &trim::Trim,
    &url_decode::UrlDecode,
    &url_encode::UrlEncode,
    &url_encode_component::UrlEncodeComponent,
];
