// SPDX-License-Identifier: Apache-2.0
#include "analysis/pareto.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

/// By the definition, every pair.
std::vector<bool> naive_front(const std::vector<Costs>& candidates) {
  std::vector<bool> result;
  for (const Costs& candidate : candidates) {
    bool is_dominated = false;
    for (const Costs& other : candidates) {
      bool is_never_worse = true;
      bool is_once_better = false;
      for (std::size_t i = 0; i < other.size(); ++i) {
        is_never_worse = is_never_worse && other[i] <= candidate[i];
        is_once_better = is_once_better || other[i] < candidate[i];
      }
      is_dominated = is_dominated || (is_never_worse && is_once_better);
    }
    result.push_back(!is_dominated);
  }
  return result;
}

}  // namespace

TEST_CASE("Pareto front: what no other dominates, equal ones together, never what is no number") {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  CHECK(on_pareto_front(std::vector<Costs>{{1, 4}, {2, 2}, {2, 3}, {4, 1}, {2, 2}, {none, 0}}) ==
        std::vector<bool>{true, true, false, true, true, false});
  CHECK(on_pareto_front(std::vector<Costs>{}).empty());
  CHECK(on_pareto_front(std::vector<Costs>{{3}, {1}, {2}}) ==
        std::vector<bool>{false, true, false});
}

TEST_CASE("Pareto front: the same as by comparing every pair") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 50; ++seed) {
    INFO("seed " << seed);
    RandomStream stream(seed, 0);
    std::vector<Costs> candidates(1 + stream.below(40), Costs(1 + stream.below(4)));
    for (Costs& costs : candidates) {
      costs.resize(candidates.front().size());
      for (double& cost : costs) cost = static_cast<double>(stream.below(6));
    }
    CHECK(on_pareto_front(candidates) == naive_front(candidates));
  }
}

}  // namespace synfire::test
