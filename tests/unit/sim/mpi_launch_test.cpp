// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/mpi_session.hpp"

namespace synfire::test {
namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// Environment variables for as long as it lives; those of the launchers that are not named are
/// taken away.
class Environment {
 public:
  explicit Environment(const Variables& variables) {
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "PMI_SIZE", "PMI_RANK",
                             "PMIX_RANK", "SLURM_STEP_NUM_TASKS"}) {
      names_.emplace_back(name);
      ::unsetenv(name);
    }
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const std::string& name : names_) ::unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::string> names_;
};

}  // namespace

TEST_CASE("MpiLaunch: a process that was started alone is no rank") {
  const Environment none(Variables{});
  CHECK_FALSE(mpi_launch().is_launched);
  CHECK(mpi_launch().size == 1);
}

TEST_CASE("MpiLaunch: the launchers' variables say rank and size") {
  const std::vector<Variables> launchers{
      {{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "3"}},
      {{"PMI_SIZE", "4"}, {"PMI_RANK", "3"}},
      {{"SLURM_STEP_NUM_TASKS", "4"}, {"PMIX_RANK", "3"}}};
  for (const Variables& variables : launchers) {
    const Environment environment(variables);
    CHECK(mpi_launch().is_launched);
    CHECK(mpi_launch().rank == 3);
    CHECK(mpi_launch().size == 4);
  }
}

TEST_CASE("MpiLaunch: what is no number says nothing, and no rank stands alone") {
  {
    const Environment environment(Variables{{"PMI_SIZE", "many"}, {"PMI_RANK", "-1"}});
    CHECK_FALSE(mpi_launch().is_launched);
  }
  const Environment environment(Variables{{"PMIX_RANK", "2"}});
  CHECK(mpi_launch().is_launched);
  CHECK(mpi_launch().size == 3);
}

}  // namespace synfire::test
