//! Groups of canonical fields with a slot each, so that an emitter skips a whole group that nobody asked for.

/// Declares a struct of slots: `slot: "field name"` a line. `NAMES` lists the fields, `new` asks a projection for all
/// of them below a prefix, and `any` tells whether at least one is wanted.
macro_rules! slots {
    ($(#[$doc:meta])* $name:ident { $($slot:ident: $field:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name {
            pub any: bool,
            $(pub $slot: Option<$crate::Slot>,)*
        }

        impl $name {
            pub const NAMES: &'static [&'static str] = &[$($field),*];

            pub fn new(projection: &$crate::Projection, prefix: &str) -> Self {
                $(let $slot = projection.slot(&format!("{prefix}{}", $field));)*
                $name { any: [$($slot),*].iter().any(Option::is_some), $($slot),* }
            }
        }
    };
}
pub(crate) use slots;

/// The canonical fields of these names below a prefix.
pub(crate) fn fields(prefix: &str, names: &[&str]) -> impl Iterator<Item = schema::Field> {
    names.iter().filter_map(move |name| schema::field(&format!("{prefix}{name}")).cloned())
}
