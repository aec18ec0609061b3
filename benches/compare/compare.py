#!/usr/bin/env python3
"""The races: gannet against DuckDB, ClickHouse, Polars and tshark, side by side on one machine.

    python3 benches/compare/compare.py                 all races, five runs each
    python3 benches/compare/compare.py --peers-only    without gannet
    python3 benches/compare/compare.py --races ndjson --runs 3

Makes the data with the project's own generator (kept between calls), installs the peers from PyPI into a virtual
environment of their own (tshark comes from Debian: apt-get install tshark), runs the contenders in turn so that noise
hits all of them, and takes medians. Every contender runs in a process of its own, whose peak memory the kernel
reports. gannet is timed from the start of its process to its end, the peers only from the start of the query.
A race fails if the findings differ. Writes benches/results/DATE.md and .json.
"""

import argparse
import collections
import datetime
import hashlib
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SEED = 7

Run = collections.namedtuple("Run", "seconds cpu_seconds peak_mb findings")
Contender = collections.namedtuple("Contender", "name run")


def main():
    options = arguments()
    options.data.mkdir(parents=True, exist_ok=True)
    bench = Bench(options)
    results = [RACES[race](bench) for race in options.races]
    report = {
        "date": datetime.date.today().isoformat(),
        "command": " ".join(["python3", "benches/compare/compare.py", *sys.argv[1:]]),
        "commit": output("git", "-C", ROOT, "rev-parse", "--short", "HEAD"),
        "machine": machine(),
        "versions": bench.versions(),
        "runs": options.runs,
        "seed": SEED,
        "races": results,
    }
    text = as_markdown(report)
    print(text)
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        (options.results / f"{report['date']}.json").write_text(json.dumps(report, indent=1) + "\n")
        (options.results / f"{report['date']}.md").write_text(text + "\n")
    sys.exit(1 if any(race["differences"] for race in results) else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--races", nargs="+", choices=list(RACES), default=list(RACES))
    parser.add_argument("--runs", type=int, default=5, help="runs of each contender; the median counts")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the events of each race")
    parser.add_argument("--peers-only", action="store_true")
    parser.add_argument("--gannet-only", action="store_true")
    parser.add_argument("--gannet", type=pathlib.Path, help="the binary; built in release mode without this option")
    parser.add_argument("--traffic", type=pathlib.Path, help="the generator; likewise")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "gannet-bench")
    parser.add_argument("--results", type=pathlib.Path, help="where to write the dated results (nowhere without it)")
    return parser.parse_args()


class Bench:
    """The data, the binaries and the peers' environment, each made when first needed."""

    def __init__(self, options):
        self.options = options
        self.runs = options.runs
        self.built = {}
        self.environment = None
        self.generator = sources_hash(ROOT / "crates" / "traffic" / "src")

    def binary(self, name):
        given = getattr(self.options, name)
        if given:
            return str(given)
        if name not in self.built:
            subprocess.run(["cargo", "build", "--release", "--quiet", "-p", name], cwd=ROOT, check=True)
            target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
            self.built[name] = str(target / "release" / name)
        return self.built[name]

    def python(self):
        """The interpreter that has the peers."""
        if not self.environment:
            place = self.options.data / "venv"
            if not (place / "complete").exists():
                venv.create(place, with_pip=True)
                pip = [place / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
                subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True)
                (place / "complete").touch()
            self.environment = str(place / "bin" / "python")
        return self.environment

    def file(self, format, millions):
        """A file of so many million events, made once."""
        events = int(millions * 1e6 * self.options.scale)
        suffix = {"ndjson": "ndjson", "ndjson-shuffled": "shuffled.ndjson", "zeek-tsv": "log", "pcap": "pcap", "parquet": "parquet"}[format]
        path = self.options.data / f"dns-{events}-{SEED}-{self.generator}.{suffix}"
        if not path.exists():
            partial = path.with_suffix(".partial")
            command = [self.binary("traffic"), "--events", str(events), "--format", format, "--seed", str(SEED)]
            subprocess.run([*command, "--output", partial], check=True)
            partial.rename(path)
        return path

    def peer(self, label, run, path):
        def measure():
            seconds, cpu, peak, text = measured([self.python(), HERE / "peers.py", run, path])
            answer = json.loads(text)
            return Run(answer["seconds"], cpu, peak, answer["findings"])

        return Contender(label, measure)

    def gannet(self, path):
        def measure():
            seconds, cpu, peak, text = measured([self.binary("gannet"), "hunt", "--format", "json", path], (0, 1))
            return Run(seconds, cpu, peak, gannet_findings(json.loads(text)))

        return Contender("gannet", measure)

    def contenders(self, path, *peers):
        mine = [] if self.options.peers_only else [self.gannet(path)]
        others = [] if self.options.gannet_only else [self.peer(label, run, path) for label, run in peers]
        return mine + others

    def versions(self):
        found = {}
        if self.environment:
            listed = json.loads(output(self.environment, "-m", "pip", "list", "--format", "json"))
            found = {row["name"]: row["version"] for row in listed if row["name"] in ("duckdb", "chdb", "polars")}
        if shutil.which("tshark"):
            found["tshark"] = output("tshark", "--version").splitlines()[0].split()[2]
        return found


