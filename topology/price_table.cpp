// SPDX-License-Identifier: Apache-2.0
#include "topology/price_table.hpp"

#include <algorithm>

#include "sim/error.hpp"
#include "topology/chip_parameters.hpp"
#include "topology/detail/chip_values.hpp"

namespace synfire {
namespace {

bool is_price(const std::string& key_path) {
  return key_path.starts_with("energy.") || key_path.starts_with("static_power.") ||
         (key_path.starts_with("operating_point.") && key_path.ends_with("_voltage"));
}

Price read_price(const Parameter<ChipDescription>& parameter, const WrittenValue& written) {
  const bool is_override = written.place == detail::command_line;
  const CountRule rule = is_override ? CountRule::may_omit_unit : CountRule::needs_unit;
  return {{written.key_path, written.value, written.source, written.assumed},
          parse_value(parameter, written.value, written.place, rule)};
}

[[noreturn]] void refuse_override(const std::string& key_path) {
  throw ConfigError(detail::command_line, key_path,
                    "prices nothing, and counts and times stay those of the run; set energy.*, "
                    "static_power.* or a voltage of operating_point");
}

}  // namespace

PriceTable load_price_table(const std::string& name_or_path,
                            std::span<const std::string> overrides) {
  const detail::ChipText text = detail::find_chip_text(name_or_path);
  detail::ValuesByKey values = detail::read_values(text.yaml, text.name);
  for (const std::string& change : overrides) detail::apply_override(values, change);
  PriceTable table{.name = name_or_path, .prices = {}};
  for (const auto& [key, written] : values) {
    if (key == "name" || key == "description" || is_price(key)) continue;
    if (written.place == detail::command_line) refuse_override(key);
    ++table.other_keys;
  }
  for (const auto& parameter : chip_parameters()) {
    const auto written = values.find(parameter.key_path);
    if (written == values.end() || !is_price(parameter.key_path)) continue;
    table.prices.push_back(read_price(parameter, written->second));
  }
  if (table.prices.empty()) {
    throw ConfigError(text.name, "energy",
                      "is missing, and so is static_power: nothing here has a price; give some");
  }
  return table;
}

ChipDescription with_prices(ChipDescription chip, const PriceTable& table) {
  for (const Price& price : table.prices) {
    const std::string& key = price.origin.key_path;
    const auto parameter = std::ranges::find(chip_parameters(), key, &ParameterInfo::key_path);
    parameter->set(chip, price.value);
    const auto origin = std::ranges::find(chip.origins, key, &NumberOrigin::key_path);
    if (origin != chip.origins.end()) *origin = price.origin;
  }
  return chip;
}

}  // namespace synfire
