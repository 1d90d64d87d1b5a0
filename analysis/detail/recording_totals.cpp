// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_totals.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "analysis/detail/recording_layout.hpp"
#include "sim/error.hpp"

namespace synfire::detail {
namespace {

constexpr const char* action_names = "/synfire/counts/action_names";

/// A counter or a time as an integer; times in picoseconds.
template <typename Use, typename Member>
std::int64_t read_member(const Use& use, const Member& member) {
  if (const auto* time = std::get_if<Duration Use::*>(&member)) return (use.**time).count();
  return use.*std::get<std::int64_t Use::*>(member);
}

template <typename Use, typename Member>
void write_member(Use& use, const Member& member, std::int64_t value) {
  if (const auto* time = std::get_if<Duration Use::*>(&member)) {
    use.** time = picoseconds(value);
  } else {
    use.*std::get<std::int64_t Use::*>(member) = value;
  }
}

void write_scalar(Hdf5File& file, const std::string& dataset, std::int64_t value,
                  const std::string& units) {
  write_with_units<std::int64_t>(file, dataset, {}, std::span(&value, 1), units);
}

void write_column(Hdf5File& file, const std::string& dataset,
                  const std::vector<std::int64_t>& values, const std::string& units) {
  write_with_units<std::int64_t>(file, dataset, {values.size()}, values, units);
}

void write_actions(Hdf5File& file, const std::string& dataset,
                   std::span<const ActionCounts> counts) {
  std::vector<std::int64_t> values;
  for (const ActionCounts& row : counts) {
    for (std::size_t i = 0; i < action_kinds; ++i) values.push_back(row[static_cast<Action>(i)]);
  }
  write_with_units<std::int64_t>(file, dataset, {counts.size(), action_kinds}, values, "1");
}

/// One column per counter; row i is uses[i].
template <typename Use, typename Counters>
void write_uses(Hdf5File& file, const std::string& group, std::span<const Use> uses,
                const Counters& counters) {
  for (const auto& counter : counters) {
    std::vector<std::int64_t> values;
    for (const Use& use : uses) values.push_back(read_member(use, counter.member));
    write_column(file, group + counter.name, values, counter.units);
  }
}

/// A dataset of exactly these extents.
template <Hdf5Element T>
std::vector<T> read_exact(const Hdf5File& file, const std::string& dataset,
                          const std::vector<std::uint64_t>& extents) {
  if (file.shape(dataset).extents != extents) {
    throw IoError(file.path().string(), dataset +
                                            ": has not the shape that the rest of the file "
                                            "asks for; the file is damaged");
  }
  return file.read<T>(dataset);
}

/// Columns stand for `actions`; what they leave out never happened.
std::vector<ActionCounts> read_actions(const Hdf5File& file, const std::string& dataset,
                                       std::uint64_t rows, std::span<const Action> actions) {
  const auto values = read_exact<std::int64_t>(file, dataset, {rows, actions.size()});
  std::vector<ActionCounts> counts(rows);
  for (std::size_t i = 0; i < values.size(); ++i) {
    counts[i / actions.size()][actions[i % actions.size()]] = values[i];
  }
  return counts;
}

template <typename Use, typename Counters>
std::vector<Use> read_uses(const Hdf5File& file, const std::string& group, std::uint64_t rows,
                           const Counters& counters) {
  std::vector<Use> uses(rows);
  for (const auto& counter : counters) {
    const auto values = read_exact<std::int64_t>(file, group + counter.name, {rows});
    for (std::size_t i = 0; i < rows; ++i) write_member(uses[i], counter.member, values[i]);
  }
  return uses;
}

}  // namespace

void write_action_names(Hdf5File& file) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < action_kinds; ++i) {
    names.emplace_back(to_string(static_cast<Action>(i)));
  }
  file.write_strings(action_names, names);
  file.write_string_attribute(action_names, "units", "text");
}

std::vector<Action> read_action_names(const Hdf5File& file) {
  std::vector<Action> actions;
  for (const std::string& name : file.read_strings(action_names)) {
    std::size_t i = 0;
    while (i < action_kinds && name != to_string(static_cast<Action>(i))) ++i;
    const auto action = static_cast<Action>(i);
    if (i == action_kinds || std::ranges::find(actions, action) != actions.end()) {
      throw IoError(file.path().string(), std::string(action_names) + ": '" + name +
                                              "' is no action that this version knows, or "
                                              "stands twice");
    }
    actions.push_back(action);
  }
  return actions;
}

