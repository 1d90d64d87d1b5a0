// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "analysis/cost_model.hpp"
#include "analysis/run_script.hpp"
#include "analysis/sweep_definition.hpp"
#include "analysis/sweep_table.hpp"
#include "models/model_file.hpp"
#include "topology/chip.hpp"

namespace synfire {

/// A workload that has been run once, to be replayed on every chip.
struct SweepWork {
  const Model& model;
  RunScript script;
};

/// The chip of a sweep before any parameter is set, as text that parameters can be set in.
struct SweepChip {
  explicit SweepChip(ChipDescription chip);
  /// With the point's values. Throws ConfigError for a chip that cannot be.
  ChipDescription at(const SweepDefinition& definition, const SweepPoint& point) const;

  ChipDescription description;
  std::string yaml;
};

/// What replaying a token of the model on the chip of one point takes, synaptic sums left out.
///
/// Throws  ConfigError, MappingError for a point that fails.
CostPrediction foresee_point(const SweepDefinition& definition, const SweepChip& chip,
                             const Model& model, const SweepPoint& point);

/// Maps and replays one workload on the chip of one point. A chip that cannot be built, on which
/// the model does not fit, or which deadlocks, is a row with its error.
SweepRow evaluate(const SweepDefinition& definition, const SweepChip& chip, const SweepWork& work,
                  SweepRow row);

}  // namespace synfire
