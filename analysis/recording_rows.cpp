// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "analysis/detail/recording_layout.hpp"
#include "analysis/detail/recording_link_use.hpp"
#include "analysis/detail/recording_totals.hpp"
#include "analysis/recording.hpp"

// What a recording holds row by row, each checked against the network when it is read.

namespace synfire {
namespace {

TimePoint at(std::int64_t picosecond_count) {
  return TimePoint{picoseconds(picosecond_count)};
}

}  // namespace

std::vector<SpikeRecord> Recording::spikes(PopulationId population, std::uint64_t first,
                                           std::uint64_t count) const {
  if (count == 0) return {};
  const std::string sonata = detail::sonata_group(name_of(population));
  const std::string group = detail::spike_group(name_of(population));
  const auto nodes = file_.read_rows<std::uint64_t>(sonata + "/node_ids", first, count);
  const auto times = file_.read_rows<std::int64_t>(group + "/time_ps", first, count);
  const auto tokens = file_.read_rows<std::uint32_t>(group + "/token", first, count);
  const auto steps = file_.read_rows<std::uint16_t>(group + "/time_step", first, count);
  std::vector<SpikeRecord> spikes;
  spikes.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i] >= populations_[index(population)].size || steps[i] >= time_steps_) {
      refuse(sonata, "row " + std::to_string(first + i) + " is of neuron " +
                         std::to_string(nodes[i]) + " at step " + std::to_string(steps[i]) +
                         ", which do not exist");
    }
    spikes.push_back(
        {at(times[i]), tokens[i], static_cast<std::uint32_t>(nodes[i]), population, steps[i]});
  }
  return spikes;
}

std::vector<StepRecord> Recording::steps(std::uint64_t first, std::uint64_t count) const {
  const std::string group = "/synfire/steps/";
  const auto slices = file_.read_rows<std::uint32_t>(group + "slice", first, count);
  const auto tokens = file_.read_rows<std::uint32_t>(group + "token", first, count);
  const auto steps = file_.read_rows<std::uint16_t>(group + "time_step", first, count);
  const auto started = file_.read_rows<std::int64_t>(group + "started_ps", first, count);
  const auto ended = file_.read_rows<std::int64_t>(group + "ended_ps", first, count);
  std::vector<StepRecord> records;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (slices[i] >= slices_.size() || steps[i] >= time_steps_) {
      refuse(group + "slice", "row " + std::to_string(first + i) + " names no slice or step");
    }
    records.push_back({at(started[i]), at(ended[i]), tokens[i], steps[i], SliceId{slices[i]}});
  }
  return records;
}

std::vector<std::string> Recording::layer_names() const {
  if (!file_.contains(detail::layer_names)) return {};
  return file_.read_strings(detail::layer_names);
}

std::vector<RecordedLayerActions> Recording::layer_actions() const {
  const std::string group = detail::layer_action_group;
  if (!file_.contains(group)) return {};
  const auto tokens = file_.read<std::uint32_t>(group + "/tokens");
  const auto times = file_.read<std::int64_t>(group + "/time_ps");
  const std::size_t layers = layer_names().size();
  const std::vector<Action> kinds = detail::read_action_names(file_);
  const std::vector<std::uint64_t> extents{tokens.size(), layers * kinds.size()};
  if (times.size() != tokens.size() || file_.shape(group + "/actions").extents != extents) {
    refuse(group, "its columns are not those of the layers and actions");
  }
  const auto actions = file_.read<std::int64_t>(group + "/actions");
  std::vector<RecordedLayerActions> rows;
  for (std::size_t row = 0; row < tokens.size(); ++row) {
    rows.push_back({tokens[row], at(times[row]), std::vector<ActionCounts>(layers)});
    for (std::size_t i = 0; i < extents[1]; ++i) {
      rows.back().layers[i / kinds.size()][kinds[i % kinds.size()]] = actions[row * extents[1] + i];
    }
  }
  return rows;
}