def sources_hash(folder):
    """A short hash of all files below a folder, so that data of an older generator is not used again."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.rs")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def race(title, path, contenders, bench, compare=None):
    """Runs the contenders in turn and gathers medians and differences."""
    warm(path)
    runs = {contender.name: [] for contender in contenders}
    for round in range(bench.runs):
        # Each goes first now and then.
        turn = round % len(contenders)
        for contender in contenders[turn:] + contenders[:turn]:
            run = contender.run()
            runs[contender.name].append(run)
            print(f"{title}: {contender.name}: {run.seconds:.2f} s, {run.peak_mb:.0f} MB", file=sys.stderr, flush=True)
    findings = {name: some[-1].findings for name, some in runs.items()}
    return {
        "title": title,
        "bytes": path.stat().st_size,
        "contenders": {name: summary(some) for name, some in runs.items()},
        "findings": len(next(iter(findings.values())) or []),
        "differences": (compare or differences)(findings),
    }


def summary(runs):
    return {
        "seconds": round(statistics.median(run.seconds for run in runs), 3),
        "cpu_seconds": round(statistics.median(run.cpu_seconds for run in runs), 3),
        "peak_mb": round(max(run.peak_mb for run in runs)),
        "all_seconds": [round(run.seconds, 3) for run in runs],
    }


def differences(findings):
    """What the contenders do not agree on: who, how many queries and names, lengths, types, confidence."""
    names = list(findings)
    first = findings[names[0]]
    return [
        f"{name} says {findings[name]}, {names[0]} says {first}" for name in names[1:] if findings[name] != first
    ]


def gannet_findings(report):
    """The findings of `gannet hunt --format json` in the form of peers.py."""
    return [
        {
            "who": finding["group"]["source.ip"],
            "queries": finding["values"]["queries"],
            "distinct": finding["values"]["distinct_names"],
            "mean": round(finding["values"]["mean_length"], 6),
            "max": finding["values"]["max_length"],
            "types": sorted(listed(finding["values"]["types"])),
            "confidence": finding["rule"]["confidence"],
        }
        for finding in report["findings"]
    ]


def listed(value):
    return value if isinstance(value, list) else [value]


def race_ndjson(bench):
    path = bench.file("ndjson", 2)
    contenders = bench.contenders(path, ("DuckDB", "duckdb_ndjson"))
    return race("2 M ECS events, NDJSON (Packetbeat)", path, contenders, bench)


def race_shuffled(bench):
    """The same events with the keys in another order in every line, as Packetbeat's own file output has them."""
    path = bench.file("ndjson-shuffled", 2)
    contenders = bench.contenders(path, ("DuckDB", "duckdb_ndjson"))
    return race("2 M ECS events, NDJSON, keys in random order", path, contenders, bench)


def race_zeek(bench):
    path = bench.file("zeek-tsv", 2)
    contenders = bench.contenders(path, ("DuckDB", "duckdb_zeek"))
    return race("2 M events, Zeek TSV", path, contenders, bench)


def race_parquet(bench):
    path = bench.file("parquet", 5)
    peers = [("DuckDB", "duckdb_parquet"), ("ClickHouse (chdb)", "chdb_parquet"), ("Polars", "polars_parquet")]
    return race("5 M events, Parquet", path, bench.contenders(path, *peers), bench)


