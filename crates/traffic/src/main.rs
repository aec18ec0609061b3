//! `traffic`: writes generated DNS traffic to a file or to standard output.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use traffic::encode::{self, FORMATS};
use traffic::generate::{Config, START, Tool, Traffic, Tunnel, tunnels_for};

/// Write deterministic DNS traffic in the encoding of a sensor.
#[derive(Parser)]
#[command(name = "traffic", after_help = formats())]
struct Options {
    /// How many look-ups, those of the tunnels included
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,

    /// The encoding (see below)
    #[arg(long, default_value = "ndjson")]
    format: String,

    /// The same seed and options give the same bytes
    #[arg(long, default_value_t = 7)]
    seed: u64,

    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..=65_000))]
    clients: u64,

    /// Hours from the first look-up to the last
    #[arg(long, default_value_t = 24.0)]
    hours: f64,

    /// The first time, in seconds since 1970 UTC (the default is 2026-06-01T00:00:00Z)
    #[arg(long, default_value_t = START)]
    start: i64,

    /// A tunnel as TOOL=QUERIES@CLIENT (iodine, dnscat2, beacon), any number of times; without this option one of each
    #[arg(long = "tunnel", value_name = "TOOL=QUERIES@CLIENT")]
    tunnels: Vec<String>,

    /// Benign look-ups only
    #[arg(long, conflicts_with = "tunnels")]
    no_tunnels: bool,

    /// The file to write; standard output without it
    #[arg(short, long)]
    output: Option<PathBuf>,
}

fn formats() -> String {
    let lines: Vec<String> = FORMATS.iter().map(|format| format!("  {:<22} {}", format.name, format.about)).collect();
    format!("Formats:\n{}", lines.join("\n"))
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("traffic: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let format = encode::named(&options.format).ok_or(format!("no format `{}`\n{}", options.format, formats()))?;
    let traffic = Traffic::new(&config(options)?);
    let mut out: Box<dyn Write> = match &options.output {
        Some(path) => Box::new(File::create(path).map_err(|error| format!("{}: {error}", path.display()))?),
        None => Box::new(io::stdout().lock()),
    };
    let written = encode::write(&mut *(format.encoder)(), traffic, &mut out).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn config(options: &Options) -> Result<Config, String> {
    let clients = options.clients as usize;
    let tunnels = if options.no_tunnels {
        vec![]
    } else if options.tunnels.is_empty() {
        tunnels_for(options.events, clients)
    } else {
        options.tunnels.iter().map(|text| tunnel(text)).collect::<Result<_, _>>()?
    };
    Ok(Config {
        events: options.events,
        seed: options.seed,
        clients,
        start: options.start.saturating_mul(1_000_000_000),
        span: (options.hours * 3.6e12) as i64,
        tunnels,
    })
}

/// `iodine=500@3`: 500 queries by client 3.
fn tunnel(text: &str) -> Result<Tunnel, String> {
    let parts = text.split_once('=').and_then(|(tool, rest)| Some((tool, rest.split_once('@')?)));
    let wrong = || format!("`{text}` is not TOOL=QUERIES@CLIENT, for example iodine=500@3");
    let (tool, (queries, client)) = parts.ok_or_else(wrong)?;
    let tool = Tool::named(tool).ok_or_else(wrong)?;
    let default = tunnels_for(0, 1).into_iter().find(|tunnel| tunnel.tool == tool).ok_or_else(wrong)?;
    Ok(Tunnel {
        queries: queries.parse().map_err(|_| wrong())?,
        client: client.parse().map_err(|_| wrong())?,
        ..default
    })
}
