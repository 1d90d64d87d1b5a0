// SPDX-License-Identifier: Apache-2.0
// The message layer under mpirun itself.
#include <string>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"
#include "tests/mpi/mpirun.hpp"

namespace synfire::test {
namespace {

const std::string contract = "'" SYNFIRE_MPI_CONTRACT "' ";

}  // namespace

TEST_CASE("MPI keeps the contract of communicators on 1, 2 and 4 ranks") {
  const Workspace workspace;
  for (const std::uint32_t ranks : {1U, 2U, 4U}) {
    const Outcome outcome = workspace.shell(mpirun(ranks) + contract);
    INFO(ranks << " ranks: " << outcome.out << outcome.error);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.error.empty());
  }
}

TEST_CASE("a rank that aborts ends all with its exit status") {
  const Workspace workspace;
  const Outcome outcome = workspace.shell(mpirun(3) + contract + "7");
  INFO(outcome.error);
  CHECK(outcome.exit_code == 7);
}

TEST_CASE("mpirun of a command for one process is refused once, unless it starts one process") {
  const Workspace workspace;
  const Outcome two = workspace.shell(mpirun(2) + "\"$SYNFIRE\" info");
  INFO(two.error);
  CHECK(two.exit_code == 2);
  CHECK(two.out.empty());
  const std::string words = "synfire: info: works in one process";
  const auto first = two.error.find(words);
  REQUIRE(first != std::string::npos);
  CHECK(two.error.find(words, first + 1) == std::string::npos);
  const Outcome one = workspace.shell(mpirun(1) + "\"$SYNFIRE\" info");
  CHECK(one.exit_code == 0);
  CHECK(one.out.find("MPI") != std::string::npos);
}

}  // namespace synfire::test
