// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

/// A workspace with the recording run.h5, packets included.
struct RecordedWorkspace : Workspace {
  RecordedWorkspace() {
    write_model();
    const Outcome outcome =
        synfire({"run", "--model", "model.h5", "--tokens", "4", "--temperature", "1", "--out",
                 "run.h5", "--record", "potentials:head.input[0:3]", "--record", "packets",
                 "--quiet", "--json", "run.json"});
    INFO(outcome.error);
    REQUIRE(outcome.exit_code == 0);
  }

  void refuse(const std::vector<std::string>& arguments, const std::string& words) const {
    const auto before = names();
    const Outcome outcome = synfire(arguments);
    INFO(outcome.error);
    CHECK(outcome.exit_code == 2);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find(words) != std::string::npos);
    CHECK(names() == before);
  }

  void check(const std::string& script, const std::vector<std::string>& files) const {
    std::vector<std::string> paths;
    for (const std::string& name : files) paths.push_back(file(name));
    const Outcome outcome = python(script, paths);
    INFO(outcome.error);
    CHECK(outcome.exit_code == 0);
  }
};

/// The rules of the trace-event format that viewers rely on. Defines `events`, `spans` (process,
/// thread, begin, end, name, arguments) and `ps(ts)`: exact picoseconds.
constexpr const char* trace_checker = R"(
import decimal, json, sys
trace = json.load(open(sys.argv[1]), parse_float=decimal.Decimal)
events = trace['traceEvents']
assert trace['displayTimeUnit'] == 'ns' and trace['otherData']['about']
required = {'M': {'name', 'args'}, 'B': {'ts', 'name', 'args'}, 'E': {'ts'}, 'C': {'ts', 'name', 'args'},
            's': {'ts', 'name', 'cat', 'id'}, 'f': {'ts', 'name', 'cat', 'id', 'bp'}}
def ps(ts):
    picoseconds = ts * 1000000
    assert picoseconds == int(picoseconds) >= 0
    return int(picoseconds)
open_spans, last, spans, flows, processes, threads, counters = {}, {}, [], {}, {}, {}, {}
for event in events:
    phase, track = event['ph'], (event['pid'], event['tid'])
    assert required[phase] <= event.keys(), event
    assert all(type(part) is int and part >= 0 for part in track)
    if phase == 'M':
        names = {'process_name': processes, 'thread_name': threads}.get(event['name'])
        key = event['pid'] if event['name'] == 'process_name' else track
        assert names is None or key not in names, 'named twice'
        if names is not None: names[key] = event['args']['name']
        continue
    if phase == 'C':
        assert list(event['args']) == ['value'] and event['args']['value'] >= 0
        times = counters.setdefault((event['pid'], event['name']), [])
        assert not times or times[-1] < event['ts'], 'counters ascend'
        times.append(event['ts'])
        continue
    time = ps(event['ts'])
    assert time >= last.get(track, 0), 'events of a track ascend'
    last[track] = time
    stack = open_spans.setdefault(track, [])
    if phase == 'B':
        assert not stack, 'spans of a track overlap'
        stack.append((time, event))
    elif phase == 'E':
        begun, begin = stack.pop()
        spans.append((*track, begun, time, begin['name'], begin['args']))
    else:
        assert stack, 'a flow needs a span to hold on to'
        flows.setdefault(event['id'], {})[phase] = (time, track)
assert not any(open_spans.values()), 'every span ends'
assert {event['pid'] for event in events} == set(processes), 'every process has a name'
assert {span[:2] for span in spans} <= set(threads), 'every track has a name'
)";

}  // namespace

