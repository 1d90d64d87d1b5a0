// SPDX-License-Identifier: Apache-2.0
#include "analysis/pareto.hpp"

#include <algorithm>
#include <cmath>

namespace synfire {
namespace {

bool dominates(const Costs& a, const Costs& b) {
  bool is_better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    is_better = is_better || a[i] < b[i];
  }
  return is_better;
}

}  // namespace

std::vector<bool> on_pareto_front(std::span<const Costs> candidates) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto is_number = [](double cost) { return !std::isnan(cost); };
    if (std::ranges::all_of(candidates[i], is_number)) order.push_back(i);
  }
  // What dominates a candidate comes before it in lexicographic order.
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return candidates[a] < candidates[b]; });
  std::vector<bool> is_on_front(candidates.size(), false);
  std::vector<std::size_t> front;
  for (const std::size_t i : order) {
    const bool is_dominated = std::ranges::any_of(front, [&](std::size_t other) {
      return dominates(candidates[other], candidates[i]);
    });
    if (is_dominated) continue;
    front.push_back(i);
    is_on_front[i] = true;
  }
  return is_on_front;
}

}  // namespace synfire
