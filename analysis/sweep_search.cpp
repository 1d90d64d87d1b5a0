// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_search.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/random.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t search_stream = 0x5eed'1000;
constexpr int most_tries = 200;

/// Points with a row on the front of any workload, each once, in order.
std::vector<SweepPoint> parents_of(const SweepHeader& header, const std::vector<SweepRow>& rows) {
  const std::vector<bool> is_on_front = rows_on_front(header, rows);
  std::vector<SweepPoint> parents;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_on_front[i]) continue;
    if (std::ranges::find(parents, rows[i].values) == parents.end()) {
      parents.push_back(rows[i].values);
    }
  }
  return parents;
}

/// One step up or down the list.
std::int64_t neighbour(const SweepAxis& axis, std::int64_t value, RandomStream& stream) {
  const auto place =
      static_cast<std::size_t>(std::ranges::find(axis.values, value) - axis.values.begin());
  const bool goes_up = stream.below(2) == 0;
  if (place + 1 >= axis.values.size()) return axis.values[place == 0 ? 0 : place - 1];
  if (place == 0 || goes_up) return axis.values[place + 1];
  return axis.values[place - 1];
}

/// Up to `share` of the range away, in its logarithm if it is logarithmic.
std::int64_t nearby(const SweepAxis& axis, std::int64_t value, double share, RandomStream& stream) {
  const double move = share * (2 * stream.uniform() - 1);
  const auto from = static_cast<double>(value);
  const auto low = static_cast<double>(axis.low);
  const auto high = static_cast<double>(axis.high);
  const double to = axis.is_logarithmic ? from * std::exp(move * std::log(high / low))
                                        : from + move * (high - low);
  return std::clamp(static_cast<std::int64_t>(std::llround(to)), axis.low, axis.high);
}

SweepPoint child_of(const SweepDefinition& definition, const std::vector<SweepPoint>& parents,
                    double share, RandomStream& stream) {
  const SweepPoint& mother = parents[stream.below(parents.size())];
  const SweepPoint& father = parents[stream.below(parents.size())];
  SweepPoint child;
  for (std::size_t i = 0; i < mother.size(); ++i) {
    child.push_back(stream.below(2) == 0 ? mother[i] : father[i]);
  }
  const std::size_t always = stream.below(child.size());
  for (std::size_t i = 0; i < child.size(); ++i) {
    if (i != always && stream.below(child.size()) != 0) continue;
    const SweepAxis& axis = definition.axes[i];
    child[i] = axis.is_listed() ? neighbour(axis, child[i], stream)
                                : nearby(axis, child[i], share, stream);
  }
  return child;
}

}  // namespace

std::vector<SweepPoint> next_points(const SweepDefinition& definition, const ChipDescription& chip,
                                    const SweepHeader& header, const std::vector<SweepRow>& rows,
                                    std::uint32_t round) {
  constexpr double first_share = 0.5;
  const double share = std::ldexp(first_share, -static_cast<int>(round));
  const std::vector<SweepPoint> parents = parents_of(header, rows);
  if (parents.empty()) return {};
  std::set<SweepPoint> known;
  for (const SweepRow& row : rows) known.insert(row.values);
  ChipDescription bare = chip;
  bare.origins.clear();  // copied for every child otherwise
  RandomStream stream(definition.seed, search_stream + round);
  std::vector<SweepPoint> points;
  for (int tries = 0; points.size() < definition.narrowing.points && tries < most_tries;) {
    SweepPoint child = child_of(definition, parents, share, stream);
    ++tries;
    if (known.contains(child) || !keeps_constraints(definition, bare, child)) continue;
    known.insert(child);
    points.push_back(std::move(child));
    tries = 0;
  }
  return points;
}

}  // namespace synfire
