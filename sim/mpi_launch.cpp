// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "sim/mpi_session.hpp"

namespace synfire {
namespace {

std::optional<std::uint32_t> number_in(const char* variable) {
  // The environment is read before there are threads.
  const char* text = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) return std::nullopt;
  std::uint32_t number = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, problem] = std::from_chars(text, end, number);
  if (problem != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace

MpiLaunch mpi_launch() {
  constexpr const char* names[][2]{{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                   {"PMI_SIZE", "PMI_RANK"},
                                   {"SLURM_STEP_NUM_TASKS", "PMIX_RANK"}};
  for (const auto& [size_name, rank_name] : names) {
    const auto rank = number_in(rank_name);
    if (!rank) continue;
    const std::uint32_t size = number_in(size_name).value_or(1);
    return {.rank = *rank, .size = std::max(size, *rank + 1), .is_launched = true};
  }
  return {};
}

}  // namespace synfire
