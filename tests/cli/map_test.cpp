// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"
#include "tests/support/mutation.hpp"

namespace synfire::test {
namespace {

/// Small neurocores, so that the little model of the tests takes many.
const std::vector<std::string> on_small_cores = {"--model", "model.h5", "--set",
                                                 "neurocore.neurons=24"};

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), on_small_cores.begin(), on_small_cores.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

double number(const Outcome& outcome, const std::string& key) {
  INFO(outcome.error << outcome.out);
  REQUIRE(outcome.exit_code == 0);
  return std::stod(json_value(outcome.out, key));
}

}  // namespace

TEST_CASE("map prints traffic and what every neurocore holds against its capacity") {
  Workspace workspace;
  workspace.write_model();
  const Outcome outcome = workspace.synfire(with({"map"}, {}));
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.rfind("placement             linear\n", 0) == 0);
  for (const char* text : {"packets x hops a token", "assumed: ", "24 (100 %)", "KiB (",
                           "block1.mlp.hidden[24:48]", "host", "0 (0, 0)"}) {
    INFO(text);
    CHECK(outcome.out.find(text) != std::string::npos);
  }
}

TEST_CASE("map --json: annealing has less traffic than linear, equal seeds give equal mappings") {
  Workspace workspace;
  workspace.write_model();
  const auto hops = [&](const std::string& placement) {
    return number(workspace.synfire(with({"map", "--json", "-"}, {"--placement", placement})),
                  "traffic_hops");
  };
  CHECK(hops("annealing") < 0.8 * hops("linear"));
  CHECK(hops("annealing") <= hops("greedy"));
  const auto yaml = [&] {
    const Outcome outcome = workspace.synfire(
        with({"map", "--out", "-"}, {"--placement", "annealing", "--placement-seed", "3"}));
    REQUIRE(outcome.exit_code == 0);
    return outcome.out;
  };
  CHECK(yaml() == yaml());
}

TEST_CASE(
    "a mapping is written, read back, and run: same text, hops as foretold from the recording") {
  Workspace workspace;
  workspace.write_model();
  const auto run = [&](const std::vector<std::string>& more) {
    auto arguments = with({"run", "--tokens", "6", "--json", "-"}, more);
    return workspace.synfire(arguments);
  };
  const Outcome linear = run({"--out", "run.h5"});
  INFO(linear.error);
  REQUIRE(linear.exit_code == 0);
  const Outcome written =
      workspace.synfire(with({"map", "--out", "mapping.yaml", "--json", "-"},
                             {"--placement", "annealing", "--traffic", "run.h5"}));
  const double foretold = number(written, "traffic_hops_data");
  const Outcome read = workspace.synfire(
      with({"map", "--mapping", "mapping.yaml", "--json", "-"}, {"--traffic", "run.h5"}));
  CHECK(number(read, "traffic_hops_data") == foretold);
  const Outcome placed = run({"--mapping", "mapping.yaml"});
  CHECK(json_value(placed.out, "text") == json_value(linear.out, "text"));
  const double tokens = number(placed, "prompt_tokens") + number(placed, "generated_tokens") - 1;
  CHECK(number(placed, "hops") / tokens == Approx(foretold).epsilon(1e-9));
  CHECK(number(placed, "hops") < number(linear, "hops"));
  const Outcome annealed = run({"--placement", "annealing", "--traffic", "run.h5"});
  CHECK(number(annealed, "hops") == number(placed, "hops"));
}

