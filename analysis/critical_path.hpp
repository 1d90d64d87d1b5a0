// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/recording.hpp"
#include "sim/records.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// One link of the chain of steps that a token's logits waited for.
///
/// [waited, started) passed with packets under way, synaptic sums, and waiting for the neurocore;
/// [started, ended) with the step's own updates and packets.
struct CriticalStep {
  TimePoint waited{};
  TimePoint started{};
  TimePoint ended{};
  std::uint16_t step = 0;
  SliceId slice{};
};

/// The critical path of a token: what ends last, back to what that waited for last, and so on to
/// its injection. Steps follow each other without gaps, so their times and `tail` add up to the
/// token's latency exactly.
struct CriticalPath {
  std::uint32_t token = 0;
  std::vector<CriticalStep> steps;  ///< in order of time
  Duration tail{};                  ///< from the last step's end until the logits are at the host
};

/// Finds critical paths in a stream of step records; holds only the tokens under way.
///
/// A step waits for the same step of its population's sources (or an earlier one, by the delay of
/// the projection) and for its own slice's step before; the one of these that ended last is on the
/// path.
class CriticalPathFinder {
 public:
  CriticalPathFinder(std::span<const RecordedProjection> projections,
                     std::span<const PopulationSlice> slices, std::uint32_t time_steps);

  /// Ascending in their ends, as recorded.
  void add(std::span<const StepRecord> steps);
  /// After all steps that ended until `token.finished`; nothing if none of the token is known.
  std::optional<CriticalPath> take(const RecordedToken& token);

 private:
  struct Interval {
    TimePoint started{};
    TimePoint ended = TimePoint::max();  ///< max: not (yet) ended
  };
  using Steps = std::vector<Interval>;  ///< [slice][time step]
  struct Node {
    std::uint32_t slice;
    std::uint32_t step;
  };

  std::optional<Node> last_of(const Steps& steps, TimePoint until) const;
  std::optional<Node> before(const Steps& steps, Node node) const;
  const Interval& at(const Steps& steps, Node node) const {
    return steps[std::size_t{node.slice} * time_steps_ + node.step];
  }

  struct Source {
    std::uint32_t slice;
    std::uint32_t delay;
  };
  std::uint32_t time_steps_;
  std::vector<std::vector<Source>> sources_;  ///< of every slice
  std::vector<std::pair<std::uint32_t, Steps>> under_way_;
};

}  // namespace synfire
