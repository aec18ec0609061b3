//! The benign look-ups of a company: workstations that browse, and mail servers that check every message.
//!
//! What a tunnel rule finds hard is in here on purpose: video and shard names that never repeat, reverse look-ups,
//! Active Directory's SRV names, domains with the search suffix appended, DKIM, SPF and DMARC records, block lists
//! that put an address in front of their name, and long names of cloud services (at most nine for one client).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::clock::Clock;
use super::names::{HEX, Host, Universe, ipv4};
use crate::event::{Answer, Event, Question, Rdata, Response, Transport, rcode, rtype};
use crate::name::Name;
use crate::random::{Random, Weighted, mix};

/// One client in this many is a mail server.
const MAIL_SERVER_EVERY: usize = 250;
const MAIL_SERVER_AT: usize = 7;
const CORPORATE: &str = "corp.example.com";
const BLOCK_LISTS: [&str; 4] = ["zen.spamhaus.org", "bl.spamcop.net", "b.barracudacentral.org", "dnsbl.sorbs.net"];
const SERVICES: [&str; 4] = [
    "_ldap._tcp.dc._msdcs.corp.example.com",
    "_ldap._tcp.Default-First-Site-Name._sites.dc._msdcs.corp.example.com",
    "_kerberos._tcp.corp.example.com",
    "_sip._tls.corp.example.com",
];
const INTERNAL: [&str; 10] =
    ["wpad", "dc01", "dc02", "files", "print", "intranet", "wiki", "git", "isatap", "exchange"];

/// What a look-up finds.
enum Outcome {
    Answers(Vec<Answer>),
    Missing,
}

/// The benign events, in order.
pub(super) struct BenignStream {
    universe: Universe,
    clients: usize,
    activity: Weighted,
    clock: Clock,
    random: Random,
    services: Vec<Name>,
    domain_controller: Name,
}

impl BenignStream {
    /// `clients` at least 1.
    pub(super) fn new(clients: usize, clock: Clock, random: Random) -> Self {
        let mut making = random.fork(1);
        let universe = Universe::new(&mut making);
        // Some clients ask fifty times as much as others.
        let weights: Vec<f64> = (0..clients).map(|_| (making.unit() * 4.0).exp()).collect();
        let known = |text: &str| Name::from_text(text).unwrap_or_else(|_| Name::root());
        BenignStream {
            universe,
            clients,
            activity: Weighted::new(&weights),
            clock,
            random: random.fork(2),
            services: SERVICES.iter().map(|text| known(text)).collect(),
            domain_controller: known(&format!("dc01.{CORPORATE}")),
        }
    }

    fn look_up(&mut self, client: usize) -> (Name, u16, Outcome) {
        let dice = self.random.unit();
        if client % MAIL_SERVER_EVERY == MAIL_SERVER_AT {
            return self.mail_look_up(dice);
        }
        match dice {
            d if d < 0.800 => self.browse(),
            d if d < 0.860 => self.shard(),
            d if d < 0.900 => self.reverse(),
            d if d < 0.925 => self.search_suffix(),
            d if d < 0.955 => self.internal(),
            d if d < 0.968 => self.service(),
            d if d < 0.974 => self.policy(),
            d if d < 0.976 => self.zone(),
            _ => self.long(client),
        }
    }

    fn mail_look_up(&mut self, dice: f64) -> (Name, u16, Outcome) {
        match dice {
            d if d < 0.45 => self.block_list(),
            d if d < 0.60 => self.mail_exchange(),
            d if d < 0.75 => self.policy(),
            d if d < 0.83 => self.dkim(),
            d if d < 0.93 => self.reverse(),
            _ => self.browse(),
        }
    }

    fn browse(&mut self) -> (Name, u16, Outcome) {
        let host = self.universe.draw(&mut self.random);
        let rtype = match self.random.unit() {
            d if d < 0.66 => rtype::A,
            d if d < 0.90 => rtype::AAAA,
            _ => rtype::HTTPS,
        };
        host_answers(host, rtype, &mut self.random)
    }

    /// One of the long names that this client's few cloud applications use.
    fn long(&mut self, client: usize) -> (Name, u16, Outcome) {
        let own = mix(client as u64);
        let pick = mix(own ^ self.random.below(1 + own % 9));
        let host = &self.universe.long[(pick % self.universe.long.len() as u64) as usize];
        let rtype = if self.random.chance(0.7) { rtype::A } else { rtype::AAAA };
        host_answers(host, rtype, &mut self.random)
    }

