// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

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
};

}  // namespace

TEST_CASE("plot draws raster, energy and membrane as SVG and PNG") {
  RecordedWorkspace workspace;
  for (const char* kind : {"raster", "energy", "membrane"}) {
    for (const char* ending : {".svg", ".png"}) {
      const std::string picture = std::string(kind) + ending;
      const Outcome outcome = workspace.synfire({"plot", kind, "run.h5", "-o", picture});
      INFO(picture << ": " << outcome.error);
      CHECK(outcome.exit_code == 0);
      CHECK(outcome.error.empty());
      REQUIRE(std::filesystem::exists(workspace.file(picture)));
      CHECK(std::filesystem::file_size(workspace.file(picture)) > 2000);
    }
  }
}

TEST_CASE("plot labels axes with units and bands with populations") {
  RecordedWorkspace workspace;
  REQUIRE(workspace.synfire({"plot", "raster", "run.h5", "-o", "a.svg"}).exit_code == 0);
  CHECK(workspace.shell("grep -c 'hardware time \\[us\\]' a.svg").out == "1\n");
  CHECK(workspace.shell("grep -c 'block0.mlp.hidden' a.svg").out == "1\n");
  REQUIRE(workspace.synfire({"plot", "energy", "run.h5", "-o", "b.svg"}).exit_code == 0);
  CHECK(workspace.shell("grep -cE 'energy \\[[munp]J\\]' b.svg").out == "2\n");
}

TEST_CASE("plot refuses another ending, an empty choice and too many neurons, and leaves no file") {
  RecordedWorkspace workspace;
  const auto before = workspace.names();
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& words) {
    const Outcome outcome = workspace.synfire(arguments);
    INFO(outcome.error);
    CHECK(outcome.exit_code == 2);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find(words) != std::string::npos);
    CHECK(workspace.names() == before);
  };
  refused({"plot", "raster", "run.h5", "-o", "a.jpg"}, ".svg");
  refused({"plot", "raster", "run.h5", "-o", "a.svg", "--tokens", "900:910"}, "no spikes");
  refused({"plot", "raster", "run.h5", "-o", "a.svg", "--tokens", "3:2"}, "--tokens");
  refused({"plot", "raster", "run.h5", "-o", "a.svg", "--population", "cortex"}, "cortex");
  refused({"plot", "membrane", "run.h5", "-o", "a.svg", "--tokens", "900:910"}, "no potentials");
  refused({"plot", "pie", "run.h5", "-o", "a.svg"}, "pie");
}

TEST_CASE("plot says what to install when gnuplot is missing") {
  RecordedWorkspace workspace;
  const Outcome outcome = workspace.shell("PATH=/nowhere \"$SYNFIRE\" plot raster run.h5 -o a.svg");
  INFO(outcome.error);
  CHECK(outcome.exit_code == 1);
  CHECK(is_one_line_error(outcome.error));
  CHECK(outcome.error.find("gnuplot-nox") != std::string::npos);
}

}  // namespace synfire::test
