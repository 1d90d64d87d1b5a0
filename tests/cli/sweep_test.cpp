// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

constexpr int run_failed = 1;
constexpr int bad_input = 2;

/// Chips for the small model of the tests: some too small, bred around the front in the end.
constexpr const char* small =
    "chip: loihi-like\n"
    "method: sobol\n"
    "points: 20\n"
    "parameters:\n"
    "  neurocore:\n"
    "    neurons: 2, 32, 64, 256\n"
    "    update_latency: 1 ns .. 20 ns log\n"
    "  grid: {width: 2 .. 8}\n"
    "  multicast: {kind: \"unicast, tree\"}\n"
    "workloads:\n"
    "  a: {model: model.h5, prompt: Call me!, tokens: 3}\n"
    "  b: {model: model.h5, prompt: A whale., tokens: 5}\n"
    "objectives: energy_per_token, latency_per_token, area_proxy\n"
    "narrowing: {rounds: 2, points: 5}\n";

Workspace& prepared(Workspace& workspace) {
  workspace.write_model();
  workspace.write("s.yaml", small);
  return workspace;
}

Outcome sweep(const Workspace& workspace, std::vector<std::string> more) {
  more.insert(more.begin(), {"sweep", "s.yaml", "--quiet"});
  return workspace.synfire(more);
}

std::string content(const Workspace& workspace, const std::string& file) {
  return workspace.shell("cat '" + file + "'").out;
}

void refused(const Workspace& workspace, const std::vector<std::string>& arguments,
             const std::string& words) {
  const std::vector<std::string> names = workspace.names();
  const Outcome outcome = workspace.synfire(arguments);
  INFO(outcome.error);
  CHECK(outcome.exit_code == bad_input);
  CHECK(is_one_line_error(outcome.error));
  CHECK(outcome.error.find(words) != std::string::npos);
  CHECK(workspace.names() == names);
}

}  // namespace

TEST_CASE("a sweep that is killed again and again ends in the table of one that is not") {
  Workspace workspace;
  prepared(workspace);
  const Outcome whole = sweep(workspace, {"-o", "whole.h5", "--csv", "whole.csv"});
  INFO(whole.error);
  REQUIRE(whole.exit_code == 0);
  // Each attempt lives a little longer, however slow the machine is.
  const Outcome killed = workspace.shell(
      "life=2; kills=0; until timeout -s KILL 0.$(printf %02d $life) \"$SYNFIRE\" sweep s.yaml "
      "--quiet -o part.h5 --csv part.csv 2>/dev/null; do kills=$((kills + 1)); "
      "life=$((life + 1)); test $life -lt 99 || exit 1; done; echo $kills");
  INFO(killed.out << killed.error);
  REQUIRE(killed.exit_code == 0);
  CHECK(std::stoi(killed.out) > 0);
  CHECK(content(workspace, "part.csv") == content(workspace, "whole.csv"));
  CHECK(workspace.shell("h5diff whole.h5 part.h5").exit_code == 0);
  CHECK(workspace.shell("test -e part.h5.part").exit_code != 0);
}

TEST_CASE("Ctrl-C ends a sweep cleanly; the same command goes on; threads change nothing") {
  Workspace workspace;
  prepared(workspace);
  REQUIRE(sweep(workspace, {"-o", "whole.h5", "--csv", "whole.csv", "--threads", "1"}).exit_code ==
          0);
  const Outcome stopped = workspace.shell(
      "\"$SYNFIRE\" sweep s.yaml --quiet -o part.h5 --threads 1 & pid=$!; "
      "until test -e part.h5.part; do sleep 0.01; done; kill -INT $pid; wait $pid");
  INFO(stopped.error);
  // It may have been faster than the signal.
  if (stopped.exit_code != 0) {
    CHECK(stopped.exit_code == run_failed);
    CHECK(is_one_line_error(stopped.error));
    CHECK(stopped.error.find("goes on with them") != std::string::npos);
  }
  REQUIRE(sweep(workspace, {"-o", "part.h5", "--csv", "part.csv", "--threads", "3"}).exit_code ==
          0);
  CHECK(content(workspace, "part.csv") == content(workspace, "whole.csv"));
}

