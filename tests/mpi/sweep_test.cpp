// SPDX-License-Identifier: Apache-2.0
// `mpirun synfire sweep`: the table of one process, whatever happens to the ranks.
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"
#include "tests/mpi/mpirun.hpp"

namespace synfire::test {
namespace {

constexpr int run_failed = 1;
constexpr int bad_input = 2;

/// Some chips are too small; two workloads, two rounds of narrowing.
constexpr const char* small =
    "chip: loihi-like\n"
    "method: sobol\n"
    "points: 20\n"
    "parameters:\n"
    "  neurocore:\n"
    "    neurons: 2, 32, 64, 256\n"
    "    update_latency: 1 ns .. 20 ns log\n"
    "  multicast: {kind: \"unicast, tree\"}\n"
    "workloads:\n"
    "  a: {model: model.h5, prompt: Call me!, tokens: 3}\n"
    "  b: {model: model.h5, prompt: A whale., tokens: 5}\n"
    "objectives: energy_per_token, latency_per_token, area_proxy\n"
    "narrowing: {rounds: 2, points: 5}\n";

/// Takes seconds, so that there is time to end it.
constexpr const char* long_sweep =
    "method: sobol\n"
    "points: 200\n"
    "parameters:\n"
    "  neurocore: {neurons: \"2, 32, 64, 256\", update_latency: 1 ns .. 20 ns log}\n"
    "workloads: {a: {model: model.h5, prompt: Call me Ishmael., tokens: 16}}\n";

/// A folder with a model, a sweep, and the table that one process makes of it.
class SweepFolder : public Workspace {
 public:
  explicit SweepFolder(const char* yaml) {
    write_model();
    write("s.yaml", yaml);
    const Outcome outcome =
        synfire({"sweep", "s.yaml", "-o", "one.h5", "--csv", "one.csv", "--threads", "1"});
    INFO(outcome.error);
    REQUIRE(outcome.exit_code == 0);
    shown = outcome.out;
  }

  Outcome sweep(std::uint32_t ranks, const std::string& more) const {
    return shell(mpirun(ranks) + "\"$SYNFIRE\" sweep s.yaml " + more);
  }

  /// Begins ranks.h5 on 2 ranks and does something to them when some rows are safe: $launcher is
  /// mpirun, the files pid.0 and pid.1 name the ranks.
  Outcome disturb(const std::string& act) const {
    write("rank.sh",
          "echo $$ > pid.$OMPI_COMM_WORLD_RANK\n"
          "exec '" SYNFIRE_EXECUTABLE "' sweep s.yaml --quiet -o ranks.h5\n");
    return shell(mpirun(2) +
                 "sh rank.sh & launcher=$!; until test -s ranks.h5.part; do sleep 0.01; "
                 "kill -0 $launcher || exit 1; done; sleep 0.3; " +
                 act + "; wait $launcher");
  }

  void check_same_table() const {
    CHECK(shell("cmp one.csv ranks.csv").exit_code == 0);
    CHECK(shell("h5diff one.h5 ranks.h5").exit_code == 0);
    CHECK(shell("ls *.part").exit_code != 0);
  }

  std::string shown;
};

}  // namespace

TEST_CASE("a sweep on 1, 2 and 4 ranks makes the table of one process, failed points included") {
  const SweepFolder folder(small);
  CHECK(folder.shown.find(" 0 failed") == std::string::npos);
  for (const std::uint32_t ranks : {1U, 2U, 4U}) {
    INFO(ranks << " ranks");
    const Outcome outcome = folder.sweep(ranks, "-o ranks.h5 --csv ranks.csv");
    INFO(outcome.error);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out == folder.shown);
    folder.check_same_table();
    CHECK(folder.sweep(ranks, "-o ranks.h5").out == folder.shown);
    folder.shell("rm ranks.h5 ranks.csv");
  }
}

TEST_CASE("a rank that is killed ends the sweep, which any number of ranks goes on with") {
  const SweepFolder folder(long_sweep);
  for (const std::string rank : {"0", "1"}) {
    const Outcome killed = folder.disturb("kill -KILL $(cat pid." + rank + ")");
    INFO(killed.error);
    CHECK(killed.exit_code != 0);
    CHECK(killed.error.find("exited on signal 9") != std::string::npos);
    REQUIRE(folder.shell("test -e ranks.h5.part && ! test -e ranks.h5").exit_code == 0);
  }
  const Outcome rest = folder.sweep(3, "-o ranks.h5 --csv ranks.csv");
  INFO(rest.error);
  CHECK(rest.exit_code == 0);
  folder.check_same_table();
}

TEST_CASE("Ctrl-C ends a sweep on all ranks; one process goes on with it") {
  const SweepFolder folder(long_sweep);
  const Outcome stopped = folder.disturb("kill -INT $launcher");
  INFO(stopped.error);
  CHECK(stopped.exit_code != 0);
  CHECK(stopped.error.find("the same command goes on with them") != std::string::npos);
  const Outcome rest = folder.synfire({"sweep", "s.yaml", "-o", "ranks.h5", "--csv", "ranks.csv"});
  CHECK(rest.exit_code == 0);
  folder.check_same_table();
}

TEST_CASE("the Slurm script of sweeps starts its tasks as ranks") {
  const SweepFolder folder(small);
  const std::string script = "'" SYNFIRE_SOURCE_FOLDER "/analysis/slurm/sweep.sh'";
  // What sbatch gives a job, and leave to use this machine like a cluster.
  const std::string job =
      "SLURM_JOB_ID=1 SLURM_NTASKS=2 SYNFIRE=\"$SYNFIRE\" "
      "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
      "OMPI_MCA_rmaps_base_oversubscribe=1 ";
  const Outcome outcome = folder.shell(job + script + " s.yaml ranks.h5 --csv ranks.csv");
  INFO(outcome.error);
  CHECK(outcome.exit_code == 0);
  folder.check_same_table();
  CHECK(folder.shell(job + script).exit_code == bad_input);
}

TEST_CASE("what is no sweep is refused once by all ranks, and nothing is written") {
  Workspace workspace;
  workspace.write_model();
  workspace.write("s.yaml", small);
  workspace.write("bad.yaml", "parameters:\n  grid: {width: 8 .. 4}\n");
  const std::vector<std::string> names = workspace.names();
  for (const std::string arguments : {"bad.yaml -o x.h5", "none.yaml -o x.h5", "s.yaml -o model.h5",
                                      "s.yaml", "s.yaml -o s.yaml", "s.yaml -o x.h5 --threads 0"}) {
    const Outcome outcome = workspace.shell(mpirun(2) + "\"$SYNFIRE\" sweep --quiet " + arguments);
    INFO(arguments << ": " << outcome.error);
    CHECK(outcome.exit_code == bad_input);
    const auto first = outcome.error.find("synfire: ");
    REQUIRE(first != std::string::npos);
    CHECK(outcome.error.find("synfire: ", first + 1) == std::string::npos);
    CHECK(workspace.names() == names);
  }
}

}  // namespace synfire::test
