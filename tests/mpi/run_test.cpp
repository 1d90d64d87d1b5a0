// SPDX-License-Identifier: Apache-2.0
// Boards whose chips processes share: what `mpirun synfire run` leaves is what one process leaves.
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/cli/command.hpp"
#include "tests/mpi/mpirun.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

/// Text, recording and summary of `name` must be those of `one`.
void check_same(const Workspace& workspace, const std::string& name) {
  const Outcome same = workspace.shell("cmp one.txt " + name +
                                       ".txt && h5diff --exclude-path "
                                       "/synfire/provenance/volatile one.h5 " +
                                       name + ".h5");
  INFO(same.out << same.error);
  CHECK(same.exit_code == 0);
  CHECK(same.out.empty());
  const Outcome differing = workspace.python(
      "import json, sys; a, b = (json.load(open(f)) for f in sys.argv[1:])\n"
      "print({k for k in {**a, **b} if a.get(k) != b.get(k)} - {'events_per_wall_s', "
      "'peak_rss_bytes', 'wall_s', 'ranks'})",
      {"one.json", name + ".json"});
  CHECK(differing.out == "set()\n");
}

std::string command_for(const std::string& name, const std::string& arguments) {
  return "\"$SYNFIRE\" run --quiet --out " + name + ".h5 --json " + name + ".json " + arguments +
         " >" + name + ".txt";
}

void check_ranks(const Workspace& workspace, const std::vector<std::uint32_t>& counts,
                 const std::string& arguments) {
  const Outcome one = workspace.shell(command_for("one", arguments));
  INFO(arguments << ": " << one.error);
  REQUIRE(one.exit_code == 0);
  for (const std::uint32_t ranks : counts) {
    const std::string name = "ranks" + std::to_string(ranks);
    const Outcome outcome = workspace.shell(mpirun(ranks) + command_for(name, arguments));
    INFO(ranks << " ranks: " << outcome.error);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.error.empty());
    check_same(workspace, name);
    const Outcome listed = workspace.python(
        "import json, sys; print(len(json.load(open(sys.argv[1])).get('ranks', "
        "{'rank': [0]})['rank']))",
        {name + ".json"});
    CHECK(listed.out == std::to_string(ranks) + "\n");
    workspace.shell("rm " + name + ".h5");
  }
  workspace.shell("rm one.h5");
}

/// Four chips, all of which the shipped decoder needs.
const std::string four_chips =
    "--set board.columns=2 --set board.rows=2 --set grid.width=2 --set grid.height=1 --set "
    "grid.cores_per_tile=2";

/// Waits until `file` has so many bytes.
std::string until_written(const std::string& file, int bytes) {
  return "for i in $(seq 600); do [ \"$(wc -c <" + file + ")\" -gt " + std::to_string(bytes) +
         " ] && break; sleep 0.1; done; ";
}

}  // namespace

TEST_CASE("1, 2 and 4 ranks run the shipped decoder on four chips as no ranks do") {
  const Workspace workspace;
  check_ranks(workspace, {1, 2, 4}, "--tokens 12 " + four_chips);
}

TEST_CASE("Ranks run random decoders on random boards as one process does") {
  const auto one_of = [](RandomStream& random, const std::vector<std::string>& choices) {
    return choices[random.below(choices.size())];
  };
  for (std::uint64_t i = 0; i < 4; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed << " (SYNFIRE_SEED=" << seed << " runs it first)");
    RandomStream random(seed, 7);
    const std::string routing = one_of(
        random,
        {"mesh --set routing.kind=xy", "mesh --set routing.kind=shortest_path",
         "torus --set routing.kind=shortest_path", "ring --set routing.kind=shortest_path",
         "tree --set routing.kind=shortest_path", "crossbar --set routing.kind=shortest_path"});
    const std::string arguments =
        "--model model.h5 --prompt 'the sea' --tokens 6 --compare twin --record "
        "'potentials:head.input[0:4]' "
        "--set board.columns=2 --set board.rows=2 --set grid.width=2 --set grid.height=1 "
        "--set neurocore.neurons=64 --set grid.cores_per_tile=8 --set routing.virtual_channels=4 "
        "--set grid.topology=" +
        routing + " --set flow_control.kind=" + one_of(random, {"infinite", "credit"}) +
        " --set multicast.kind=" + one_of(random, {"unicast", "tree"}) +
        " --set synchronisation.kind=" + one_of(random, {"dataflow", "barrier"}) +
        " --set 'link.board.latency=" + std::to_string(1 + random.below(200)) + " ns'";
    const Workspace workspace;
    workspace.write_model();
    check_ranks(workspace, {i % 2 == 0 ? 2U : 4U}, arguments);
  }
}

TEST_CASE("A rank that is killed ends all with an error, and what was flushed can be read") {
  const Workspace workspace;
  const Outcome killed =
      workspace.shell(mpirun(2) + "\"$SYNFIRE\" run --tokens 100000 --quiet --out run.h5 " +
                      four_chips + " >text.txt & " + until_written("text.txt", 40) +
                      "sleep 2; kill -9 $(pgrep -P $! | tail -1); wait $!");
  INFO(killed.error);
  CHECK(killed.exit_code != 0);
  CHECK(killed.error.find("signal 9") != std::string::npos);
  REQUIRE(std::filesystem::exists(workspace.file("run.h5.part")));
  const Outcome recovered =
      workspace.synfire({"info", "--recover", "run.h5.part", "-o", "recovered.h5"});
  INFO(recovered.out << recovered.error);
  REQUIRE(recovered.exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "recovered.h5"});
  INFO(verified.out << verified.error);
  CHECK(verified.exit_code == 0);
}

TEST_CASE("Ranks that are told to end stop at one time and leave a recording that can be read") {
  const Workspace workspace;
  const Outcome stopped = workspace.shell(
      mpirun(2) + "\"$SYNFIRE\" run --tokens 100000 --out run.h5 " + four_chips + " >text.txt & " +
      until_written("text.txt", 40) +
      "kill -INT $(pgrep -P $! | head -1); wait $!; code=$?; cat text.txt; exit $code");
  INFO(stopped.out << stopped.error);
  CHECK(stopped.exit_code == 1);
  CHECK(stopped.out.find("chip account") != std::string::npos);
  CHECK(stopped.error.find("interrupted") != std::string::npos);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.out << verified.error);
  CHECK(verified.exit_code == 0);
  CHECK(verified.out.find("incomplete") != std::string::npos);
}

TEST_CASE("What ranks cannot share is refused once, with the reason") {
  const Workspace workspace;
  const auto refuse = [&](const std::string& arguments, const std::string& reason) {
    const Outcome outcome = workspace.shell(mpirun(2) + "\"$SYNFIRE\" run --quiet " + arguments);
    INFO(arguments << ": " << outcome.error);
    CHECK(outcome.exit_code == 2);
    const auto first = outcome.error.find("synfire: ");
    REQUIRE(first != std::string::npos);
    CHECK(outcome.error.find("synfire: ", first + 1) == std::string::npos);
    CHECK(outcome.error.find(reason) != std::string::npos);
  };
  const std::string two_chips = "--tokens 1 --set board.columns=2 ";
  refuse("--tokens 1", "2 ranks cannot share 1 chip");
  refuse(two_chips + "--set 'link.board.latency=0 ns'", "link.board.latency");
  refuse(two_chips + "--set 'faults.drop_rate=1 %'", "faults");
  refuse(two_chips + "--out run.h5 --record packets", "packets");
  refuse(two_chips + "--parallel tokens", "--parallel tokens");
  CHECK(workspace.names().empty());
}

}  // namespace synfire::test
