#!/usr/bin/env python3
"""Reading Sigma rules: gannet against pySigma, side by side on one machine.

    python3 benches/compare/sigma_parse.py RULES...

Gannet reads, parses and lowers every rule below RULES (`crates/lang/examples/read_rules.rs`, built in release mode). pySigma
(PyPI, into a virtual environment of its own) reads every rule and parses its conditions, which it would otherwise put off.
Both run in turn, each time in a process of its own; medians count, and the kernel reports the peak memory. Seconds are
those of reading, without the start of the process and the imports.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PEER = "pysigma>=2,<3"


def main():
    options = arguments()
    if options.peer:
        return pysigma(options.rules)
    gannet = build() if options.gannet is None else options.gannet
    python = environment(options.environment)
    contenders = {
        "gannet": [str(gannet), "1", *map(str, options.rules)],
        "pySigma": [str(python), __file__, "--peer", *map(str, options.rules)],
    }
    runs = {name: [] for name in contenders}
    for _ in range(options.runs):
        for name, command in contenders.items():
            runs[name].append(measure(command))
    report(runs)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="+", type=pathlib.Path, help="directories of Sigma rules")
    parser.add_argument("--runs", type=int, default=5, help="runs of each contender; the median counts")
    parser.add_argument("--gannet", type=pathlib.Path, help="the example; built in release mode without this option")
    parser.add_argument(
        "--environment",
        type=pathlib.Path,
        default=pathlib.Path(tempfile.gettempdir()) / "gannet-bench-pysigma",
        help="where pySigma is or will be installed",
    )
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def build():
    command = ["cargo", "build", "--quiet", "--release", "--package", "lang", "--example", "read_rules"]
    subprocess.run(command, cwd=ROOT, check=True)
    return ROOT / "target" / "release" / "examples" / "read_rules"


def environment(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def measure(command):
    """Rules, seconds of reading, processor seconds of the whole process, and its peak memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    words = process.stdout.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed")
    return {
        "rules": int(words[0]),
        "seconds": float(words[-2]),
        "processor": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / 1024,
    }


def report(runs):
    print("| | rules | seconds | processor seconds | peak MB |\n|---|--:|--:|--:|--:|")
    medians = {}
    for name, measured in runs.items():
        median = {key: statistics.median(run[key] for run in measured) for key in measured[0]}
        medians[name] = median
        print(
            f"| {name} | {median['rules']:.0f} | {median['seconds']:.3f} | {median['processor']:.2f} "
            f"| {median['peak']:.0f} |"
        )
    per_rule = {name: median["seconds"] / median["rules"] for name, median in medians.items()}
    print(f"\ngannet is {per_rule['pySigma'] / per_rule['gannet']:.1f} times as fast per rule")


def pysigma(folders):
    """Run inside the environment that has pySigma."""
    import time

    from sigma.rule import SigmaRule

    start = time.perf_counter()
    rules = []
    for folder in folders:
        for path in sorted(folder.rglob("*.yml")):
            rule = SigmaRule.from_yaml(path.read_text(encoding="utf-8"))
            for condition in rule.detection.parsed_condition:
                condition.parse()
            rules.append(rule)
    print(f"{len(rules)} rules {time.perf_counter() - start:.4f} s")


if __name__ == "__main__":
    main()
