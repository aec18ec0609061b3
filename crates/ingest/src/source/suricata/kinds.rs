//! What the kinds of record say of themselves in `event.*` and `network.protocol`, as Elastic's integration has it.

/// Constants of an `event_type`.
pub struct Kind {
    pub kind: &'static str,
    pub category: &'static [&'static str],
    pub types: &'static [&'static str],
    pub protocol: Option<&'static str>,
}

const PLAIN: Kind = Kind { kind: "event", category: &["network"], types: &[], protocol: None };

const fn protocol(name: &'static str) -> Kind {
    Kind { types: &["protocol"], protocol: Some(name), ..PLAIN }
}

const HTTP: Kind = Kind { category: &["network", "web"], types: &["access", "protocol"], ..protocol("http") };

const KINDS: &[(&str, Kind)] = &[
    ("alert", Kind { kind: "alert", category: &["network", "intrusion_detection"], ..PLAIN }),
    ("dns", protocol("dns")),
    ("flow", Kind { types: &["connection"], ..PLAIN }),
    ("ftp", protocol("ftp")),
    ("ftp_data", protocol("ftp")),
    ("http", HTTP),
    ("http2", HTTP),
    ("ikev2", protocol("ikev2")),
    ("krb5", protocol("krb5")),
    ("mdns", protocol("mdns")),
    ("mqtt", protocol("mqtt")),
    ("rdp", protocol("rdp")),
    // The integration has it so.
    ("rfb", protocol("rdp")),
    ("smb", protocol("smb")),
    ("smtp", protocol("smtp")),
    ("snmp", protocol("snmp")),
    ("ssh", protocol("ssh")),
    ("stats", Kind { kind: "metric", ..PLAIN }),
    ("tftp", protocol("tftp")),
    ("tls", protocol("tls")),
];

pub fn of(event_type: &str) -> &'static Kind {
    KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(event_type)).map_or(&PLAIN, |(_, kind)| kind)
}