std::vector<RecordedLinkWindow> Recording::link_windows(std::uint64_t first,
                                                        std::uint64_t count) const {
  if (count == 0) return {};
  const std::string group = detail::link_use_group + std::string("/");
  const auto tokens = file_.read_rows<std::uint32_t>(group + "tokens", first, count);
  const auto times = file_.read_rows<std::int64_t>(group + "time_ps", first, count);
  const auto bits = file_.read_rows<std::int64_t>(group + "bits", first, count);
  const auto busy = file_.read_rows<std::int64_t>(group + "busy_ps", first, count);
  const std::size_t links = bits.size() / tokens.size();
  std::vector<RecordedLinkWindow> windows;
  for (std::size_t row = 0; row < tokens.size(); ++row) {
    RecordedLinkWindow window{tokens[row], at(times[row]), {}, {}};
    for (std::size_t i = row * links; i < (row + 1) * links; ++i) {
      window.bits.push_back(bits[i]);
      window.busy.push_back(picoseconds(busy[i]));
    }
    windows.push_back(std::move(window));
  }
  return windows;
}

std::vector<PacketRecord> Recording::packets(std::uint64_t first, std::uint64_t count) const {
  if (count == 0) return {};
  const std::string group = detail::packet_group + std::string("/");
  const auto sent = file_.read_rows<std::int64_t>(group + "sent_ps", first, count);
  const auto arrived = file_.read_rows<std::int64_t>(group + "arrived_ps", first, count);
  const auto tokens = file_.read_rows<std::uint32_t>(group + "token", first, count);
  const auto steps = file_.read_rows<std::uint16_t>(group + "time_step", first, count);
  const auto sources = file_.read_rows<std::uint32_t>(group + "source", first, count);
  const auto neurons = file_.read_rows<std::uint32_t>(group + "neuron", first, count);
  const auto cores = file_.read_rows<std::uint32_t>(group + "destination", first, count);
  std::vector<PacketRecord> packets;
  packets.reserve(sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (sources[i] >= slices_.size() || steps[i] >= time_steps_ || arrived[i] < sent[i]) {
      refuse(group + "source", "row " + std::to_string(first + i) +
                                   " is of no slice or step, or "
                                   "arrives before it was sent");
    }
    packets.push_back({at(sent[i]), at(arrived[i]), tokens[i], neurons[i], SliceId{sources[i]},
                       CoreId{cores[i]}, steps[i]});
  }
  return packets;
}

std::vector<RecordedPotential> Recording::potentials(PopulationId population, std::uint64_t first,
                                                     std::uint64_t count) const {
  if (count == 0) return {};
  const std::string group = detail::potential_group(name_of(population)) + "/";
  const auto times = file_.read_rows<std::int64_t>(group + "time_ps", first, count);
  const auto tokens = file_.read_rows<std::uint32_t>(group + "token", first, count);
  const auto steps = file_.read_rows<std::uint16_t>(group + "time_step", first, count);
  const auto nodes = file_.read_rows<std::uint32_t>(group + "node_ids", first, count);
  const auto values = file_.read_rows<std::int32_t>(group + "potential", first, count);
  std::vector<RecordedPotential> potentials;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i] >= populations_[index(population)].size || steps[i] >= time_steps_) {
      refuse(group + "node_ids", "row " + std::to_string(first + i) + " names no neuron or step");
    }
    potentials.push_back({at(times[i]), tokens[i], steps[i], nodes[i], values[i]});
  }
  return potentials;
}

std::vector<RecordedToken> Recording::tokens() const {
  const std::string group = "/synfire/tokens/";
  const auto tokens = file_.read<std::uint32_t>(group + "token");
  const auto ids = file_.read<std::uint32_t>(group + "id");
  const auto positions = file_.read<std::uint32_t>(group + "position");
  const auto given = file_.read<std::uint8_t>(group + "is_given");
  const auto injected = file_.read<std::int64_t>(group + "injected_ps");
  const auto finished = file_.read<std::int64_t>(group + "finished_ps");
  std::vector<RecordedToken> records;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    records.push_back(
        {tokens[i], ids[i], positions[i], given[i] != 0, at(injected[i]), at(finished[i])});
  }
  return records;
}

std::vector<std::int32_t> Recording::logits(std::uint64_t first, std::uint64_t count) const {
  if (vocabulary() == 0) return {};
  return file_.read_rows<std::int32_t>("/synfire/tokens/logits", first, count);
}

}  // namespace synfire
