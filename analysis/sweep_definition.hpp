// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/sweep_axis.hpp"
#include "analysis/sweep_constraint.hpp"
#include "topology/yaml_values.hpp"

namespace synfire {

/// How the first points of a sweep are chosen.
enum class SamplingMethod : std::uint8_t {
  grid,             ///< every combination of listed values
  random,           ///< independent uniform draws
  latin_hypercube,  ///< each of `points` equal parts of every axis once (McKay et al. 1979)
  sobol,            ///< Sobol's sequence, shifted by the seed (Cranley and Patterson 1976)
};

/// What every chip of a sweep is given to do.
struct SweepWorkload {
  std::string name;
  std::string place;  ///< `file:line`, for messages
  std::string model = "moby-dick";
  std::string prompt = "Call me Ishmael.";
  std::uint32_t tokens = 16;
  double temperature = 0.5;
  std::uint64_t seed = 1;
};

/// Rounds of further points, bred from the Pareto front of those before.
struct SweepNarrowing {
  std::uint32_t rounds = 0;
  std::uint32_t points = 0;  ///< in each round
};

/// A sweep as its file states it (analysis/SWEEP.md).
struct SweepDefinition {
  std::string file;  ///< for messages
  std::string chip = "loihi-like";
  std::string placement = "linear";
  SamplingMethod method = SamplingMethod::grid;
  std::uint32_t points = 0;  ///< drawn; a grid has its own number
  std::uint64_t seed = 1;
  std::vector<SweepAxis> axes;
  std::vector<SweepConstraint> constraints;
  std::vector<SweepWorkload> workloads;
  std::vector<std::size_t> objectives;  ///< places in sweep_metrics
  SweepNarrowing narrowing;
  std::vector<WrittenValue> written;  ///< the whole file, to compare with another
};

/// Reads a sweep from YAML; `name` stands for the file in messages.
///
/// Throws  ConfigError (file:line: key path: fact; remedy) for anything that is no sweep: unknown
///         keys, as parse_axis and SweepConstraint, an objective that does not exist, a grid of a
///         range, more than most_sweep_points.
SweepDefinition parse_sweep(const std::string& yaml, const std::string& name);

/// parse_sweep of a file. Throws IoError if it cannot be read.
SweepDefinition read_sweep(const std::filesystem::path& file);

inline constexpr std::uint32_t most_sweep_points = 1'000'000;

}  // namespace synfire