TEST_CASE(
    "export --format perfetto keeps to the trace-event format, and its times are the recording's") {
  RecordedWorkspace workspace;
  const Outcome outcome =
      workspace.synfire({"export", "run.h5", "--format", "perfetto", "-o", "trace.json"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("trace.json: "));
  workspace.check(std::string(trace_checker) + R"(
import h5py, collections
f = h5py.File(sys.argv[2])['synfire']
steps = collections.Counter(zip(f['steps/started_ps'][:].tolist(), f['steps/ended_ps'][:].tolist(),
                                f['steps/token'][:].tolist(), f['steps/time_step'][:].tolist()))
seen = collections.Counter((b, e, a['token'], a['time_step']) for p, t, b, e, n, a in spans if 'started_ps' in a)
assert steps == seen and len(steps) > 10
assert all(b == a['started_ps'] and e == a['ended_ps'] for p, t, b, e, n, a in spans if 'started_ps' in a)
slices = [int(c) for c in f['counts/slices/core'][:]]
used = {f'neurocore {c}' for c in slices if c != 0xffffffff}
assert used <= set(processes.values())
tokens = collections.Counter(zip(f['tokens/injected_ps'][:].tolist(), f['tokens/finished_ps'][:].tolist()))
assert tokens == collections.Counter((b, e) for p, t, b, e, n, a in spans if 'injected_ps' in a)
packets = collections.Counter(zip(f['packets/sent_ps'][:].tolist(), f['packets/arrived_ps'][:].tolist()))
assert all(set(ends) == {'s', 'f'} for ends in flows.values())
assert packets == collections.Counter((ends['s'][0], ends['f'][0]) for ends in flows.values())
assert len(packets) > 10
for ends in flows.values():
    assert threads[ends['s'][1]] == 'packets that leave' and threads[ends['f'][1]] == 'packets that arrive'
routers = {pid for pid, name in processes.items() if name.startswith('router ')}
assert routers and {pid for pid, name in counters} == routers
)",
                  {"trace.json", "run.h5"});
}

TEST_CASE("export --format perfetto takes a window of tokens, and refuses more than viewers bear") {
  RecordedWorkspace workspace;
  REQUIRE(workspace
              .synfire({"export", "run.h5", "--format", "perfetto", "-o", "trace.json", "--tokens",
                        "1:3", "--quiet"})
              .out.empty());
  workspace.check(std::string(trace_checker) + "assert {a['token'] for *_, a in spans} == {1, 2}\n",
                  {"trace.json"});
  workspace.refuse(
      {"export", "run.h5", "--format", "perfetto", "-o", "a.json", "--tokens", "90:99"}, "no step");
  // A recording of one long step table: its rows a thousand times over.
  const Outcome grown = workspace.python(R"(
import h5py, numpy, sys
with h5py.File(sys.argv[1], 'r+') as f:
    steps = f['synfire/steps']
    for name in list(steps):
        rows, units = numpy.tile(steps[name][:], 1 + 600000 // len(steps[name])), steps[name].attrs['units']
        del steps[name]
        steps[name] = rows
        steps[name].attrs['units'] = units
)",
                                         {workspace.file("run.h5")});
  INFO(grown.error);
  REQUIRE(grown.exit_code == 0);
  workspace.refuse({"export", "run.h5", "--format", "perfetto", "-o", "a.json"}, "--tokens");
}

TEST_CASE("export --format csv writes tables that hold what the recording holds") {
  RecordedWorkspace workspace;
  const Outcome outcome =
      workspace.synfire({"export", "run.h5", "--format", "csv", "-o", "tables"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out ==
        "tables: spikes.csv, steps.csv, tokens.csv, links.csv, energy.csv, link_windows.csv, "
        "potentials.csv, packets.csv\n");
  workspace.check(R"(
import csv, h5py, json, sys
folder, f = sys.argv[1] + '/', h5py.File(sys.argv[2])
def table(name):
    return list(csv.DictReader(open(folder + name + '.csv', newline='')))
def column(rows, name):
    return [int(row[name]) for row in rows]
s = f['synfire']
spikes = table('spikes')
for population in f['spikes']:
    rows = [row for row in spikes if row['population'] == population]
    assert column(rows, 'neuron') == f['spikes'][population]['node_ids'][:].tolist()
    for name in ['time_ps', 'token', 'time_step']:
        assert column(rows, name) == s['spikes'][population][name][:].tolist()
steps = table('steps')
for name in ['started_ps', 'ended_ps', 'token', 'time_step']:
    assert column(steps, name) == s['steps'][name][:].tolist()
tokens = table('tokens')
for name in ['token', 'id', 'position', 'is_given', 'injected_ps', 'finished_ps']:
    assert column(tokens, name) == s['tokens'][name][:].tolist()
links = table('links')
for name in ['packets', 'control_packets', 'bits', 'busy_ps', 'max_queue_depth', 'waiting_ps']:
    assert column(links, name) == s['counts/links'][name][:].tolist()
packets = table('packets')
for name in ['sent_ps', 'arrived_ps', 'token', 'time_step', 'neuron']:
    assert column(packets, name) == s['packets'][name][:].tolist()
assert column(table('potentials'), 'potential_weight_units') == s['potentials/head.input/potential'][:].tolist()
windows = table('link_windows')
for link in {row['link'] for row in windows}:
    mine = [row for row in windows if row['link'] == link]
    assert sum(column(mine, 'bits')) == s['counts/links/bits'][int(link)]
    assert sum(column(mine, 'busy_ps')) == s['counts/links/busy_ps'][int(link)]
energy = sum(float(row['energy_j']) for row in table('energy'))
expected = json.load(open(sys.argv[3]))['energy_j']['total']
assert abs(energy - expected) < 1e-9 * expected
)",
                  {"tables", "run.h5", "run.json"});
  workspace.refuse({"export", "run.h5", "--format", "csv", "-o", "tables"}, "exists");
  workspace.refuse({"export", "run.h5", "--format", "csv", "-o", "no/such"}, "folder");
}

