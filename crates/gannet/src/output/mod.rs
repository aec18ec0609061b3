//! How results look: one file for each form.

pub mod catalog;
pub mod csv;
pub mod diagnostic;
pub mod help;
pub mod html;
pub mod json;
pub mod rows;
pub mod table;
pub mod text;

use crate::exit::Exit;

/// Says on standard error why a command did not begin.
pub fn usage_error(message: &str) -> Exit {
    anstream::eprintln!("{}error{}: {message}", text::BAD.render(), text::BAD.render_reset());
    Exit::Usage
}
