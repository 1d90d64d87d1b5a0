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

/// `by_PART` and the `PART_names` of its rows.
void write_parts(Hdf5File& file, const std::string& account, const std::string& part,
                 const std::vector<NamedEnergy>& parts) {
  std::vector<std::string> names;
  std::vector<double> joules;
  for (const NamedEnergy& entry : parts) {
    names.push_back(entry.name);
    joules.push_back(entry.energy.in_joules());
  }
  const std::string place = group + account;
  file.write_strings(place + part + "_names", names);
  file.write_string_attribute(place + part + "_names", "units", "text");
  write_with_units<double>(file, place + "by_" + part, {joules.size()}, joules, "J");
}

template <typename Kind, std::size_t count>
std::vector<NamedEnergy> named(const std::array<Energy, count>& parts) {
  std::vector<NamedEnergy> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back({std::string(to_string(static_cast<Kind>(i))), parts[i]});
  }
  return result;
}

void write_energy(Hdf5File& file, const std::string& account, const EnergyReport& energy) {
  write_joules(file, account + "total", energy.total().in_joules());
  write_joules(file, account + "dynamic", energy.dynamic.in_joules());
  write_joules(file, account + "static", energy.leakage.total().in_joules());
  write_joules(file, account + "static_chips", energy.leakage.chips.in_joules());
  write_joules(file, account + "static_routers", energy.leakage.routers.in_joules());
  write_joules(file, account + "static_neurocores", energy.leakage.neurocores.in_joules());
  write_parts(file, account, "component", named<ComponentKind>(energy.by_component));
  write_parts(file, account, "action", named<Action>(energy.by_action));
  write_parts(file, account, "layer", energy.by_layer);
  write_parts(file, account, "population", energy.by_population);
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

void write_accounts(Hdf5File& file, const RunOutcome& outcome) {
  write_energy(file, "chip/", outcome.accounts.chip);
  for (const TwinReport& twin : outcome.twins) {
    write_energy(file, std::string(to_string(twin.kind)) + "/", twin.energy);
  }
  if (outcome.accounts.arithmetic) write_arithmetic_account(file, *outcome.accounts.arithmetic);
}

}  // namespace synfire::detail
