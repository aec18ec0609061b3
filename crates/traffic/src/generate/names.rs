//! The names that a company asks for: popular services first, then a long tail of sites with a few hosts each.
//!
//! All names here stay short (at most 50 characters and five labels), except those of [`Universe::long`]: load
//! balancers, object stores and telemetry of cloud services, the kind of benign name that a tunnel hunt must live
//! with. They are few per client, as a client runs few such applications. Addresses are from the ranges for
//! benchmarks and documentation (RFC 2544, RFC 3849).

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use crate::name::Name;
use crate::random::{Random, Weighted};

/// A name with what a resolver knows about it.
#[derive(Clone, Debug)]
pub struct Host {
    pub name: Name,
    /// The time to live of its records at the authority, in seconds.
    pub ttl: u32,
    /// The chain of canonical names that leads to the addresses; mostly empty.
    pub aliases: Vec<Name>,
    pub v4: Vec<Ipv4Addr>,
    pub v6: Vec<Ipv6Addr>,
    /// The data of an HTTPS record, where the site has one.
    pub https: Option<Arc<[u8]>>,
}

/// Every name that does not depend on the client that asks.
pub struct Universe {
    pub hosts: Vec<Host>,
    popularity: Weighted,
    /// Benign names that a tunnel rule looks at twice.
    pub long: Vec<Host>,
    /// Registered domains, most popular first: for mail and for what is derived from a domain.
    pub domains: Vec<String>,
}

const SITES: usize = 6_000;

/// Services that every office asks for, most popular first.
const POPULAR: [&str; 48] = [
    "www.google.com",
    "outlook.office365.com",
    "teams.microsoft.com",
    "login.microsoftonline.com",
    "settings-win.data.microsoft.com",
    "v10.events.data.microsoft.com",
    "graph.microsoft.com",
    "clients4.google.com",
    "fonts.gstatic.com",
    "www.gstatic.com",
    "fonts.googleapis.com",
    "ssl.gstatic.com",
    "update.googleapis.com",
    "safebrowsing.googleapis.com",
    "connectivitycheck.gstatic.com",
    "www.googletagmanager.com",
    "www.google-analytics.com",
    "mobile.pipe.aria.microsoft.com",
    "config.edge.skype.com",
    "edge.microsoft.com",
    "substrate.office.com",
    "nexusrules.officeapps.live.com",
    "ecs.office.com",
    "ctldl.windowsupdate.com",
    "download.windowsupdate.com",
    "time.windows.com",
    "www.msftconnecttest.com",
    "ocsp.digicert.com",
    "crl3.digicert.com",
    "r11.o.lencr.org",
    "slack.com",
    "wss-primary.slack.com",
    "api.github.com",
    "github.com",
    "developer.mozilla.org",
    "www.python.org",
    "files.pythonhosted.org",
    "index.docker.io",
    "zoom.us",
    "detectportal.firefox.com",
    "push.services.mozilla.com",
    "gateway.icloud.com",
    "configuration.apple.com",
    "mesu.apple.com",
    "play.google.com",
    "www.youtube.com",
    "i.ytimg.com",
    "www.linkedin.com",
];

const HOSTS: [&str; 28] = [
    "www",
    "",
    "api",
    "cdn",
    "static",
    "img",
    "assets",
    "login",
    "mail",
    "m",
    "app",
    "media",
    "edge",
    "ads",
    "push",
    "auth",
    "analytics",
    "collector",
    "status",
    "docs",
    "files",
    "images-eu",
    "s3.eu-west-1",
    "eu.api",
    "telemetry",
    "sync",
    "web.static",
    "a1.px",
];

const TLDS: [(&str, f64); 14] = [
    ("com", 52.0),
    ("net", 9.0),
    ("org", 8.0),
    ("io", 6.0),
    ("de", 6.0),
    ("co.uk", 4.0),
    ("fr", 3.0),
    ("nl", 2.5),
    ("eu", 2.0),
    ("cloud", 2.0),
    ("com.au", 1.5),
    ("co.jp", 1.5),
    ("dev", 1.5),
    ("info", 1.0),
];

const SYLLABLES: [&str; 40] = [
    "ar", "ban", "ber", "cal", "cor", "da", "del", "do", "el", "fen", "fo", "gra", "hel", "in", "ka", "ko", "la",
    "lem", "lo", "ma", "mi", "mon", "na", "nor", "o", "pa", "pri", "qua", "ra", "ri", "sel", "so", "sta", "ta", "ter",
    "tri", "u", "ven", "vi", "zo",
];

const EDGES: [&str; 6] =
    ["edgekey.net", "akamaiedge.net", "cloudfront.net", "fastly.net", "azureedge.net", "cdn.cloudflare.net"];

const REGIONS: [&str; 6] = ["us-east-1", "eu-west-1", "eu-central-1", "us-west-2", "ap-southeast-2", "ap-northeast-1"];

const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
pub const HEX: &[u8] = b"0123456789abcdef";