def race_pcap(bench):
    """Decoding a capture of two million packets. tshark gets the fields that the rule needs and no name look-ups."""
    path = bench.file("pcap", 1)
    fields = ["frame.time_epoch", "ip.src", "dns.flags.response", "dns.qry.type", "dns.qry.name"]
    command = ["tshark", "-n", "-r", path, "-T", "fields", *[part for field in fields for part in ("-e", field)]]

    def tshark():
        seconds, cpu, peak, text = measured(command)
        return Run(seconds, cpu, peak, rule_over_fields(text))

    mine = [] if bench.options.peers_only else [bench.gannet(path)]
    others = [] if bench.options.gannet_only else [Contender("tshark -T fields", tshark)]
    return race("1 M look-ups, pcap (2 M packets)", path, mine + others, bench)


def rule_over_fields(text):
    """The first rule, the slow way, over what tshark printed."""
    kinds = {"1": "A", "5": "CNAME", "10": "NULL", "15": "MX", "16": "TXT", "28": "AAAA"}
    names = collections.defaultdict(list)
    for line in text.splitlines():
        _, source, response, kind, name = line.split("\t")
        if response in ("0", "False") and kind in kinds and (len(name) > 50 or name.count(".") + 1 > 5):
            names[source].append((name, kinds[kind]))
    found = []
    for who, asked in names.items():
        distinct, mean = len({name for name, _ in asked}), statistics.fmean(len(name) for name, _ in asked)
        if len(asked) > 20 and distinct > 10 and mean > 40:
            high = (distinct > 100 and mean > 60) or (distinct > 50 and mean > 50)
            entry = {"who": who, "queries": len(asked), "distinct": distinct, "mean": round(mean, 6)}
            entry |= {"max": max(len(name) for name, _ in asked), "types": sorted({kind for _, kind in asked})}
            found.append(entry | {"confidence": "high" if high else "medium"})
    return sorted(found, key=lambda finding: -finding["queries"])


def race_growth(bench):
    """Memory and time of gannet alone from 2 to 20 million NDJSON events: memory flat, time linear."""
    rows = {}
    path = None
    for millions in (2, 5, 10, 20):
        path = bench.file("ndjson", millions)
        if bench.options.peers_only:
            contenders = [bench.peer(f"DuckDB, {millions} M", "duckdb_ndjson", path)]
        else:
            contenders = [bench.gannet(path)._replace(name=f"gannet, {millions} M")]
        one = race(f"{millions} M ECS events, NDJSON", path, contenders, bench)
        rows |= one["contenders"]
    return {
        "title": "Growth: NDJSON from 2 M to 20 M events",
        "bytes": path.stat().st_size,
        "contenders": rows,
        "findings": one["findings"],
        "differences": [],
    }


RACES = {
    "ndjson": race_ndjson,
    "shuffled": race_shuffled,
    "zeek": race_zeek,
    "parquet": race_parquet,
    "pcap": race_pcap,
    "growth": race_growth,
}


def measured(command, accepted=(0,)):
    """Wall seconds, processor seconds, peak memory in MB and standard output of a command."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode not in accepted:
            said = errors.read().decode(errors="replace")[-2000:]
            sys.exit(f"{command[0]} ended with {process.returncode}: {said}")
        cpu = usage.ru_utime + usage.ru_stime
        return seconds, cpu, usage.ru_maxrss / 1024, out.read().decode(errors="replace")


def warm(path):
    """Reads the file once, so that it is in the page cache for everybody."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


def output(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False).stdout.strip()


def machine():
    processor = platform.processor() or platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores of {processor}, {memory:.0f} GiB, {platform.system()} {platform.release()}, load {load:.1f}"


def as_markdown(report):
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    lines = [
        f"# Races of {report['date']}",
        "",
        f"* Machine: {report['machine']}",
        f"* Commit: {report['commit']}; command: `{report['command']}`",
        f"* Peers: {versions}; seed {report['seed']}; medians of {report['runs']} interleaved runs, warm file cache",
        "* gannet is timed as a whole process, the Python peers from the start of the query, tshark as a whole process.",
    ]
    for race in report["races"]:
        ours = race["contenders"].get("gannet")
        lines += ["", f"## {race['title']}", "", f"{race['bytes'] / 1e6:.0f} MB, {race['findings']} findings", ""]
        lines += ["| who | seconds | against gannet | processor seconds | peak MB |", "|---|---:|---:|---:|---:|"]
        for name, row in race["contenders"].items():
            ratio = f"{row['seconds'] / ours['seconds']:.2f}" if ours else "-"
            lines.append(f"| {name} | {row['seconds']:.2f} | {ratio} | {row['cpu_seconds']:.2f} | {row['peak_mb']} |")
        lines += [f"\nDIFFERENT FINDINGS: {difference}" for difference in race["differences"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
