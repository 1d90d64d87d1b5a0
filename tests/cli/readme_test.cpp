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
    for (const char* command : {"synfire run", "synfire verify", "synfire info", "synfire plot"}) {
      if (line.compare(begin, std::string(command).size(), command) == 0) {
        lines.push_back(line.substr(begin));
      }
    }
  }
  return lines;
}

}  // namespace

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