impl Universe {
    pub fn new(random: &mut Random) -> Self {
        let tlds = Weighted::new(&TLDS.map(|(_, weight)| weight));
        let mut hosts: Vec<Host> = Vec::new();
        let mut weights: Vec<f64> = Vec::new();
        for (rank, name) in POPULAR.iter().enumerate() {
            add(&mut hosts, &mut weights, name, zipf(rank), random);
        }
        let mut domains = Vec::with_capacity(SITES);
        for site in 0..SITES {
            let domain = format!("{}.{}", word(random), TLDS[tlds.draw(random)].0);
            let subdomains = 1 + random.index(9);
            for rank in 0..subdomains {
                let host = if rank == 0 { "www" } else { HOSTS[random.index(HOSTS.len())] };
                let name = if host.is_empty() { domain.clone() } else { format!("{host}.{domain}") };
                add(&mut hosts, &mut weights, &name, zipf(POPULAR.len() + site) / (1.0 + rank as f64), random);
            }
            domains.push(domain);
        }
        let long = (0..240).filter_map(|_| host(&long_name(random), random)).collect();
        Universe { hosts, popularity: Weighted::new(&weights), long, domains }
    }

    /// A host by popularity.
    pub fn draw(&self, random: &mut Random) -> &Host {
        &self.hosts[self.popularity.draw(random)]
    }

    /// A registered domain; the popular ones more often.
    pub fn domain(&self, random: &mut Random) -> &str {
        let unit = random.unit();
        &self.domains[((unit * unit * unit) * self.domains.len() as f64) as usize]
    }
}

/// The share of the name at a rank: Zipf's law with the exponent 0.95, which DNS traffic comes close to (Jung and others,
/// "DNS performance and the effectiveness of caching", 2002).
fn zipf(rank: usize) -> f64 {
    1.0 / (rank as f64 + 2.0).powf(0.95)
}

fn add(hosts: &mut Vec<Host>, weights: &mut Vec<f64>, name: &str, weight: f64, random: &mut Random) {
    if let Some(host) = host(name, random) {
        hosts.push(host);
        weights.push(weight);
    }
}

/// A name with addresses, often behind the names of a content network.
fn host(name: &str, random: &mut Random) -> Option<Host> {
    let aliases = match random.index(10) {
        0..6 => vec![],
        6..9 => vec![edge_name(name, random)?],
        _ => vec![edge_name(name, random)?, edge_name(name, random)?],
    };
    let v6 = if random.chance(0.55) { 1 + random.index(2) } else { 0 };
    Some(Host {
        name: Name::from_text(name).ok()?,
        ttl: *random.pick(&[20, 60, 60, 300, 300, 300, 600, 1800, 3600, 86_400]),
        aliases,
        v4: (0..1 + random.index(3)).map(|_| ipv4(random)).collect(),
        v6: (0..v6).map(|_| ipv6(random)).collect(),
        https: random.chance(0.3).then(|| Arc::from(https_data())),
    })
}

/// `1 . alpn=h3,h2` (RFC 9460, section 2.2).
fn https_data() -> Vec<u8> {
    b"\x00\x01\x00\x00\x01\x00\x06\x02h3\x02h2".to_vec()
}

fn edge_name(name: &str, random: &mut Random) -> Option<Name> {
    let edge = *random.pick(&EDGES);
    let text = if edge == "cloudfront.net" {
        let mut id = vec![b'd'];
        random.characters(LOWER, 13, &mut id);
        format!("{}.{edge}", String::from_utf8_lossy(&id))
    } else {
        format!("{name}.{edge}")
    };
    Name::from_text(&text).ok()
}

fn word(random: &mut Random) -> String {
    (0..2 + random.index(3)).map(|_| *random.pick(&SYLLABLES)).collect()
}

/// A benign name of more than 50 characters or more than five labels.
fn long_name(random: &mut Random) -> String {
    let (a, b) = (word(random), word(random));
    let region = random.pick(&REGIONS);
    let number = 100_000_000 + random.below(899_999_999);
    let mut id = Vec::new();
    random.characters(HEX, 32, &mut id);
    let id = String::from_utf8_lossy(&id);
    match random.index(8) {
        0 => format!("prod-{a}-ingest-public-{number}.{region}.elb.amazonaws.com"),
        1 => format!("{a}-{b}-production-attachments.s3.dualstack.{region}.amazonaws.com"),
        2 => format!("{id}.safeframe.{a}syndication.com"),
        3 => format!("{a}{b}eventhub-{region}-telemetry.servicebus.windows.net"),
        4 => format!("{id}-{a}.vault.privatelink.azure.net"),
        5 => format!("{a}.{b}.prod.{region}.compute.internal.{a}.io"),
        6 => format!("deployment-{id}.{region}.aws.found.io"),
        _ => format!("{a}-{b}-device-metrics.iot.{region}.prod.{b}-platform.com"),
    }
}

/// An address of the range for benchmarks, 198.18.0.0/15 (RFC 2544).
pub fn ipv4(random: &mut Random) -> Ipv4Addr {
    Ipv4Addr::from(0xC612_0000u32 + random.below(1 << 17) as u32)
}

/// An address of the range for documentation, 2001:db8::/32 (RFC 3849).
pub fn ipv6(random: &mut Random) -> Ipv6Addr {
    let low = u128::from(random.below(1 << 16)) << 64 | u128::from(random.below(1 << 20));
    Ipv6Addr::from(0x2001_0db8_u128 << 96 | low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks_long(name: &Name) -> bool {
        name.to_string().chars().count() > 50 || name.labels().count() > 5
    }

    #[test]
    fn only_the_long_names_are_long() {
        let universe = Universe::new(&mut Random::new(3));
        assert!(universe.hosts.len() > 20_000);
        assert_eq!(universe.hosts.iter().filter(|host| looks_long(&host.name)).count(), 0);
        assert_eq!(universe.long.iter().filter(|host| !looks_long(&host.name)).count(), 0);
    }
}