TEST_CASE("a finished sweep is shown again, not made again, and a changed file is refused") {
  Workspace workspace;
  prepared(workspace);
  const Outcome made = workspace.synfire({"sweep", "s.yaml", "-o", "s.h5"});
  INFO(made.error);
  REQUIRE(made.exit_code == 0);
  CHECK(made.out.starts_with("rows                  60, "));
  CHECK(made.out.find("Pareto front of workload b: ") != std::string::npos);
  CHECK(workspace.synfire({"sweep", "s.yaml", "-o", "s.h5"}).out == made.out);
  const Outcome json = workspace.synfire({"sweep", "s.yaml", "-o", "s.h5", "--json", "-"});
  const Outcome parsed = workspace.python(R"(
import csv, io, json, sys, h5py
d = json.loads(sys.argv[1])
assert d['complete'] and d['rows'] == 60 and 0 < d['failed'] < 60
assert d['units']['area_proxy'] == 'bit' and d['units']['multicast.kind'] == 'unicast|tree'
f = h5py.File('s.h5')
assert f['rows/metrics'].shape == (60, len(f['synfire/metrics']))
assert sum(f['rows/is_on_front']) == len(d['front']) > 2
assert d['front'][0]['multicast.kind'] in ('unicast', 'tree')
assert {entry['workload'] for entry in d['front']} == {'a', 'b'}
)",
                                          {json.out});
  INFO(parsed.error);
  CHECK(parsed.exit_code == 0);

  std::string changed = small;
  changed.replace(changed.find("2, 32, 64"), 9, "2, 32, 65");
  workspace.write("s.yaml", "name: another name, which is nothing\n" + std::string(small));
  CHECK(sweep(workspace, {"-o", "s.h5"}).exit_code == 0);
  workspace.write("s.yaml", changed);
  refused(workspace, {"sweep", "s.yaml", "-o", "s.h5"},
          "parameters.neurocore.neurons was `2, 32, 64, 256`, is `2, 32, 65, 256`");
  REQUIRE(workspace
              .shell("mv s.h5 t.h5; \"$SYNFIRE\" sweep s.yaml --quiet -o s.h5 & pid=$!; "
                     "until test -e s.h5.part; do sleep 0.01; done; kill -KILL $pid; "
                     "wait $pid; test -e s.h5.part")
              .exit_code == 0);
  workspace.write("s.yaml", small);
  refused(workspace, {"sweep", "s.yaml", "-o", "s.h5"}, "s.h5.part: is of another sweep");
}

TEST_CASE("plot draws every kind of chart of a sweep, and its numbers") {
  Workspace workspace;
  prepared(workspace);
  REQUIRE(sweep(workspace, {"-o", "s.h5"}).exit_code == 0);
  for (const std::string kind : {"pareto", "parallel", "sensitivity", "heatmap"}) {
    for (const std::string workload : {"a", "b"}) {
      INFO(kind << ' ' << workload);
      const Outcome outcome =
          workspace.synfire({"plot", "s.h5", "--kind", kind, "--workload", workload, "-o",
                             kind + workload + ".svg", "--csv", kind + workload + ".csv"});
      INFO(outcome.error);
      CHECK(outcome.exit_code == 0);
      CHECK(outcome.error.empty());
      CHECK(content(workspace, kind + workload + ".svg").find("</svg>") != std::string::npos);
      CHECK(content(workspace, kind + workload + ".csv").find('\n') != std::string::npos);
    }
  }
  refused(workspace, {"plot", "s.h5", "--kind", "raster", "-o", "x.svg"}, "not a recording");
  refused(workspace, {"plot", "model.h5", "--kind", "parallel", "-o", "x.svg"}, "is no table");
  refused(workspace, {"plot", "s.h5", "--kind", "pareto", "--workload", "c", "-o", "x.svg"},
          "there are a, b");
  refused(workspace, {"plot", "s.h5", "--kind", "pareto", "--metric", "area_proxy", "-o", "x.svg"},
          "--metric");
  refused(workspace,
          {"plot", "s.h5", "--kind", "heatmap", "--parameter", "grid.width", "-o", "x.svg"},
          "--parameter");
}

TEST_CASE("run and sweep --dry-run foresee what will be and write nothing") {
  Workspace workspace;
  prepared(workspace);
  const std::vector<std::string> names = workspace.names();
  const Outcome foreseen = workspace.synfire(
      {"run", "--model", "model.h5", "--tokens", "9", "--dry-run", "--json", "-"});
  INFO(foreseen.error);
  REQUIRE(foreseen.exit_code == 0);
  CHECK(std::stod(json_value(foreseen.out, "events")) > 0);
  CHECK(std::stod(json_value(foreseen.out, "memory_bytes")) > 0);
  const Outcome table = workspace.synfire({"run", "--model", "model.h5", "--dry-run"});
  CHECK(table.out.starts_with("foreseen, not run"));
  const Outcome swept = workspace.synfire({"sweep", "s.yaml", "-o", "s.h5", "--dry-run"});
  INFO(swept.error);
  CHECK(swept.exit_code == 0);
  CHECK(swept.out.find("rows                  60; ") != std::string::npos);
  CHECK(workspace.names() == names);
}

