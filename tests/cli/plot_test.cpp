// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

constexpr const char* kinds[]{"raster",   "membrane", "energy", "latency",
                              "sparsity", "traffic",  "pareto"};

/// A workspace with the recording run.h5.
struct RecordedWorkspace : Workspace {
  RecordedWorkspace() {
    write_model();
    const Outcome outcome =
        synfire({"run", "--model", "model.h5", "--tokens", "4", "--temperature", "1", "--out",
                 "run.h5", "--record", "potentials:head.input[0:3]", "--quiet"});
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

  /// Leaves what a kill leaves: no counters.
  void cut_short() const {
    const Outcome edited = python(R"(
import h5py, sys
with h5py.File(sys.argv[1], 'r+') as f:
    for name in ['counts/links/packets', 'counts/neurons', 'counts/populations', 'run/events', 'run/text']:
        del f['synfire/' + name]
    f['synfire'].attrs.modify('complete', 0)
)",
                                  {file("run.h5")});
    INFO(edited.error);
    REQUIRE(edited.exit_code == 0);
  }
};

}  // namespace

TEST_CASE("plot draws every kind as SVG, PDF and PNG") {
  RecordedWorkspace workspace;
  for (const char* kind : kinds) {
    for (const char* ending : {".svg", ".pdf", ".png"}) {
      const std::string picture = std::string(kind) + ending;
      const Outcome outcome = workspace.synfire({"plot", "run.h5", "--kind", kind, "-o", picture});
      INFO(picture << ": " << outcome.error);
      CHECK(outcome.exit_code == 0);
      CHECK(outcome.error.empty());
      REQUIRE(std::filesystem::exists(workspace.file(picture)));
      CHECK(std::filesystem::file_size(workspace.file(picture)) > 2000);
    }
  }
}

TEST_CASE("plot writes the numbers behind every kind as CSV that Python reads") {
  RecordedWorkspace workspace;
  for (const char* kind : kinds) {
    const Outcome outcome = workspace.synfire({"plot", "run.h5", "--kind", kind, "--csv", "a.csv"});
    INFO(kind << ": " << outcome.error);
    REQUIRE(outcome.exit_code == 0);
    const Outcome read = workspace.python(
        "import csv, sys\nrows = list(csv.reader(open(sys.argv[1])))\n"
        "assert len(rows) > 1 and len({len(row) for row in rows}) == 1\n",
        {workspace.file("a.csv")});
    INFO(read.error);
    CHECK(read.exit_code == 0);
  }
  const Outcome piped = workspace.synfire({"plot", "run.h5", "--kind", "pareto", "--csv", "-"});
  CHECK(
      piped.out.starts_with("name,chip,latency_s_per_token,energy_j_per_token,is_on_front\nrun,"));
}

TEST_CASE("plot's axes have units") {
  RecordedWorkspace workspace;
  const auto count = [&](const std::string& kind, const std::string& pattern) {
    REQUIRE(workspace.synfire({"plot", "run.h5", "--kind", kind, "-o", "a.svg"}).exit_code == 0);
    return workspace.shell("grep -cE '" + pattern + "' a.svg").out;
  };
  CHECK(count("raster", R"(hardware time \[.?s\])") == "1\n");
  CHECK(count("raster", "block0.mlp.hidden") == "1\n");
  CHECK(count("membrane", R"(\[weight units\])") != "0\n");
  CHECK(count("energy", R"(energy \[.?J\])") == "2\n");
  CHECK(count("latency", R"(\[.?s\])") == "2\n");
  CHECK(count("sparsity", R"(\[spikes per neuron and time step\]|\[share\])") == "2\n");
  CHECK(count("traffic", R"(utilisation \[%\])") == "3\n");
  CHECK(count("pareto", R"(\[.?[sJ] per token\])") == "2\n");
}

TEST_CASE("plot compares several recordings and marks the front") {
  RecordedWorkspace workspace;
  REQUIRE(workspace
              .synfire({"run", "--model", "model.h5", "--tokens", "4", "--chip", "horowitz-45nm",
                        "--out", "other.h5", "--quiet"})
              .exit_code == 0);
  const Outcome outcome =
      workspace.synfire({"plot", "run.h5", "other.h5", "--kind", "pareto", "--csv", "-"});
  INFO(outcome.error);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("\nother,horowitz-45nm,") != std::string::npos);
  CHECK(outcome.out.ends_with(",1\n"));
}

TEST_CASE("plot draws what is there of a run that was cut short, and the picture says so") {
  RecordedWorkspace workspace;
  workspace.cut_short();
  for (const char* kind : {"raster", "membrane", "energy", "latency", "sparsity", "traffic"}) {
    const Outcome outcome = workspace.synfire({"plot", "run.h5", "--kind", kind, "-o", "a.svg"});
    INFO(kind << ": " << outcome.error);
    CHECK(outcome.exit_code == 0);
    CHECK(workspace.shell("grep -c 'The run was cut short' a.svg").out == "1\n");
  }
}

