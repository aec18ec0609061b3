//! `cidr`

use super::{Form, Misuse, Modifier, Subject};
use std::net::IpAddr;

pub struct Cidr;

impl Modifier for Cidr {
    fn name(&self) -> &'static str {
        "cidr"
    }

    fn summary(&self) -> &'static str {
        "The field is an address in the network, such as `10.0.0.0/8` or `fe80::/10`."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.each_text(self.name(), |glob| {
            let network = glob.text().filter(|text| is_network(text));
            let network = network.ok_or_else(|| "`cidr` takes a network such as `10.0.0.0/8`".to_owned())?;
            Ok(vec![Form::Network(network.to_owned())])
        })
    }
}

/// An address alone is the network of that address.
fn is_network(text: &str) -> bool {
    let (address, prefix) = text.split_once('/').unzip();
    let Ok(address) = address.unwrap_or(text).parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|prefix| prefix <= most))
}
