// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"
#include "topology/chip.hpp"

namespace synfire::test {

TEST_CASE("info alone lists the chips and the shipped model") {
  Workspace workspace;
  const Outcome outcome = workspace.synfire({"info"});
  REQUIRE(outcome.exit_code == 0);
  std::vector<std::string> names = chip_preset_names();
  names.emplace_back("moby-dick");
  for (const std::string& name : names) {
    INFO(name);
    CHECK(outcome.out.find("\n  " + name) != std::string::npos);
  }
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 100);
}

TEST_CASE("info --chip X --assumed gives the reason of every number without a source") {
  Workspace workspace;
  const Outcome outcome = workspace.synfire({"info", "--chip", "loihi2-like", "--assumed"});
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.find("energy.synaptic_operation           35.5 pJ         as loihi-like") !=
        std::string::npos);
  CHECK(outcome.out.find("neurocore.update_latency") == std::string::npos);  // published
  CHECK(workspace.synfire({"info", "--assumed"}).exit_code == 2);
}

TEST_CASE("info --chip prints YAML that reads back as the same chip, overrides included") {
  Workspace workspace;
  for (const std::string& name : chip_preset_names()) {
    const Outcome preset = workspace.synfire({"info", "--chip", name, "--set", "grid.width=5"});
    INFO(preset.error);
    REQUIRE(preset.exit_code == 0);
    CHECK(preset.out.find("5 tiles") != std::string::npos);
    const std::string file = workspace.write("chip.yaml", preset.out);
    const Outcome again = workspace.synfire({"info", "--chip", file});
    INFO(again.error);
    CHECK(again.out == preset.out);
  }
}

TEST_CASE("info --chip-reference names parameters with their units") {
  Workspace workspace;
  const Outcome outcome = workspace.synfire({"info", "--chip-reference"});
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.find("neurocore.axon_in_latency") != std::string::npos);
}

TEST_CASE("info says what a model is") {
  Workspace workspace;
  const Outcome outcome = workspace.synfire({"info", workspace.write_model()});
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.find("block1.attention.query") != std::string::npos);
  CHECK(outcome.out.find("32 tokens") != std::string::npos);
}

TEST_CASE("info says what a real-valued model is") {
  Workspace workspace;
  const Outcome outcome = workspace.synfire({"info", workspace.write_real_model()});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.find("real-valued") != std::string::npos);
  CHECK(outcome.out.find("softmax, 2 heads") != std::string::npos);
  CHECK(outcome.out.find("block1.attention.query.weight") != std::string::npos);
}

TEST_CASE("info says what the shipped artificial twin is") {
  Workspace workspace;
  const Outcome outcome = workspace.synfire({"info", "moby-dick-ann"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  for (const char* words : {"real-valued", "softmax, 6 heads", "256 tokens", "1364765",
                            "block2.attention.value.weight", "--spike-degree 0"}) {
    INFO(words);
    CHECK(outcome.out.find(words) != std::string::npos);
  }
}

TEST_CASE("evaluate scores a real-valued model, or says that this takes libtorch") {
  Workspace workspace;
  workspace.write_real_model();
  workspace.write("text.txt", "a tie at noon one ate into it to no tea");
  const Outcome outcome =
      workspace.synfire({"evaluate", "--model", "twin.h5", "--text", "text.txt", "--json", "-"});
  INFO(outcome.out << outcome.error);
  if (outcome.exit_code == 0) {  // zeros say that all seven characters are as likely
    CHECK(std::stod(json_value(outcome.out, "bits_per_character")) ==
          Approx(std::log2(7.0)).margin(1e-6));
  } else {
    CHECK(outcome.exit_code == 2);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find("libtorch") != std::string::npos);
  }
}

TEST_CASE("info says what a recording is") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(
      workspace
          .synfire({"run", "--model", "model.h5", "--tokens", "3", "--out", "run.h5", "--quiet"})
          .exit_code == 0);
  const Outcome outcome = workspace.synfire({"info", "run.h5"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.find("complete") == outcome.out.find_first_not_of("state "));
  CHECK(outcome.out.find("call me ishmael.") != std::string::npos);
  CHECK(outcome.out.find("--out run.h5") != std::string::npos);
}

TEST_CASE("evaluate scores a text, prints a table or JSON, and count tables beside held-out text") {
  Workspace workspace;
  workspace.write_model();
  std::string text;
  for (int i = 0; i < 60; ++i) text += "Call me Ishmael. Some years ago, never mind how long!\n";
  workspace.write("text.txt", text);
  const Outcome table =
      workspace.synfire({"evaluate", "--model", "model.h5", "--text", "text.txt"});
  INFO(table.error);
  REQUIRE(table.exit_code == 0);
  CHECK(table.out.rfind("bits per character", 0) == 0);
  const Outcome json = workspace.synfire(
      {"evaluate", "--model", "model.h5", "--text", "text.txt", "--held-out", "--json", "-"});
  REQUIRE(json.exit_code == 0);
  CHECK(std::stod(json_value(json.out, "bits_per_character")) > 1);
  CHECK(std::stod(json_value(json.out, "4")) < 1);  // a count table knows this text by heart
}

TEST_CASE("a terminal shows progress, --quiet and pipes do not") {
  Workspace workspace;
  workspace.write_model();
  const std::string run =
      "script -qec '\"$SYNFIRE\" run --model model.h5 --tokens 3 >text.txt MORE' /dev/null";
  const auto shown = [&](const std::string& more) {
    std::string line = run;
    line.replace(line.find("MORE"), 4, more);
    return workspace.shell("export SYNFIRE; " + line).out.find("tokens a second") !=
           std::string::npos;
  };
  CHECK(shown(""));
  CHECK_FALSE(shown("--quiet"));
}

}  // namespace synfire::test
