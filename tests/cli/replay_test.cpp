// SPDX-License-Identifier: Apache-2.0
// Invariant I4 on the command line: a recording, replayed, gives what a run gives.
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"
#include "topology/chip.hpp"

namespace synfire::test {
namespace {

constexpr int bad_input = 2;

using Arguments = std::vector<std::string>;

Outcome command(const Workspace& workspace, Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return workspace.synfire(arguments);
}

void run(const Workspace& workspace, const Arguments& more) {
  const Outcome outcome =
      command(workspace, {"run", "--model", "model.h5", "--prompt", "Call me!", "--quiet"}, more);
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
}

void replay(const Workspace& workspace, const Arguments& more) {
  const Outcome outcome = command(workspace, {"replay", "run.h5", "--quiet"}, more);
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
}

/// Every number of the two summaries but those of the machine.
void check_equal_summaries(const Workspace& workspace, const std::string& a, const std::string& b) {
  const Outcome outcome = workspace.python(R"(
import json, sys
a, b = (json.load(open(name)) for name in sys.argv[1:])
for key in 'wall_s', 'events_per_wall_s', 'peak_rss_bytes', 'bits_per_character_of_prompt':
    a.pop(key, None), b.pop(key, None)
assert a.keys() == b.keys(), a.keys() ^ b.keys()
different = {key: (a[key], b[key]) for key in a if a[key] != b[key]}
assert not different, different
)",
                                           {workspace.file(a), workspace.file(b)});
  INFO(outcome.error);
  CHECK(outcome.exit_code == 0);
}

/// Every dataset of the two recordings but what is volatile, and membranes.
void check_equal_recordings(const Workspace& workspace) {
  const Outcome outcome = workspace.python(R"(
import h5py, numpy
a, b = h5py.File('run.h5'), h5py.File('replay.h5')
def names(file):
    found = []
    file.visititems(lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None)
    return {name for name in found if 'volatile' not in name and 'potentials' not in name}
assert names(b) - names(a) == {'synfire/run/replayed'}, names(b) - names(a)
assert names(a) <= names(b), names(a) - names(b)
for name in names(a):
    assert numpy.array_equal(a[name][()], b[name][()]), name
)",
                                           {});
  INFO(outcome.error);
  CHECK(outcome.exit_code == 0);
}

}  // namespace

TEST_CASE("I4: on every preset a replayed recording is the recording, number for number") {
  Workspace workspace;
  workspace.write_model();
  const std::string mapping = GENERATE("linear", "annealing");
  for (const std::string& preset : chip_preset_names()) {
    INFO(preset << ' ' << mapping);
    run(workspace, {"--tokens", "5", "--chip", preset, "--placement", mapping, "--set",
                    "neurocore.neurons=64", "--out", "run.h5", "--json", "run.json"});
    replay(workspace, {"--out", "replay.h5", "--json", "replay.json"});
    check_equal_summaries(workspace, "run.json", "replay.json");
    check_equal_recordings(workspace);
  }
}

TEST_CASE("a replay on another chip gives what a run there gives") {
  Workspace workspace;
  workspace.write_model();
  run(workspace, {"--tokens", "5", "--out", "run.h5"});
  for (const std::string& preset : chip_preset_names()) {
    INFO(preset);
    const Arguments there{"--chip",      preset,   "--set", "neurocore.neurons=64",
                          "--placement", "greedy", "--json"};
    Arguments arguments = there;
    arguments.emplace_back("run.json");
    run(workspace, [&] {
      Arguments all{"--tokens", "5"};
      all.insert(all.end(), arguments.begin(), arguments.end());
      return all;
    }());
    arguments.back() = "replay.json";
    replay(workspace, arguments);
    check_equal_summaries(workspace, "run.json", "replay.json");
  }
}

TEST_CASE("settings alone change the recorded chip, which is then mapped anew") {
  Workspace workspace;
  workspace.write_model();
  run(workspace, {"--tokens", "5", "--chip", "ideal", "--out", "run.h5"});
  const Arguments setting{"--set", "neurocore.update_latency=7 ns", "--json", "replay.json"};
  replay(workspace, setting);
  run(workspace,
      {"--tokens", "5", "--chip", "ideal", setting[0], setting[1], "--json", "run.json"});
  check_equal_summaries(workspace, "run.json", "replay.json");
}

TEST_CASE("a text that is re-ingested is replayed, context by context") {
  Workspace workspace;
  workspace.write_model();
  run(workspace, {"--tokens", "60", "--out", "run.h5", "--json", "run.json"});
  replay(workspace, {"--out", "replay.h5", "--json", "replay.json"});
  CHECK(std::stoi(json_value(workspace.shell("cat run.json").out, "reingested_tokens")) > 0);
  check_equal_summaries(workspace, "run.json", "replay.json");
  check_equal_recordings(workspace);
  const Outcome verified = workspace.synfire({"verify", "replay.h5"});
  CHECK(verified.exit_code == 0);
}

