# SPDX-License-Identifier: Apache-2.0
"""Results of run_benchmarks.py as Markdown: one table a question, growth as exponents, goals."""
import collections
import datetime
import math
import os
import platform
import re
import statistics
import subprocess

PEER_SPIKES = (54219, 5389933859)  # spikes, and the sum of (t + 1) (1024 layer + neuron)
LEAST_GROWTH = 1.0  # MiB; less is the page-wise growth of a process
TO_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


class Result:
    """All runs of one benchmark; counters are those of the fastest run."""

    def __init__(self, runs):
        self.times = [run["real_time"] * TO_SECONDS[run["time_unit"]] for run in runs]
        self.process_times = [run["cpu_time"] * TO_SECONDS[run["time_unit"]] for run in runs]
        self.best = min(self.times)
        self.median = statistics.median(self.times)
        self.counters = runs[self.times.index(self.best)]

    def __getitem__(self, counter):
        return self.counters.get(counter)


def results(entries):
    """Results by name, without what Google Benchmark appends to it."""
    runs = collections.OrderedDict()
    for entry in entries:
        name = re.sub(r"/(iterations:\d+|real_time|process_time|manual_time)", "", entry["name"])
        runs.setdefault(name, []).append(entry)
    return collections.OrderedDict((name, Result(each)) for name, each in runs.items())


