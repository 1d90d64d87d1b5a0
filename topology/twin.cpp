// SPDX-License-Identifier: Apache-2.0
#include "topology/twin.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::int64_t artificial_bits = 8;  // the published artificial twins are int8 at best

bool is_of_twins(std::string_view key_path) {
  if (key_path.starts_with("dense.")) return true;
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const auto action = static_cast<Action>(i);
    if (is_dense(action) && key_path == "energy." + std::string(to_string(action))) return true;
  }
  return false;
}

}  // namespace

std::string_view to_string(TwinKind kind) {
  return kind == TwinKind::quantised ? "twin" : "ann";
}

TwinKind twin_kind_from_string(std::string_view name) {
  for (const TwinKind kind : {TwinKind::quantised, TwinKind::artificial}) {
    if (name == to_string(kind)) return kind;
  }
  throw ConfigError("--compare", "'" + std::string(name) +
                                     "' is unknown; use twin (quantised), ann (artificial) or both "
                                     "(twin,ann)");
}

std::string_view title_of(TwinKind kind) {
  return kind == TwinKind::quantised ? "quantised twin" : "artificial twin";
}

std::int64_t activation_bits(TwinKind kind, std::uint32_t time_steps) {
  return kind == TwinKind::quantised ? std::bit_width(time_steps) : artificial_bits;
}

void require_twins(const Network& network) {
  const auto count = [&](NeuronModel model) {
    return std::ranges::count(network.populations(), model, &Population::model);
  };
  if (count(NeuronModel::input) != 1 || count(NeuronModel::readout) != 1) {
    throw ConfigError("populations",
                      "dense twins need exactly one input and one readout population; leave "
                      "--compare out");
  }
  if (has_dense_parts(network)) {
    throw ConfigError(
        "populations",
        "work on numbers in part (a spike degree below 4, LayerNorm), and dense twins "
        "are of networks that only spike; leave --compare out");
  }
  if (network.greatest_delay() > 0) {
    throw ConfigError("projections",
                      "have delays, which a dense twin without time steps cannot keep; leave "
                      "--compare out");
  }
}

void require_dense_numbers(const ChipDescription& chip, const std::string& who,
                           const std::string& otherwise) {
  for (const NumberOrigin& origin : chip.origins) {
    if (origin.source != default_source || !is_of_twins(origin.key_path)) continue;
    throw ConfigError(origin.key_path, "is not in the description of chip `" + chip.name +
                                           "`, and " + who +
                                           " need it; add it there or with --set, or " + otherwise);
  }
}

}  // namespace synfire
