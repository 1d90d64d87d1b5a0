// SPDX-License-Identifier: Apache-2.0
#include "sim/app/reprice.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/energy_json.hpp"
#include "analysis/energy_table.hpp"
#include "analysis/recorded_energy.hpp"
#include "analysis/summary.hpp"
#include "sim/app/support.hpp"
#include "topology/price_table.hpp"

namespace synfire::app {
namespace {

/// A run's energy as it was and as it would be.
struct Repricing {
  const Recording& recording;
  const PriceTable& table;
  EnergyReport before;
  EnergyReport after;
};

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
  text += fmt::format("    {:<34}{:>12}\n", "total at the recording's prices",
                      engineering(repricing.before.total().in_joules(), "J"));
  return text + energy_table(repricing.after);
}

std::string to_json(const Repricing& repricing) {
  nlohmann::ordered_json object{{"recording", repricing.recording.path().string()},
                                {"complete", repricing.recording.is_complete()},
                                {"chip", repricing.recording.chip_name()},
                                {"table", repricing.table.name},
                                {"tokens", repricing.recording.token_count()},
                                {"ignored_keys", repricing.table.other_keys},
                                {"energy_j", energy_json(repricing.after)},
                                {"energy_j_as_recorded", repricing.before.total().in_joules()}};
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

void reprice(const RepriceOptions& options) {
  check_writable(options.json);
  check_distinct(options.json, {options.recording, options.table});
  const PriceTable table = load_price_table(options.table, options.overrides);
  const Recording recording(options.recording);
  const ChipDescription chip = recording.chip();
  const Repricing repricing{recording, table, recorded_energy(recording, chip),
                            recorded_energy(recording, with_prices(chip, table))};
  if (options.json != "-") write_text("-", to_text(repricing));
  if (!options.json.empty()) write_text(options.json, to_json(repricing));
}

}  // namespace synfire::app
