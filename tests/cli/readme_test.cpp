// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

/// Lines of README.md's examples that run offline with the shipped model.
std::vector<std::string> readme_examples() {
  std::ifstream file(SYNFIRE_README);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    const auto begin = line.find_first_not_of(' ');
    if (begin != 4) continue;
    for (const char* command : {"synfire run", "synfire verify", "synfire info", "synfire replay",
                                "synfire plot", "synfire export", "synfire map"}) {
      if (line.compare(begin, std::string(command).size(), command) == 0) {
        lines.push_back(line.substr(begin));
      }
    }
  }
  return lines;
}

}  // namespace

TEST_CASE("the README's first command prints what the README shows") {
  std::ifstream file(SYNFIRE_README);
  std::string line;
  while (std::getline(file, line) && line != "    ./setup.sh run") {
  }
  std::vector<std::string> shown;
  std::getline(file, line);
  while (std::getline(file, line) && !line.empty()) shown.push_back(line.substr(4));
  REQUIRE(shown.size() >= 6);
  Workspace workspace;
  const Outcome outcome = workspace.synfire({"run"});
  REQUIRE(outcome.exit_code == 0);
  for (const std::string& sample : shown) {
    const std::string beginning = sample.substr(0, sample.find(" ..."));
    INFO(beginning);
    CHECK(outcome.out.find(beginning) != std::string::npos);
  }
}

TEST_CASE("every example of the README runs, in its order") {
  Workspace workspace;
  const auto examples = readme_examples();
  REQUIRE(examples.size() >= 6);
  for (const std::string& example : examples) {
    INFO(example);
    const Outcome outcome = workspace.shell("synfire() { \"$SYNFIRE\" \"$@\"; }; " + example);
    INFO(outcome.error);
    CHECK(outcome.exit_code == 0);
  }
}

}  // namespace synfire::test