    /// A name of a content network that is made for one session and hardly ever seen again.
    fn shard(&mut self) -> (Name, u16, Outcome) {
        let mut id = Vec::new();
        self.random.characters(HEX, 8, &mut id);
        let id = String::from_utf8_lossy(&id);
        let number = self.random.below(16);
        let text = match self.random.index(3) {
            0 => format!("rr{number}---sn-{id}.googlevideo.com"),
            1 => format!("{id}.ipv{}-c{number}.1.nflxvideo.net", self.random.pick(&["4", "6"])),
            _ => format!("{id}.cdn{number}.{}", self.universe.domain(&mut self.random)),
        };
        let address = Rdata::A(ipv4(&mut self.random));
        found(&text, rtype::A, 300, address, &mut self.random)
    }

    fn reverse(&mut self) -> (Name, u16, Outcome) {
        let inside = self.random.chance(0.6);
        let address = if inside { client_address(self.random.index(self.clients)) } else { ipv4(&mut self.random) };
        let [a, b, c, d] = address.octets();
        let text = format!("{d}.{c}.{b}.{a}.in-addr.arpa");
        let target =
            if inside { format!("ws-{c:02x}{d:02x}.{CORPORATE}") } else { format!("host-{c}-{d}.example.net") };
        match Name::from_text(&target) {
            Ok(target) if self.random.chance(0.7) => {
                found(&text, rtype::PTR, 3600, Rdata::Ptr(target), &mut self.random)
            }
            _ => missing(&text, rtype::PTR),
        }
    }

    /// A domain that the stub resolver tried with its search suffix first.
    fn search_suffix(&mut self) -> (Name, u16, Outcome) {
        let domain = self.universe.domain(&mut self.random);
        let first = domain.split('.').next().unwrap_or(domain);
        missing(&format!("{first}.{CORPORATE}"), *self.random.pick(&[rtype::A, rtype::AAAA]))
    }

    fn internal(&mut self) -> (Name, u16, Outcome) {
        let host = self.random.pick(&INTERNAL);
        let text = format!("{host}.{CORPORATE}");
        if matches!(*host, "wpad" | "isatap") {
            return missing(&text, rtype::A);
        }
        let address = Ipv4Addr::new(10, 20, 0, 10 + host.len() as u8);
        found(&text, rtype::A, 1200, Rdata::A(address), &mut self.random)
    }

    fn service(&mut self) -> (Name, u16, Outcome) {
        let name = self.random.pick(&self.services).clone();
        let data = Rdata::Srv { priority: 0, weight: 100, port: 389, target: self.domain_controller.clone() };
        let answer = Answer { name: name.clone(), ttl: 600, data };
        (name, rtype::SRV, Outcome::Answers(vec![answer]))
    }

    /// SPF or DMARC.
    fn policy(&mut self) -> (Name, u16, Outcome) {
        let domain = self.universe.domain(&mut self.random);
        let (text, policy) = if self.random.chance(0.5) {
            (domain.to_string(), format!("v=spf1 include:_spf.{domain} ip4:198.18.0.0/15 -all"))
        } else {
            (format!("_dmarc.{domain}"), format!("v=DMARC1; p=reject; rua=mailto:dmarc@{domain}"))
        };
        found(&text, rtype::TXT, 3600, Rdata::Txt(Arc::from([policy.into_bytes()])), &mut self.random)
    }

    fn dkim(&mut self) -> (Name, u16, Outcome) {
        let domain = self.universe.domain(&mut self.random);
        let text = match self.random.index(4) {
            0 => format!("selector1-{}._domainkey.mailer.onmicrosoft.com", domain.replace('.', "-")),
            1 => format!("s2048._domainkey.{domain}"),
            2 => format!("google._domainkey.{domain}"),
            _ => format!("k{}._domainkey.{domain}", 1 + self.random.below(3)),
        };
        let mut key = b"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ".to_vec();
        self.random.characters(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 160, &mut key);
        found(&text, rtype::TXT, 3600, Rdata::Txt(Arc::from([key])), &mut self.random)
    }

    fn mail_exchange(&mut self) -> (Name, u16, Outcome) {
        let domain = self.universe.domain(&mut self.random).to_string();
        match Name::from_text(&format!("mx1.{domain}")) {
            Ok(exchange) => found(&domain, rtype::MX, 3600, Rdata::Mx { preference: 10, exchange }, &mut self.random),
            Err(_) => missing(&domain, rtype::MX),
        }
    }

