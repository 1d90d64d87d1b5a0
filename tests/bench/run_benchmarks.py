#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs every benchmark; writes one JSON file (Google Benchmark's format) and a table.

Each benchmark runs in a process of its own, so that its peak memory is its own, and the rounds of
--repetitions go through all of them in turn, so that a busy minute hits all alike. The table shows
the best and the median time. Google Benchmark (libbenchmark-dev) must be installed. With Brian2
(Debian: python3-brian) the peer network is run by it as well, in alternation; without, that
comparison is left out. A quiet machine takes about ten minutes, with --short one.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # leave the source tree as it is
import benchmark_table  # noqa: E402

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(FOLDER))
PEER_NETWORK = os.path.join(FOLDER, "peer", "network.h5")
PEER_LOOP = "peer/32_cores_a_layer/unicast"  # what Brian2's runs alternate with
# Left out by --short: what takes long or much memory.
LONG = re.compile(r"/1000000$|DRAM|16x16|mesh.*/tree|128KiB|2_threads|barrier|sequence_reference|"
                  r"growth/tokens/(1024|2048|4096)|growth/packets/1\d{6}")


def build(folder):
    """Configures and builds in `folder`; returns the path of the program."""
    configure = ["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 "-DSYNFIRE_TRAINING=OFF", "-DSYNFIRE_BUILD_TESTS=ON",
                 "-DSYNFIRE_BUILD_BENCHMARKS=ON"]
    compile_all = ["cmake", "--build", folder, "--target", "synfire_benchmarks"]
    for command in (configure, compile_all):
        if subprocess.run(command, stdout=sys.stderr).returncode != 0:
            sys.exit("run_benchmarks.py: the build failed; see above (packages: ./setup.sh help)")
    return os.path.join(folder, "tests", "bench", "synfire_benchmarks")


def list_benchmarks(program, pattern):
    names = subprocess.run([program, "--benchmark_list_tests"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    return [name for name in names if re.search(pattern, name)]


def run_one(program, name, min_time):
    """One benchmark in a process of its own: (context of the run, its entry)."""
    done = subprocess.run([program, f"--benchmark_filter=^{re.escape(name)}$",
                           f"--benchmark_min_time={min_time}", "--benchmark_format=json"],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"run_benchmarks.py: {name}: ends with status {done.returncode}\n{done.stderr}")
    result = json.loads(done.stdout)
    entry = result["benchmarks"][0]
    if entry.get("error_occurred"):
        sys.exit(f"run_benchmarks.py: {name}: {entry['error_message']}")
    return result["context"], entry


class Brian2:
    """Brian2's program for the peer network, compiled once; None answers if it is missing."""

    def __init__(self, folder):
        self.process = None
        if subprocess.run([sys.executable, "-W", "ignore", "-c", "import brian2"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            print("\n== SKIPPED: Brian2 is not installed (Debian: apt-get install python3-brian), "
                  "so nothing is compared with it ==\n", file=sys.stderr)
            return
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", os.path.join(FOLDER, "brian2_peer.py"), PEER_NETWORK,
             folder], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answer()  # until it is compiled, so that nothing else runs meanwhile

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("run_benchmarks.py: brian2_peer.py ended; see its message above")
        return line

    def run(self):
        """The next run as an entry of the JSON file."""
        if self.process is None:
            return None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = json.loads(self.answer())
        if (answer["spikes"], answer["checksum"]) != benchmark_table.PEER_SPIKES:
            sys.exit(f"run_benchmarks.py: Brian2: {answer} are other spikes than expected")
        return {"name": "peer/brian2_cpp_standalone", "run_type": "iteration", "iterations": 1,
                "real_time": answer["loop_s"] * 1e3, "cpu_time": answer["loop_s"] * 1e3,
                "time_unit": "ms", **answer}

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()


def run_all(program, options):
    """Every round of every benchmark: (context, entries in the order in which they ran)."""
    names = list_benchmarks(program, options.only)
    if options.short:
        names = [name for name in names if not LONG.search(name)]
    min_time = 0.01 if options.short else 0.5
    context, entries = {}, []
    with tempfile.TemporaryDirectory() as folder:
        compares = any(name.startswith(PEER_LOOP) for name in names) and not options.short
        brian2 = Brian2(folder) if compares else None
        for repetition in range(1 if options.short else options.repetitions):
            for name in names:
                print(f"round {repetition + 1}: {name}", file=sys.stderr)
                run_context, entry = run_one(program, name, min_time)
                context = context or run_context
                others = [brian2.run()] if brian2 and name.startswith(PEER_LOOP) else []
                for each in [entry] + [other for other in others if other]:
                    entries.append({**each, "repetition_index": repetition})
        if brian2:
            brian2.close()
    return context, entries


def replace_table(path, table):
    """Puts the table between the marks of a Markdown file."""
    with open(path) as file:
        text = file.read()
    begin, end = "<!-- table: begin -->\n", "<!-- table: end -->\n"
    first, last = text.index(begin) + len(begin), text.index(end)
    with open(path, "w") as file:
        file.write(text[:first] + table + text[last:])


def main():
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--short", action="store_true",
                           help="one brief round without the large ones and without Brian2")
    arguments.add_argument("--only", default="", metavar="REGEX",
                           help="benchmarks whose names match; nothing: all")
    arguments.add_argument("--repetitions", type=int, default=3, help="rounds (default: 3)")
    arguments.add_argument("--build", default=os.path.join(ROOT, "build", "bench"),
                           help="build folder (default: build/bench)")
    arguments.add_argument("--program", help="take this synfire_benchmarks, build nothing")
    arguments.add_argument("--out", default=os.path.join(ROOT, "build", "bench", "benchmarks"),
                           help="writes OUT.json and OUT.md (default: build/bench/benchmarks)")
    arguments.add_argument("--update", metavar="FILE",
                           help="put the table into a Markdown file, such as RESULTS.md")
    options = arguments.parse_args()
    program = options.program or build(options.build)
    load_before = os.getloadavg()[0]
    context, entries = run_all(program, options)
    if not entries:
        sys.exit(f"run_benchmarks.py: --only {options.only}: no such benchmark")
    machine = benchmark_table.machine(ROOT, (load_before, os.getloadavg()[0]))
    os.makedirs(os.path.dirname(os.path.abspath(options.out)), exist_ok=True)
    with open(options.out + ".json", "w") as file:
        json.dump({"context": {**context, **machine}, "benchmarks": entries}, file, indent=1)
    table = benchmark_table.to_markdown(machine, entries)
    with open(options.out + ".md", "w") as file:
        file.write(table)
    if options.update:
        replace_table(options.update, table)
    print(table)


if __name__ == "__main__":
    main()