TEST_CASE("run --dry-run with a recording's firing foresees what that run did") {
  Workspace workspace;
  workspace.write_model();
  const std::vector<std::string> run{"run", "--model", "model.h5", "--tokens", "9", "--json", "-"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), run.begin(), run.end());
    return workspace.synfire(more);
  };
  const Outcome done = with({"--out", "run.h5"});
  const Outcome measured = with({"--dry-run", "--traffic", "run.h5"});
  INFO(measured.error);
  REQUIRE(measured.exit_code == 0);
  const Outcome assumed = with({"--dry-run"});
  const Outcome parsed = workspace.python(R"(
import json, sys
done, measured, assumed = (json.loads(text) for text in sys.argv[1:])
tokens = done['prompt_tokens'] + done['generated_tokens'] - 1
assert measured['tokens'] == assumed['tokens'] == tokens, (measured, done)
assert measured['traffic_source'] == 'neurons fire as in run.h5'
assert 'assumed' in assumed['traffic_source']
for key in ('packets', 'synaptic_operations'):
    assert 0 <= done[key] - measured[key] < tokens, (key, done[key], measured[key])
assert measured['packets'] != assumed['packets']
)",
                                          {done.out, measured.out, assumed.out});
  INFO(parsed.error);
  CHECK(parsed.exit_code == 0);
}

TEST_CASE("run --dry-run foresees the memory of each rank of a board, and refuses too many ranks") {
  Workspace workspace;
  workspace.write_model();
  const auto foresee = [&](const std::string& ranks) {
    return workspace.synfire({"run", "--model", "model.h5", "--set", "board.columns=3", "--set",
                              "neurocore.neurons=12", "--set", "grid.width=3", "--set",
                              "grid.height=2", "--dry-run", "--ranks", ranks, "--json", "-"});
  };
  const Outcome whole = foresee("1");
  INFO(whole.error);
  REQUIRE(whole.exit_code == 0);
  const Outcome shared = foresee("3");
  const Outcome parsed = workspace.python(R"(
import json, sys
one, three = (json.loads(text) for text in sys.argv[1:])
assert [rank['memory_bytes'] for rank in one['ranks']] == [one['memory_bytes']], one
assert one['ranks'][0]['chips'] == 3
assert [rank['chips'] for rank in three['ranks']] == [1, 1, 1]
assert all(rank['memory_bytes'] < one['memory_bytes'] for rank in three['ranks'])
)",
                                          {whole.out, shared.out});
  INFO(parsed.error);
  CHECK(parsed.exit_code == 0);
  const Outcome many = foresee("4");
  CHECK(many.exit_code == bad_input);
  CHECK(many.error.find("4 ranks cannot share 3 chips") != std::string::npos);
}

TEST_CASE("what is no sweep is refused with file, line, key and remedy, and nothing is written") {
  Workspace workspace;
  prepared(workspace);
  const std::string end = "workloads: {a: {model: model.h5}}\n";
  const auto refused_text = [&](const std::string& yaml, const std::string& words) {
    workspace.write("bad.yaml", yaml);
    refused(workspace, {"sweep", "bad.yaml", "-o", "bad.h5"}, words);
  };
  refused_text("parameters:\n  neurocore: {neuron: 4}\n" + end,
               "bad.yaml:2: parameters.neurocore.neuron: ");
  refused_text("parameters:\n  grid: {width: 8 .. 4}\n" + end, "bad.yaml:2: ");
  refused_text("parameters:\n  grid: {width: 8}\nobjectives: speed\n" + end, "bad.yaml:3: ");
  refused_text("parameters:\n  grid: {width: 8}\nworkloads:\n  a:\n    model: none.h5\n",
               "bad.yaml:5: workloads.a.model: none.h5");
  refused_text(
      "parameters:\n  grid: {width: 8}\nworkloads:\n  a:\n    model: model.h5\n"
      "    prompt: \"7\"\n",
      "workloads.a.prompt");
  refused_text("chip: loihi\nparameters:\n  grid: {width: 8}\n" + end, "bad.yaml:1: chip: ");
  refused_text("parameters:\n  grid: {width: 8}\nconstraints: {c: grid.width < 8}\n" + end,
               "constraints: leave");
  refused_text("parameters: [1, 2]\n", "bad.yaml:1: parameters: is a list");
  refused_text("", "is empty");
  refused(workspace, {"sweep", "none.yaml", "-o", "bad.h5"}, "none.yaml: cannot be read");
  refused(workspace, {"sweep", "model.h5", "-o", "bad.h5"}, "model.h5");
  refused(workspace, {"sweep", "s.yaml", "-o", "model.h5"}, "model.h5: is no table");
  refused(workspace, {"sweep", "s.yaml", "-o", "s.yaml"}, "s.yaml: is an input");
  refused(workspace, {"sweep", "s.yaml", "-o", "none/bad.h5"}, "directory");
  refused(workspace, {"sweep", "s.yaml", "-o", "-"}, "--out");
  refused(workspace, {"sweep", "s.yaml"}, "--out");
  refused(workspace, {"sweep", "s.yaml", "-o", "a.h5", "--threads", "0"}, "--threads");
  refused(workspace, {"sweep", "s.yaml", "-o", "a.h5", "--csv", "a.h5"}, "a.h5");
}

}  // namespace synfire::test
