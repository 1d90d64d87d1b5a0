// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_sampling.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include <boost/random/sobol.hpp>
#include <boost/random/uniform_01.hpp>

#include "sim/error.hpp"
#include "sim/random.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t draw_stream = 0x5eed'0001;
constexpr std::uint64_t shift_stream = 0x5eed'0002;
constexpr std::uint64_t order_stream = 0x5eed'0003;
/// Draws for each point that is wanted, before the constraints are blamed.
constexpr std::uint64_t most_tries = 1000;

/// A place in [0, 1) for each axis.
using Places = std::vector<double>;

SweepPoint point_at(const SweepDefinition& definition, const Places& places) {
  SweepPoint point;
  for (std::size_t i = 0; i < places.size(); ++i) point.push_back(definition.axes[i].at(places[i]));
  return point;
}

std::vector<SweepPoint> grid(const SweepDefinition& definition, const ChipDescription& chip) {
  std::vector<SweepPoint> points;
  std::vector<std::size_t> place(definition.axes.size(), 0);
  while (true) {
    SweepPoint point;
    for (std::size_t i = 0; i < place.size(); ++i) {
      point.push_back(definition.axes[i].values[place[i]]);
    }
    if (keeps_constraints(definition, chip, point)) points.push_back(std::move(point));
    std::size_t axis = place.size();
    while (axis > 0 && ++place[axis - 1] == definition.axes[axis - 1].values.size()) {
      place[--axis] = 0;
    }
    if (axis == 0) return points;
  }
}

/// Takes draws that keep the constraints until there are enough.
std::vector<SweepPoint> draw(const SweepDefinition& definition, const ChipDescription& chip,
                             const std::function<Places()>& next) {
  std::vector<SweepPoint> points;
  for (std::uint64_t tries = 0; points.size() < definition.points; ++tries) {
    if (tries == most_tries * definition.points) return {};
    SweepPoint point = point_at(definition, next());
    if (keeps_constraints(definition, chip, point)) points.push_back(std::move(point));
  }
  return points;
}

std::vector<SweepPoint> random_points(const SweepDefinition& definition,
                                      const ChipDescription& chip) {
  RandomStream stream(definition.seed, draw_stream);
  return draw(definition, chip, [&] {
    Places places(definition.axes.size());
    for (double& place : places) place = stream.uniform();
    return places;
  });
}

std::vector<SweepPoint> sobol_points(const SweepDefinition& definition,
                                     const ChipDescription& chip) {
  const std::size_t axes = definition.axes.size();
  boost::random::sobol sequence(axes);
  boost::random::uniform_01<double> uniform;
  RandomStream stream(definition.seed, shift_stream);
  Places shift(axes);
  for (double& place : shift) place = stream.uniform();
  return draw(definition, chip, [&] {
    Places places = shift;
    for (double& place : places) {
      place += uniform(sequence);
      if (place >= 1) place -= 1;
    }
    return places;
  });
}

std::vector<SweepPoint> latin_hypercube(const SweepDefinition& definition,
                                        const ChipDescription& chip) {
  const std::size_t count = definition.points;
  RandomStream stream(definition.seed, order_stream);
  std::vector<Places> places(count, Places(definition.axes.size()));
  for (std::size_t axis = 0; axis < definition.axes.size(); ++axis) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[stream.below(i)]);
    for (std::size_t i = 0; i < count; ++i) {
      places[i][axis] =
          (static_cast<double>(order[i]) + stream.uniform()) / static_cast<double>(count);
    }
  }
  std::vector<SweepPoint> points;
  for (const Places& place : places) {
    SweepPoint point = point_at(definition, place);
    if (keeps_constraints(definition, chip, point)) points.push_back(std::move(point));
  }
  return points;
}

}  // namespace

bool keeps_constraints(const SweepDefinition& definition, const ChipDescription& chip,
                       const SweepPoint& point) {
  if (definition.constraints.empty()) return true;
  ChipDescription changed = chip;
  for (std::size_t i = 0; i < point.size(); ++i) {
    definition.axes[i].parameter->set(changed, point[i]);
  }
  return std::ranges::all_of(definition.constraints, [&](const SweepConstraint& constraint) {
    return constraint.holds(changed);
  });
}

std::vector<SweepPoint> first_points(const SweepDefinition& definition,
                                     const ChipDescription& described) {
  ChipDescription chip = described;
  chip.origins.clear();  // copied for every combination otherwise
  std::vector<SweepPoint> points;
  switch (definition.method) {
    case SamplingMethod::grid:
      points = grid(definition, chip);
      break;
    case SamplingMethod::random:
      points = random_points(definition, chip);
      break;
    case SamplingMethod::latin_hypercube:
      points = latin_hypercube(definition, chip);
      break;
    case SamplingMethod::sobol:
      points = sobol_points(definition, chip);
      break;
  }
  if (!points.empty()) return points;
  throw ConfigError(definition.file, "constraints",
                    "leave hardly any point of the parameters' ranges; loosen them or widen the "
                    "ranges");
}

}  // namespace synfire
