//! Blocks of addresses in CIDR notation.

use super::address;
use crate::warning::Reason;
use std::net::IpAddr;

/// The addresses whose leading bits are those of `network`, all as IPv6.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    network: u128,
    mask: u128,
}

impl Block {
    pub fn parse(text: &str) -> Result<Block, Reason> {
        let bad = || Reason::Argument(format!("'{text}' is not an IP string literal."));
        let (base, length) = text.split_once('/').map_or((text, None), |(base, length)| (base, Some(length)));
        let base = address::parse(base).ok_or_else(bad)?;
        // IPv4 lies in the last 32 bits of the IPv6 addresses that map it.
        let bits = if base.is_ipv4() { 32 } else { 128 };
        let length: u32 = length.map_or(Ok(bits), str::parse).map_err(|_| bad())?;
        if length > bits {
            return Err(bad());
        }
        let mask = mask(128 - bits + length);
        Ok(Block { network: u128::from_be_bytes(address::bytes(base)) & mask, mask })
    }

    pub fn contains(&self, ip: IpAddr) -> bool {
        u128::from_be_bytes(address::bytes(ip)) & self.mask == self.network
    }
}

/// A mask of that many leading ones.
pub(super) fn mask(length: u32) -> u128 {
    u128::MAX.checked_shl(128u32.saturating_sub(length)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn malformed_blocks_are_refused() {
        for text in ["", "/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0/8/8", "host"] {
            assert!(Block::parse(text).is_err(), "{text}");
        }
    }
}
