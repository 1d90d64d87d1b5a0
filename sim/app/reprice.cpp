// SPDX-License-Identifier: Apache-2.0
#include "sim/app/reprice.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/energy_json.hpp"
#include "analysis/energy_table.hpp"
#include "analysis/recorded_energy.hpp"
#include "analysis/summary.hpp"
#include "sim/app/support.hpp"
#include "topology/price_table.hpp"
#include "topology/twin.hpp"

namespace synfire::app {
namespace {

using Json = nlohmann::ordered_json;

/// Energy at the recording's prices and at those of the table.
struct Repriced {
  EnergyReport before;
  EnergyReport after;
};

struct Repricing {
  const Recording& recording;
  const PriceTable& table;
  Repriced run;
  std::vector<std::pair<TwinKind, Repriced>> twins;
};

std::string before_line(const Repriced& energy) {
  return fmt::format("    {:<34}{:>12}\n", "total at the recording's prices",
                     engineering(energy.before.total().in_joules(), "J"));
}

std::string to_text(const Repricing& repricing) {
  const Recording& recording = repricing.recording;
  const PriceTable& table = repricing.table;
  std::string text = fmt::format("chip account: what {} did in {} tokens, priced by {}\n",
                                 recording.chip_name(), recording.token_count(), table.name);
  if (!recording.is_complete()) {
    text += "the run ended early: this is the energy of what it did until then\n";
  }
  text += fmt::format(
      "prices: {}; keys of timing and structure, ignored: {} (times and counts are the run's)\n",
      table.prices.size(), table.other_keys);
  text += before_line(repricing.run) + energy_table(repricing.run.after);
  for (const auto& [kind, energy] : repricing.twins) {
    text += fmt::format("\n{}: its cost on the same chip, function not equal\n", title_of(kind)) +
            before_line(energy) + energy_table(energy.after);
  }
  return text;
}

Json energy_json(const Repriced& energy) {
  return {{"energy_j", synfire::energy_json(energy.after)},
          {"energy_j_as_recorded", energy.before.total().in_joules()}};
}

std::string to_json(const Repricing& repricing) {
  Json object{{"recording", repricing.recording.path().string()},
              {"complete", repricing.recording.is_complete()},
              {"chip", repricing.recording.chip_name()},
              {"table", repricing.table.name},
              {"tokens", repricing.recording.token_count()},
              {"ignored_keys", repricing.table.other_keys}};
  object.update(energy_json(repricing.run));
  for (const auto& [kind, energy] : repricing.twins) {
    object["twins"][std::string(to_string(kind))] = energy_json(energy);
  }
  return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void reprice(const RepriceOptions& options) {
  check_writable(options.json);
  check_distinct(options.json, {options.recording, options.table});
  const PriceTable table = load_price_table(options.table, options.overrides);
  const Recording recording(options.recording);
  const ChipDescription chip = recording.chip();
  const ChipDescription priced = with_prices(chip, table);
  Repricing repricing{
      recording, table, {recorded_energy(recording, chip), recorded_energy(recording, priced)}, {}};
  for (const RecordedTwin& twin : recording.twins()) {
    repricing.twins.emplace_back(twin.kind, Repriced{recorded_energy(recording, twin, chip),
                                                     recorded_energy(recording, twin, priced)});
  }
  if (options.json != "-") write_text("-", to_text(repricing));
  if (!options.json.empty()) write_text(options.json, to_json(repricing));
}

}  // namespace synfire::app