TEST_CASE("export --format sonata is a bare SONATA file that h5py reads as one") {
  RecordedWorkspace workspace;
  REQUIRE(
      workspace.synfire({"export", "run.h5", "--format", "sonata", "-o", "spikes.h5"}).exit_code ==
      0);
  workspace.check(R"(
import h5py, sys
bare, run = h5py.File(sys.argv[1]), h5py.File(sys.argv[2])
assert list(bare) == ['spikes']
assert bare.attrs['magic'] == 0x0a7a and bare.attrs['version'].tolist() == [0, 1]
assert list(bare['spikes']) == list(run['spikes'])
total = 0
for name, group in bare['spikes'].items():
    assert set(group) == {'timestamps', 'node_ids'}
    assert group['timestamps'].dtype == 'float64' and group['node_ids'].dtype == 'uint64'
    assert group['timestamps'].attrs['units'] == 'ms'
    names = h5py.check_enum_dtype(group.attrs.get_id('sorting').dtype)
    assert names == {'none': 0, 'by_id': 1, 'by_time': 2} and group.attrs['sorting'] == 2
    times = group['timestamps'][:]
    assert (times[1:] >= times[:-1]).all()
    assert (times == run['spikes'][name]['timestamps'][:]).all()
    assert (group['node_ids'][:] == run['spikes'][name]['node_ids'][:]).all()
    total += len(times)
assert total > 100
)",
                  {"spikes.h5", "run.h5"});
}

TEST_CASE("export writes what is there of a run that was cut short, and says so") {
  RecordedWorkspace workspace;
  const Outcome edited = workspace.python(R"(
import h5py, sys
with h5py.File(sys.argv[1], 'r+') as f:
    for name in ['counts/links/packets', 'counts/neurons', 'counts/populations', 'run/events', 'run/text']:
        del f['synfire/' + name]
    f['synfire'].attrs.modify('complete', 0)
)",
                                          {workspace.file("run.h5")});
  REQUIRE(edited.exit_code == 0);
  for (const char* format : {"perfetto", "csv", "sonata"}) {
    const Outcome outcome =
        workspace.synfire({"export", "run.h5", "--format", format, "-o", format});
    INFO(format << ": " << outcome.error);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.find("the run was cut short") != std::string::npos);
  }
}

TEST_CASE("export refuses what it cannot read or write, and leaves nothing") {
  RecordedWorkspace workspace;
  workspace.write("text.h5", "no HDF5 at all");
  workspace.shell("head -c 20000 run.h5 > half.h5");
  for (const char* format : {"perfetto", "csv", "sonata"}) {
    const auto refuse = [&](const std::string& file, const std::string& words) {
      workspace.refuse({"export", file, "--format", format, "-o", "out"}, words);
    };
    refuse("text.h5", "text.h5");
    refuse("absent.h5", "absent.h5");
    refuse("model.h5", "is not a recording");
    refuse("half.h5", "half.h5");
    workspace.refuse({"export", "run.h5", "--format", format, "-o", "run.h5"}, "run.h5");
  }
  workspace.refuse({"export", "run.h5", "--format", "csv", "-o", "out", "--tokens", "0:2"},
                   "--tokens");
  workspace.refuse({"export", "run.h5", "--format", "nir", "-o", "out"}, "nir");
  const Outcome edited = workspace.python(
      "import h5py, sys, numpy\n"
      "with h5py.File(sys.argv[1], 'r+') as f: "
      "f['synfire'].attrs.modify('version', numpy.uint32(99))\n",
      {workspace.file("run.h5")});
  REQUIRE(edited.exit_code == 0);
  workspace.refuse({"export", "run.h5", "--format", "csv", "-o", "out"},
                   "format that this version does not read");
}

TEST_CASE("run --record refuses what it does not know") {
  RecordedWorkspace workspace;
  workspace.refuse({"run", "--model", "model.h5", "--out", "b.h5", "--record", "packet"},
                   "packets");
}

}  // namespace synfire::test