    fn block_list(&mut self) -> (Name, u16, Outcome) {
        let [a, b, c, d] = ipv4(&mut self.random).octets();
        let text = format!("{d}.{c}.{b}.{a}.{}", self.random.pick(&BLOCK_LISTS));
        if self.random.chance(0.9) {
            return missing(&text, rtype::A);
        }
        found(&text, rtype::A, 60, Rdata::A(Ipv4Addr::new(127, 0, 0, 2)), &mut self.random)
    }

    /// NS or SOA of a domain.
    fn zone(&mut self) -> (Name, u16, Outcome) {
        let domain = self.universe.domain(&mut self.random).to_string();
        let name = |host: &str| Name::from_text(&format!("{host}.{domain}")).unwrap_or_else(|_| Name::root());
        let (rtype, data) = if self.random.chance(0.5) {
            (rtype::NS, Rdata::Ns(name("ns1")))
        } else {
            (rtype::SOA, Rdata::Soa { server: name("ns1"), mailbox: name("hostmaster"), serial: 2_026_053_101 })
        };
        found(&domain, rtype, 86_400, data, &mut self.random)
    }
}

impl Iterator for BenignStream {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let time = self.clock.next(&mut self.random)?;
        let client = self.activity.draw(&mut self.random);
        let (name, rtype, outcome) = self.look_up(client);
        let random = &mut self.random;
        let (rcode, answers) = match outcome {
            _ if random.chance(0.002) => (rcode::SERVFAIL, vec![]),
            Outcome::Answers(answers) => (rcode::NOERROR, answers),
            Outcome::Missing => (rcode::NXDOMAIN, vec![]),
        };
        let response =
            Response { delay: delay(random), rcode, authoritative: false, recursion_available: true, answers };
        Some(Event {
            time,
            client: SocketAddr::new(IpAddr::V4(client_address(client)), 49_152 + random.below(16_384) as u16),
            server: resolver(client),
            transport: Transport::Udp,
            id: random.word() as u16,
            question: Question { name, rtype, class: 1 },
            recursion_desired: true,
            query_seen: true,
            response: (!random.chance(0.004)).then_some(response),
        })
    }
}

/// The address of a client, by number: 10.20.1.10 and up, 200 in each /24.
pub(super) fn client_address(client: usize) -> Ipv4Addr {
    let (net, host) = (client / 200, client % 200);
    Ipv4Addr::from(0x0A14_0100 + ((net as u32) << 8) + 10 + host as u32)
}

/// The resolver that a client uses.
pub(super) fn resolver(client: usize) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 20, 0, 53 + (client % 2) as u8)), 53)
}

/// Most answers come from the resolver's cache at once, the rest from far away.
fn delay(random: &mut Random) -> i64 {
    let micros = if random.chance(0.7) {
        150.0 + random.unit() * 1_500.0
    } else {
        5_000.0 - 28_000.0 * (1.0 - random.unit()).ln()
    };
    (micros * 1_000.0) as i64
}

fn host_answers(host: &Host, rtype: u16, random: &mut Random) -> (Name, u16, Outcome) {
    let ttl = 1 + random.below(u64::from(host.ttl)) as u32;
    let mut owner = &host.name;
    let mut answers = Vec::with_capacity(4);
    for alias in &host.aliases {
        answers.push(Answer { name: owner.clone(), ttl, data: Rdata::Cname(alias.clone()) });
        owner = alias;
    }
    let record = |data| Answer { name: owner.clone(), ttl, data };
    match rtype {
        rtype::AAAA => answers.extend(host.v6.iter().map(|address| record(Rdata::Aaaa(*address)))),
        rtype::HTTPS => {
            answers.extend(host.https.iter().map(|data| record(Rdata::Other { rtype, data: Arc::clone(data) })))
        }
        _ => answers.extend(host.v4.iter().map(|address| record(Rdata::A(*address)))),
    }
    (host.name.clone(), rtype, Outcome::Answers(answers))
}

fn found(text: &str, rtype: u16, ttl: u64, data: Rdata, random: &mut Random) -> (Name, u16, Outcome) {
    let name = Name::from_text(text).unwrap_or_else(|_| Name::root());
    let answer = Answer { name: name.clone(), ttl: 1 + random.below(ttl) as u32, data };
    (name, rtype, Outcome::Answers(vec![answer]))
}

fn missing(text: &str, rtype: u16) -> (Name, u16, Outcome) {
    (Name::from_text(text).unwrap_or_else(|_| Name::root()), rtype, Outcome::Missing)
}
