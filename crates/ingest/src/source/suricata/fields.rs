//! Which member goes to which field as it is.

/// Members with a canonical field; each also goes to `suricata.eve.<member>`.
pub const COPIES: &[(&str, &[&str])] = &[
    ("alert.category", &["rule.category", "message"]),
    ("alert.severity", &["event.severity"]),
    ("alert.signature", &["rule.name"]),
    ("alert.signature_id", &["rule.id"]),
    ("alert.metadata.mitre_tactic_id", &["threat.tactic.id"]),
    ("alert.metadata.mitre_tactic_name", &["threat.tactic.name"]),
    ("alert.metadata.mitre_technique_id", &["threat.technique.id"]),
    ("alert.metadata.mitre_technique_name", &["threat.technique.name"]),
    ("fileinfo.filename", &["file.path"]),
    ("fileinfo.size", &["file.size"]),
    ("http.http_method", &["http.request.method"]),
    ("http.http_refer", &["http.request.referrer"]),
    ("http.http_user_agent", &["user_agent.original"]),
    ("http.length", &["http.response.body.bytes"]),
    ("http.status", &["http.response.status_code"]),
    ("tls.certificate", &["tls.server.certificate"]),
    ("tls.chain", &["tls.server.certificate_chain"]),
    ("tls.ja3.hash", &["tls.client.ja3"]),
    ("tls.ja3s.hash", &["tls.server.ja3s"]),
    ("tls.notafter", &["tls.server.not_after", "tls.server.x509.not_after"]),
    ("tls.notbefore", &["tls.server.not_before", "tls.server.x509.not_before"]),
    ("tls.session_resumed", &["tls.resumed"]),
];

/// Fields that are computed, beside those of every DNS event.
pub const COMPUTED: &[&str] = &[
    "destination.domain",
    "related.hash",
    "tls.client.server_name",
    "tls.server.hash.sha1",
    "tls.server.issuer",
    "tls.server.subject",
    "tls.server.x509.serial_number",
    "tls.version",
    "tls.version_protocol",
    "url.domain",
    "url.fragment",
    "url.original",
    "url.path",
    "url.query",
];