def output_of(*command):
    try:
        return subprocess.run(command, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout.strip()
    except OSError:
        return ""


def first_match(path, pattern):
    with open(path) as file:
        found = re.search(pattern, file.read())
    return found.group(1) if found else "unknown"


def machine(root, load):
    """What a figure depends on: machine, date, commit, how busy the machine was."""
    memory = int(first_match("/proc/meminfo", r"MemTotal:\s+(\d+)")) / 2**20
    dirty = " with changes" if output_of("git", "-C", root, "status", "--porcelain") else ""
    return {
        "machine": f"{os.cpu_count()} x {first_match('/proc/cpuinfo', 'model name.*: (.*)')}, "
                   f"{memory:.0f} GiB",
        "system": first_match("/etc/os-release", 'PRETTY_NAME="(.*)"') + ", " +
                  output_of("c++", "--version").split("\n")[0],
        "date_utc": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
        "commit": output_of("git", "-C", root, "rev-parse", "--short", "HEAD") + dirty,
        "load_average": f"{load[0]:.1f} before, {load[1]:.1f} after",
        "python": platform.python_version(),
    }


def number(value, digits=3):
    """With a unit prefix, as in 12.3 M; empty for what was not counted."""
    if value is None:
        return ""
    for factor, prefix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= factor:
            return f"{value / factor:.{digits}g}{prefix}"
    return f"{value:.{digits}g}"


def duration(value):
    for factor, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if value >= factor:
            return f"{value / factor:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def chosen(found, prefix):
    return [(name, result) for name, result in found.items() if name.startswith(prefix)]


def queue_table(found):
    """Holds a second: one row a queue and distribution, one column a number of pending events."""
    rows = collections.OrderedDict()
    pending = []
    for name, result in chosen(found, "hold/"):
        _, queue, increments, count = name.split("/")
        rows.setdefault((queue, increments), {})[count] = number(result["holds_per_s"])
        pending += [count] if count not in pending else []
    head = ["queue", "increments"] + [f"{int(count):,} pending" for count in pending]
    return table(head, [[*key, *(row.get(count, "") for count in pending)]
                        for key, row in rows.items()])


def work_table(found, prefix):
    """Time and work of whole runs."""
    columns = [("tokens/s", "tokens_per_s"), ("events/s", "events_per_s"),
               ("packets/s", "packets_per_s"), ("hops/s", "hops_per_s"),
               ("synaptic operations/s", "synaptic_operations_per_s"),
               ("events a packet", "events_per_packet"), ("peak RSS, MiB", "peak_rss_MiB")]
    chosen_results = chosen(found, prefix)
    columns = [column for column in columns
               if any(result[column[1]] is not None for _, result in chosen_results)]
    rows = [[name[len(prefix):], duration(result.best), duration(result.median),
             *(number(result[key]) for _, key in columns)] for name, result in chosen_results]
    return table(["", "time (best)", "(median)", *(title for title, _ in columns)], rows)


def core_table(found):
    rates = ("synaptic_operations_per_s", "neuron_updates_per_s", "state_entries_per_s")
    rows = []
    for name, result in chosen(found, "core/"):
        rate = next(key for key in rates if result[key] is not None)
        rows.append([name[len("core/"):], duration(min(result.process_times)),
                     number(result[rate]) + " " + rate.replace("_per_s", "/s").replace("_", " ")])
    return table(["", "time", "rate"], rows)


def exponent(points):
    """Slope of log y over log x by least squares: y grows as x to this power."""
    x = [math.log(point[0]) for point in points]
    y = [math.log(max(point[1], 1e-9)) for point in points]
    mean_x, mean_y = statistics.mean(x), statistics.mean(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / spread


def growth_table(found):
    curves = collections.OrderedDict()
    for name, result in chosen(found, "growth/"):
        curve = name[len("growth/"):].rsplit("/", 1)[0]
        curves.setdefault(curve, []).append(
            (result["x"], min(result.process_times), result["grown_MiB"]))
    rows = []
    for curve, points in curves.items():
        if len(points) < 2:
            continue
        points.sort()
        first, last = points[0], points[-1]
        memory = [(point[0], point[2]) for point in points if point[2] >= LEAST_GROWTH]
        rows.append([curve.replace("_", " "), f"{first[0]:,.0f} .. {last[0]:,.0f}",
                     f"{duration(first[1])} .. {duration(last[1])}",
                     f"{exponent([point[:2] for point in points]):.2f}",
                     f"{first[2]:.1f} .. {last[2]:.1f}",
                     f"{exponent(memory):.2f}" if len(memory) > 1 else ""])
    return table(["grows", "range", "process time", "exponent", "memory beyond the start, MiB", "exponent"],
                 rows)


def comparison(found):
    """Ours against Brian2's, both loops alone, as ratio with both figures."""
    brian2 = found.get("peer/brian2_cpp_standalone")
    if brian2 is None:
        return ""
    rows = []
    for name, result in chosen(found, "peer/"):
        if result is not brian2:
            row = [name[len("peer/"):]]
            for pick in (min, statistics.median):
                ours, theirs = pick(result.process_times), pick(brian2.process_times)
                row += [duration(ours), duration(theirs), f"{ours / theirs:.2f}"]
            rows.append(row)
    return ("\nSimulation loop against simulation loop, compiling and loading excluded, in "
            "alternation, process times (all that Brian2's C++ standalone program measures; one "
            "thread each):\n\n" +
            table(["", "best", "Brian2", "ratio", "median", "Brian2", "ratio"], rows))


def thread_table(found):
    """The same run on one thread and on two, which share neurocores or tokens."""
    rows = []
    for name, two in found.items():
        base, _, threads = name.rpartition("/")
        shared = {"2_threads": "neurocores", "2_threads_by_tokens": "tokens"}.get(threads)
        one = found.get(base)
        if shared and one:
            rows.append([base, shared, duration(one.best), duration(two.best),
                         f"{one.best / two.best:.2f}", duration(one.median), duration(two.median),
                         f"{one.median / two.median:.2f}"])
    if not rows:
        return ""
    return "\n" + table(["", "threads share", "best, 1 thread", "2 threads", "faster by", "median, 1 thread",
                         "2 threads", "faster by"], rows)


# What is reached for: benchmark, counter (None: best time in s), goal, True if more is better.
GOALS = [
    ("peer/32_cores_a_layer/unicast", None, 0.5, False),
    ("peer/32_cores_a_layer/unicast", "peak_rss_MiB", 150, False),
    ("gpt2/1MiB_cores_tree", "tokens_per_s", 3, True),
    ("gpt2/1MiB_cores_tree", "peak_rss_MiB", 700, False),
    ("gpt2/128KiB_cores_unicast", "tokens_per_s", 0.5, True),
    ("shipped/loihi_like_recorded", "tokens_per_s", 100, True),
]


def goal_rows(found):
    rows = [(name + ", " + (counter or "time").replace("_per_s", "/s").replace("_", " "),
             found[name][counter] if counter else found[name].best, goal, more)
            for name, counter, goal, more in GOALS if name in found]
    brian2 = found.get("peer/brian2_cpp_standalone")
    tree = found.get("peer/32_cores_a_layer/tree")
    if brian2 and tree:
        rows.append(("peer/32_cores_a_layer/tree, process time beside Brian2's",
                     min(tree.process_times), min(brian2.process_times), False))
    at_million = [result["holds_per_s"] for name, result in chosen(found, "hold/")
                  if name.endswith("/1000000") and "binary_heap" not in name]
    if at_million:
        rows.append(("slowest hold of the fast queue at 1e6 pending, 1/s", min(at_million), 10e6,
                     True))
    return rows


def goal_table(found):
    return table(["goal", "wanted", "measured", ""],
                 [[what, ("at least " if more else "at most ") + number(goal), number(value),
                   "reached" if (value >= goal if more else value <= goal) else "missed"]
                  for what, value, goal, more in goal_rows(found)])


def to_markdown(facts, entries):
    found = results(entries)
    parts = ["".join(f"- {key.replace('_', ' ')}: {value}\n" for key, value in facts.items())]
    sections = [
        ("Goals", goal_table(found), True),
        ("Event queue: holds a second", queue_table(found), chosen(found, "hold/")),
        ("Network-on-chip alone", work_table(found, "network/"), chosen(found, "network/")),
        ("Arithmetic of a neurocore's step", core_table(found), chosen(found, "core/")),
        ("Peer network", work_table(found, "peer/") + comparison(found), chosen(found, "peer/")),
        ("Shipped decoder, 256 tokens", work_table(found, "shipped/"), chosen(found, "shipped/")),
        ("Decoder of GPT-2 small's size", work_table(found, "gpt2/") + thread_table(found),
         chosen(found, "gpt2/")),
        ("Growth", growth_table(found), chosen(found, "growth/")),
    ]
    parts += [f"### {title}\n\n{text}" for title, text, is_there in sections if is_there]
    return "\n".join(parts)