void write_use(Hdf5File& file, const TotalsPlace& place, const SimulationTotals& totals) {
  write_scalar(file, place.run + "simulated_ps", totals.now.time_since_epoch().count(), "ps");
  write_scalar(file, place.run + "waiting_ps", totals.waiting.count(), "ps");
  write_scalar(file, place.run + "least_waiting_ps", totals.least_waiting.count(), "ps");
  for (const RecordedCounter& counter : recorded_counters) {
    write_scalar(file, place.run + counter.name, totals.*counter.member, "1");
  }
  write_actions(file, place.counts + "slices/actions", totals.slices);
  write_actions(file, place.counts + "links/actions", totals.links);
  write_uses<LinkUse>(file, place.counts + "links/", totals.link_use, link_counters);
  write_uses<NeurocoreUse>(file, place.counts + "cores/", totals.core_use, core_counters);
}

void write_totals(Hdf5File& file, const SimulationTotals& totals) {
  write_use(file, spiking_place, totals);
  for (const RecordedLoss& loss : recorded_losses) {
    write_scalar(file, spiking_place.run + loss.name, totals.lost.*loss.member, "1");
  }
  write_column(file, "/synfire/counts/populations/spikes", totals.spikes_per_population, "1");
  write_column(file, "/synfire/counts/populations/neuron_steps", totals.neuron_steps_per_population,
               "1");
  const std::vector<std::string> populations = file.read_strings("/synfire/network/names");
  SYNFIRE_ASSERT(populations.size() == totals.spikes_per_neuron.size(),
                 "totals and description must be of the same network");
  for (std::size_t i = 0; i < populations.size(); ++i) {
    const std::vector<std::uint32_t>& spikes = totals.spikes_per_neuron[i];
    write_with_units<std::uint32_t>(file, "/synfire/counts/neurons/" + populations[i],
                                    {spikes.size()}, spikes, "1");
  }
}

SimulationTotals read_use(const Hdf5File& file, const TotalsPlace& place, std::uint64_t slices) {
  const auto scalar = [&](const std::string& name) {
    return file.read_scalar<std::int64_t>(place.run + name);
  };
  SimulationTotals totals;
  totals.now = TimePoint{picoseconds(scalar("simulated_ps"))};
  totals.waiting = picoseconds(scalar("waiting_ps"));
  totals.least_waiting = picoseconds(scalar("least_waiting_ps"));
  for (const RecordedCounter& counter : recorded_counters) {
    totals.*counter.member = scalar(counter.name);
  }
  const std::vector<Action> actions = read_action_names(file);
  const std::uint64_t links = file.shape(spiking_place.counts + "links/from").rows();
  const std::uint64_t cores = file.shape(spiking_place.counts + "cores/packets").rows();
  totals.slices = read_actions(file, place.counts + "slices/actions", slices, actions);
  totals.links = read_actions(file, place.counts + "links/actions", links, actions);
  totals.link_use = read_uses<LinkUse>(file, place.counts + "links/", links, link_counters);
  totals.core_use = read_uses<NeurocoreUse>(file, place.counts + "cores/", cores, core_counters);
  return totals;
}

SimulationTotals read_totals(const Hdf5File& file, std::span<const std::string> populations,
                             std::uint64_t slices) {
  SimulationTotals totals = read_use(file, spiking_place, slices);
  for (const RecordedLoss& loss : recorded_losses) {
    totals.lost.*loss.member = file.read_scalar<std::int64_t>(spiking_place.run + loss.name);
  }
  const std::uint64_t count = populations.size();
  totals.spikes_per_population =
      read_exact<std::int64_t>(file, "/synfire/counts/populations/spikes", {count});
  totals.neuron_steps_per_population =
      read_exact<std::int64_t>(file, "/synfire/counts/populations/neuron_steps", {count});
  const auto sizes = read_exact<std::uint32_t>(file, "/synfire/network/sizes", {count});
  for (std::size_t i = 0; i < count; ++i) {
    totals.spikes_per_neuron.push_back(
        read_exact<std::uint32_t>(file, "/synfire/counts/neurons/" + populations[i], {sizes[i]}));
  }
  return totals;
}

}  // namespace synfire::detail