TEST_CASE("plot refuses what it cannot draw, and leaves no file") {
  RecordedWorkspace workspace;
  const auto refuse = [&](const std::string& kind, std::vector<std::string> more,
                          const std::string& words) {
    std::vector<std::string> arguments{"plot", "run.h5", "--kind", kind};
    arguments.insert(arguments.end(), more.begin(), more.end());
    workspace.refuse(arguments, words);
  };
  refuse("raster", {"-o", "a.jpg"}, ".svg");
  refuse("raster", {}, "--csv");
  refuse("raster", {"-o", "a.svg", "--tokens", "900:910"}, "no spikes");
  refuse("raster", {"-o", "a.svg", "--tokens", "3:2"}, "--tokens");
  refuse("raster", {"-o", "a.svg", "--population", "cortex"}, "cortex");
  refuse("membrane", {"-o", "a.svg", "--tokens", "900:910"}, "no potentials");
  refuse("latency", {"-o", "a.svg", "--tokens", "900:910"}, "no token");
  refuse("traffic", {"-o", "a.svg", "--tokens", "900:910"}, "nothing was recorded");
  refuse("energy", {"-o", "a.svg", "--tokens", "0:2"}, "--tokens");
  refuse("traffic", {"-o", "a.svg", "--population", "embedding"}, "--population");
  refuse("raster", {"-o", "a.svg", "--model", "model.h5"}, "--model");
  refuse("raster", {"run.h5", "-o", "a.svg"}, "one recording");
  refuse("raster", {"-o", "a.svg", "--csv", "run.h5"}, "run.h5");
  refuse("raster", {"-o", "a.svg", "--csv", "no/such/folder.csv"}, "directory");
  refuse("pie", {"-o", "a.svg"}, "pie");
  workspace.refuse({"plot", "run.h5", "-o", "a.svg"}, "--kind");
  workspace.refuse({"plot", "raster", "run.h5", "-o", "a.svg"}, "--kind");
}

TEST_CASE("plot refuses what is no recording, is newer, or is being written") {
  RecordedWorkspace workspace;
  const auto refuse = [&](const std::string& file, const std::string& words) {
    for (const char* kind : kinds) {
      workspace.refuse({"plot", file, "--kind", kind, "-o", "a.svg"}, words);
    }
  };
  workspace.write("text.h5", "no HDF5 at all");
  refuse("text.h5", "text.h5");
  refuse("absent.h5", "absent.h5");
  refuse("model.h5", "is not a recording");
  workspace.shell("head -c 20000 run.h5 > half.h5");
  refuse("half.h5", "half.h5");
  const Outcome edited = workspace.python(
      "import h5py, sys, numpy\n"
      "with h5py.File(sys.argv[1], 'r+') as f: "
      "f['synfire'].attrs.modify('version', numpy.uint32(99))\n",
      {workspace.file("run.h5")});
  REQUIRE(edited.exit_code == 0);
  refuse("run.h5", "format that this version does not read");
}

TEST_CASE("plot says of an empty run that there is nothing to draw") {
  RecordedWorkspace workspace;
  const Outcome emptied = workspace.python(R"(
import h5py, sys
with h5py.File(sys.argv[1], 'r+') as f:
    def empty(table):
        for name in list(table):
            if isinstance(table[name], h5py.Group):
                empty(table[name])
                continue
            rows, units = table[name][:0], table[name].attrs['units']
            del table[name]
            table[name] = rows
            table[name].attrs['units'] = units
    for table in ['spikes', 'synfire/spikes', 'synfire/potentials', 'synfire/steps',
                  'synfire/tokens', 'synfire/layer_actions', 'synfire/link_use']:
        empty(f[table])
    for name in ['counts/links/packets', 'counts/neurons', 'counts/populations', 'run/events', 'run/text']:
        del f['synfire/' + name]
    f['synfire'].attrs.modify('complete', 0)
)",
                                           {workspace.file("run.h5")});
  INFO(emptied.error);
  REQUIRE(emptied.exit_code == 0);
  for (const char* kind : kinds) {
    workspace.refuse({"plot", "run.h5", "--kind", kind, "-o", "a.svg"}, "synfire: ");
  }
}

TEST_CASE("plot says what to install when gnuplot is missing") {
  RecordedWorkspace workspace;
  const Outcome outcome =
      workspace.shell("PATH=/nowhere \"$SYNFIRE\" plot run.h5 --kind raster -o a.svg");
  INFO(outcome.error);
  CHECK(outcome.exit_code == 1);
  CHECK(is_one_line_error(outcome.error));
  CHECK(outcome.error.find("gnuplot-nox") != std::string::npos);
}

}  // namespace synfire::test