TEST_CASE("replay --energy prices by another table what info --reprice does") {
  Workspace workspace;
  workspace.write_model();
  run(workspace, {"--tokens", "5", "--out", "run.h5"});
  replay(workspace, {"--energy", "digital-22nm", "--json", "replay.json"});
  const Outcome repriced =
      workspace.synfire({"info", "run.h5", "--reprice", "digital-22nm", "--json", "-"});
  const auto total = [](const std::string& json) {
    return json_value(json.substr(json.find("\"energy_j\"")), "total");
  };
  CHECK(total(workspace.shell("cat replay.json").out) == total(repriced.out));
}

TEST_CASE("a run with faults is replayed on its own chip alone") {
  Workspace workspace;
  workspace.write_model();
  run(workspace, {"--tokens", "5", "--set", "faults.drop_rate=5 %", "--set", "faults.dead_links=1",
                  "--set", "faults.stuck_firing_rate=3 %", "--set", "neurocore.neurons=64", "--out",
                  "run.h5", "--json", "run.json"});
  replay(workspace, {"--out", "replay.h5", "--json", "replay.json"});
  check_equal_summaries(workspace, "run.json", "replay.json");
  check_equal_recordings(workspace);
  const Outcome elsewhere = workspace.synfire({"replay", "run.h5", "--chip", "ideal"});
  CHECK(elsewhere.exit_code == bad_input);
  CHECK(is_one_line_error(elsewhere.error));
  CHECK(elsewhere.error.find("faults") != std::string::npos);
}

TEST_CASE("a stimulus is replayed, too") {
  Workspace workspace;
  const std::string folder = std::string(SYNFIRE_SOURCE_FOLDER) + "/tests/bench/peer";
  REQUIRE(workspace
              .shell("/usr/bin/python3 '" + folder + "/make_model.py' '" + folder +
                     "/network.h5' peer.h5")
              .exit_code == 0);
  REQUIRE(workspace
              .synfire(
                  {"run", "--model", "peer.h5", "--out", "run.h5", "--json", "run.json", "--quiet"})
              .exit_code == 0);
  replay(workspace, {"--out", "replay.h5", "--json", "replay.json"});
  check_equal_summaries(workspace, "run.json", "replay.json");
  check_equal_recordings(workspace);
}

TEST_CASE("what cannot be replayed is refused with the reason, and nothing is written") {
  Workspace workspace;
  workspace.write_model();
  run(workspace, {"--tokens", "5", "--out", "run.h5"});
  run(workspace, {"--tokens", "5", "--set", "neurocore.neurons=64", "--out", "other.h5"});
  workspace.write_model("also.h5");
  const auto change = [&](const std::string& name, const std::string& python) {
    const Outcome outcome =
        workspace.python("import h5py, shutil; shutil.copy('run.h5', '" + name +
                             "'); f = h5py.File('" + name + "', 'a'); " + python,
                         {});
    INFO(outcome.error);
    REQUIRE(outcome.exit_code == 0);
  };
  change("early.h5", "f['synfire'].attrs.modify('complete', 0)");
  change("less.h5", "f['synfire/counts/populations/spikes'][3] += 1");
  change("text.h5", "f['synfire/tokens/id'][9] = (f['synfire/tokens/id'][9] + 1) % 5");
  change("model.h5.other", "f['synfire/model/identity'][()] = b'0' * 32");
  const std::vector<std::string> names = workspace.names();
  const auto refused = [&](Arguments arguments, const std::string& words) {
    arguments.insert(arguments.begin(), "replay");
    arguments.insert(arguments.end(), {"--out", "new.h5", "--json", "new.json"});
    const Outcome outcome = workspace.synfire(arguments);
    INFO(outcome.error);
    CHECK(outcome.exit_code == bad_input);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find(words) != std::string::npos);
    CHECK(workspace.names() == names);
  };
  refused({"early.h5"}, "early.h5: is the part of a run that ended early");
  refused({"less.h5"}, "less.h5: holds ");
  refused({"text.h5"}, "text.h5: has other tokens");
  refused({"model.h5.other"}, "identity");
  refused({"model.h5"}, "not a recording");
  refused({"none.h5"}, "none.h5");
  refused({"run.h5", "--chip", "loihi"}, "loihi-like");
  refused({"run.h5", "--set", "neurocore.neuron=3"}, "neurocore.neurons");
  refused({"run.h5", "--set", "neurocore.neurons=0"}, "neurocore.neurons");
  refused({"run.h5", "--set", "grid.width=1", "--set", "grid.height=1", "--set",
           "neurocore.neurons=16"},
          "neurocores");
  refused({"run.h5", "--energy", "none.yaml"}, "none.yaml");
  const Outcome overwritten = workspace.synfire({"replay", "run.h5", "--out", "run.h5"});
  CHECK(overwritten.exit_code == bad_input);
  CHECK(overwritten.error.find("run.h5: is an input") != std::string::npos);
}

}  // namespace synfire::test
