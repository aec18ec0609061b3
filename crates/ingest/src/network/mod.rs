//! What every network event has, whatever it is about: when, who with whom, over what.
//!
//! A decoder fills a [`Flow`] with what its record says, borrowed; a [`FlowWriter`] turns it into canonical columns. All that
//! can be derived is derived there, the same way for each source: addresses in canonical form, client and server,
//! `network.*`, `related.ip`, the community id. Where sources differ in what Elastic's integrations say of their
//! events, a [`Profile`] of constants says so. Only projected columns cost anything.

mod community_id;
mod flow;
mod host;
mod profile;
mod slots;
mod writer;

pub use community_id::community_id;
pub use flow::{Endpoint, Flow};
pub use host::{Host, is_dotted_quad};
pub use profile::{Outcome, Profile};
pub use writer::FlowWriter;
pub(crate) use writer::{set_number, set_text};
