// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_accounts.hpp"

#include <span>
#include <string>
#include <vector>

#include "analysis/detail/recording_layout.hpp"

namespace synfire::detail {
namespace {

const std::string group = "/synfire/accounts/";

void write_joules(Hdf5File& file, const std::string& name, double joules) {
  write_with_units<double>(file, group + name, {}, std::span(&joules, 1), "J");
}

void write_names(Hdf5File& file, const std::string& name, const std::vector<std::string>& names) {
  file.write_strings(group + name, names);
  file.write_string_attribute(group + name, "units", "text");
}

/// `by_PART` and the `PART_names` of its rows.
void write_parts(Hdf5File& file, const std::string& part, const std::vector<NamedEnergy>& parts) {
  std::vector<std::string> names;
  std::vector<double> joules;
  for (const NamedEnergy& entry : parts) {
    names.push_back(entry.name);
    joules.push_back(entry.energy.in_joules());
  }
  write_names(file, "chip/" + part + "_names", names);
  write_with_units<double>(file, group + "chip/by_" + part, {joules.size()}, joules, "J");
}

template <typename Kind, std::size_t count>
std::vector<NamedEnergy> named(const std::array<Energy, count>& parts) {
  std::vector<NamedEnergy> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back({std::string(to_string(static_cast<Kind>(i))), parts[i]});
  }
  return result;
}

void write_chip_account(Hdf5File& file, const EnergyReport& energy) {
  write_joules(file, "chip/total", energy.total().in_joules());
  write_joules(file, "chip/dynamic", energy.dynamic.in_joules());
  write_joules(file, "chip/static", energy.leakage.total().in_joules());
  write_joules(file, "chip/static_chips", energy.leakage.chips.in_joules());
  write_joules(file, "chip/static_routers", energy.leakage.routers.in_joules());
  write_joules(file, "chip/static_neurocores", energy.leakage.neurocores.in_joules());
  write_parts(file, "component", named<ComponentKind>(energy.by_component));
  write_parts(file, "action", named<Action>(energy.by_action));
  write_parts(file, "layer", energy.by_layer);
  write_parts(file, "population", energy.by_population);
}

void write_arithmetic_account(Hdf5File& file, const ArithmeticAccount& account) {
  write_joules(file, "arithmetic/spiking", account.spiking);
  write_joules(file, "arithmetic/artificial_as_published", account.artificial_as_published);
  write_joules(file, "arithmetic/artificial_corrected", account.artificial_corrected);
  const std::uint8_t is_leaky = account.leaky_attention ? 1 : 0;
  write_with_units<std::uint8_t>(file, group + "arithmetic/leaky_attention", {},
                                 std::span(&is_leaky, 1), "1");
}

}  // namespace

void write_accounts(Hdf5File& file, const EnergyAccounts& accounts) {
  write_chip_account(file, accounts.chip);
  if (accounts.arithmetic) write_arithmetic_account(file, *accounts.arithmetic);
}

}  // namespace synfire::detail