TEST_CASE("map and run refuse mappings and placements that cannot be, and write nothing") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(workspace.synfire(with({"map", "--out", "good.yaml"}, {})).exit_code == 0);
  const std::string good = read_bytes(workspace.file("good.yaml"));
  const std::string line = good.substr(good.find('\n') + 1, good.find('\n', 9) - good.find('\n'));
  const auto core = good.find("neurocore: 0");
  workspace.write("core.yaml", std::string(good).replace(core, 12, "neurocore: 9999"));
  workspace.write("twice.yaml", good + line);
  workspace.write("run.h5", "no recording");
  const auto check_refused = [&](const std::vector<std::string>& more, const std::string& place) {
    for (const char* command : {"map", "run"}) {
      const auto before = workspace.names();
      const Outcome outcome = workspace.synfire(with({command, "--json", "new.json"}, more));
      INFO(command << ": " << outcome.error);
      CHECK(outcome.exit_code == 2);
      CHECK(is_one_line_error(outcome.error));
      CHECK(outcome.error.find(place) != std::string::npos);
      CHECK(outcome.out.empty());
      CHECK(workspace.names() == before);
    }
  };
  check_refused({"--mapping", "core.yaml"}, "core.yaml:");
  check_refused({"--mapping", "core.yaml"}, ".neurocore: there is no such neurocore");
  check_refused({"--mapping", "twice.yaml"}, "stands in another line");
  check_refused({"--mapping", "none.yaml"}, "none.yaml");
  check_refused({"--mapping", "good.yaml", "--placement", "greedy"}, "--mapping");
  check_refused({"--placement", "best"}, "--placement");
  check_refused({"--placement", "greedy", "--placement-seed", "-1"}, "--placement-seed");
  check_refused({"--placement", "greedy", "--traffic", "run.h5"}, "run.h5");
  CHECK(workspace.synfire(with({"run"}, {"--traffic", "run.h5"})).error.find("--traffic") !=
        std::string::npos);
  check_refused({"--mapping", "good.yaml", "--set", "neurocore.neurons=20"}, "neurocore.neurons");
}

TEST_CASE("inputs that do not fit a neurocore are summed in parts: run, verify, map and info") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(workspace.synfire(with({"run", "--tokens", "4", "--out", "whole.h5"}, {})).exit_code ==
          0);
  const std::vector<std::string> tight = {"--set", "neurocore.axons_in=40"};  // of 48 hidden
  const Outcome table = workspace.synfire(with({"map"}, tight));
  INFO(table.error);
  CHECK(table.out.find("partial sums          residual2: its inputs do not fit one neurocore, in 2 "
                       "parts they do\n") != std::string::npos);
  CHECK(table.out.find("residual4.partial1") != std::string::npos);
  const Outcome mapped =
      workspace.synfire(with({"map", "--placement", "annealing", "--traffic", "whole.h5", "--out",
                              "mapping.yaml", "--json", "-"},
                             tight));
  INFO(mapped.error);
  REQUIRE(mapped.exit_code == 0);
  CHECK(json_value(mapped.out, "residual4") == "2");
  const Outcome run = workspace.synfire(
      with({"run", "--tokens", "4", "--mapping", "mapping.yaml", "--out", "run.h5", "--json", "-"},
           tight));
  INFO(run.error);
  REQUIRE(run.exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  CHECK(verified.out.rfind("identical: ", 0) == 0);
  CHECK(verified.out == workspace.synfire({"verify", "whole.h5"}).out);
  CHECK(workspace.synfire({"info", "run.h5"}).out.find("residual2.partial0") != std::string::npos);
  const Outcome elsewhere = workspace.synfire(with({"run", "--mapping", "mapping.yaml"}, {}));
  CHECK(elsewhere.exit_code == 2);
  CHECK(elsewhere.error.find("has no such partial sum on this chip") != std::string::npos);
}

TEST_CASE("the shipped decoder runs and verifies on neurocores of 256 axons and 256 neurons") {
  Workspace workspace;
  const Outcome run = workspace.synfire(
      {"run", "--tokens", "4", "--quiet", "--set", "neurocore.axons_in=256", "--set",
       "neurocore.neurons=256", "--set", "neurocore.synapse_memory=64KiB", "--out", "run.h5"});
  INFO(run.error);
  REQUIRE(run.exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.out);
  CHECK(verified.exit_code == 0);
}

TEST_CASE("map refuses outputs that are inputs or each other") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(workspace.synfire(with({"map", "--out", "m.yaml"}, {})).exit_code == 0);
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--mapping", "m.yaml", "--out", "m.yaml"},
                                             {"--out", "-", "--json", "-"},
                                             {"--out", "a", "--json", "a"},
                                             {"--json", "model.h5"}}) {
    const Outcome outcome = workspace.synfire(with({"map"}, more));
    INFO(outcome.error);
    CHECK(outcome.exit_code == 2);
    CHECK(is_one_line_error(outcome.error));
  }
}

TEST_CASE("traffic of a recording of another model is refused") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(workspace
              .synfire({"run", "--model", "moby-dick", "--tokens", "0", "--prompt", "a", "--out",
                        "other.h5", "--quiet"})
              .exit_code == 0);
  const Outcome outcome = workspace.synfire(with({"map"}, {"--traffic", "other.h5"}));
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.error.find("another model") != std::string::npos);
}

}  // namespace synfire::test
