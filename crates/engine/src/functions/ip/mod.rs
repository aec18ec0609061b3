//! Functions of internet addresses.

pub mod address;
mod block;
mod cidr_match;
mod ip_prefix;
mod network;
mod network_direction;

pub use address::canonical;

use super::Function;

pub const ALL: &[&dyn Function] = &[&cidr_match::CidrMatch, &ip_prefix::IpPrefix, &network_direction::NetworkDirection];
