// SPDX-License-Identifier: Apache-2.0
#include "analysis/export_csv.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

#include "analysis/csv_writer.hpp"
#include "analysis/layer_energies.hpp"
#include "analysis/layers.hpp"
#include "analysis/recorder.hpp"
#include "analysis/traffic.hpp"
#include "sim/error.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = 1U << 18U;

std::int64_t count_of(TimePoint time) {
  return time.time_since_epoch().count();
}

/// -1: the host.
std::int64_t number_of(CoreId core) {
  return core == host_core ? -1 : std::int64_t{index(core)};
}

/// A folder that vanishes with its object unless it got its name.
class PendingFolder {
 public:
  explicit PendingFolder(std::filesystem::path destination) : destination_(std::move(destination)) {
    std::error_code error;
    if (std::filesystem::exists(destination_, error)) {
      throw ConfigError("output",
                        "'" + destination_.string() + "' exists; remove it or name another folder");
    }
    temporary_ = destination_;
    temporary_ += ".part";
    std::filesystem::remove_all(temporary_, error);
    if (!std::filesystem::create_directory(temporary_, error)) {
      throw IoError(destination_.string(), "cannot be made; does the folder around it exist?");
    }
  }
  ~PendingFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(temporary_, ignored);
  }
  PendingFolder(const PendingFolder&) = delete;
  PendingFolder& operator=(const PendingFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return temporary_ / name; }
  void publish() {
    std::error_code error;
    std::filesystem::rename(temporary_, destination_, error);
    if (error) throw IoError(destination_.string(), "cannot get its name: " + error.message());
  }

 private:
  std::filesystem::path destination_;
  std::filesystem::path temporary_;
};

/// Calls `use` with every block of rows that `read(first, count)` gives.
template <typename Read, typename Use>
void for_blocks(std::uint64_t rows, const Read& read, const Use& use) {
  for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
    for (const auto& row : read(first, std::min(rows_at_a_time, rows - first))) use(row);
  }
}

void write_spikes(const Recording& recording, std::ostream& output) {
  CsvWriter csv(output, {"population", "neuron", "time_ps", "token", "time_step"});
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const PopulationId id{i};
    for_blocks(
        recording.spike_count(id),
        [&](auto first, auto count) { return recording.spikes(id, first, count); },
        [&](const SpikeRecord& spike) {
          csv.row(recording.populations()[i].name, spike.neuron, count_of(spike.time), spike.token,
                  spike.step);
        });
  }
}

void write_steps(const Recording& recording, std::ostream& output) {
  const std::vector<std::string> layers = layers_of(recording);
  CsvWriter csv(output, {"population", "layer", "first_neuron", "end_neuron", "neurocore", "token",
                         "time_step", "started_ps", "ended_ps"});
  for_blocks(
      recording.step_count(), [&](auto first, auto count) { return recording.steps(first, count); },
      [&](const StepRecord& step) {
        const PopulationSlice& slice = recording.slices()[index(step.slice)];
        csv.row(recording.populations()[index(slice.population)].name,
                layers[index(slice.population)], slice.begin, slice.end, number_of(slice.core),
                step.token, step.step, count_of(step.started), count_of(step.ended));
      });
}

void write_tokens(const Recording& recording, std::ostream& output) {
  const Alphabet alphabet = recording.alphabet();
  CsvWriter csv(output,
                {"token", "id", "character", "position", "is_given", "injected_ps", "finished_ps"});
  for (const RecordedToken& token : recording.tokens()) {
    const bool is_named = token.id != unnamed_token;
    const std::string character = token.id < alphabet.size() ? alphabet[token.id] : "";
    csv.row(token.token, is_named ? std::to_string(token.id) : "", character, token.position,
            token.is_given, count_of(token.injected), count_of(token.finished));
  }
}

/// Counters of the whole run; without them, what the links are.
void write_links(const Recording& recording, const RouterGraph& graph, std::ostream& output) {
  const std::optional<SimulationTotals> totals = recording.totals();
  CsvWriter csv(output, {"link", "name", "from_router", "to_router", "packets", "control_packets",
                         "bits", "busy_ps", "max_queue_depth", "waiting_ps"});
  for (std::uint32_t i = 0; totals && i < graph.links().size(); ++i) {
    const Link& link = graph.links()[i];
    const LinkUse& use = totals->link_use.at(i);
    csv.row(i, describe_link(graph, LinkId{i}), index(link.from), index(link.to), use.packets,
            use.control_packets, use.bits, use.busy.count(), use.max_queue_depth,
            use.waiting.count());
  }
}

/// Links that carried nothing in a window have no row of it.
void write_link_windows(const Recording& recording, std::ostream& output) {
  CsvWriter csv(output, {"begin_ps", "end_ps", "tokens", "link", "bits", "busy_ps"});
  TimePoint begin{};
  for (std::uint64_t i = 0; i < recording.link_window_count(); ++i) {
    const RecordedLinkWindow window = recording.link_windows(i, 1).front();
    for (std::size_t link = 0; link < window.bits.size(); ++link) {
      if (window.bits[link] == 0) continue;
      csv.row(count_of(begin), count_of(window.time), window.tokens, link, window.bits[link],
              window.busy[link].count());
    }
    begin = window.time;
  }
}

void write_potentials(const Recording& recording, std::ostream& output) {
  CsvWriter csv(
      output, {"population", "neuron", "time_ps", "token", "time_step", "potential_weight_units"});
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const PopulationId id{i};
    for_blocks(
        recording.potential_count(id),
        [&](auto first, auto count) { return recording.potentials(id, first, count); },
        [&](const RecordedPotential& row) {
          csv.row(recording.populations()[i].name, row.neuron, count_of(row.time), row.token,
                  row.step, row.potential);
        });
  }
}

void write_packets(const Recording& recording, std::ostream& output) {
  CsvWriter csv(output, {"sent_ps", "arrived_ps", "token", "time_step", "population", "neuron",
                         "from_neurocore", "to_neurocore"});
  for_blocks(
      recording.packet_count(),
      [&](auto first, auto count) { return recording.packets(first, count); },
      [&](const PacketRecord& packet) {
        const PopulationSlice& slice = recording.slices()[index(packet.source)];
        csv.row(count_of(packet.sent), count_of(packet.arrived), packet.token, packet.step,
                recording.populations()[index(slice.population)].name, packet.neuron,
                number_of(slice.core), number_of(packet.destination));
      });
}

bool has_potentials(const Recording& recording) {
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    if (recording.potential_count(PopulationId{i}) > 0) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> export_csv(const Recording& recording,
                                    const std::filesystem::path& output) {
  PendingFolder folder(output);
  const RouterGraph graph = build_graph(recording.chip());
  std::vector<std::string> names;
  const auto write = [&](const std::string& name, const auto& table) {
    std::ofstream file(folder / name, std::ios::binary);
    table(file);
    file.close();
    if (!file) throw WriteError(output.string(), "cannot be written; is the disk full?");
    names.push_back(name);
  };
  write("spikes.csv", [&](std::ostream& file) { write_spikes(recording, file); });
  write("steps.csv", [&](std::ostream& file) { write_steps(recording, file); });
  write("tokens.csv", [&](std::ostream& file) { write_tokens(recording, file); });
  write("links.csv", [&](std::ostream& file) { write_links(recording, graph, file); });
  if (recording.totals() || !recording.layer_actions().empty()) {
    write("energy.csv", [&](std::ostream& file) { file << to_csv(layer_energies(recording)); });
  }
  if (recording.link_window_count() > 0) {
    write("link_windows.csv", [&](std::ostream& file) { write_link_windows(recording, file); });
  }
  if (has_potentials(recording)) {
    write("potentials.csv", [&](std::ostream& file) { write_potentials(recording, file); });
  }
  if (recording.packet_count() > 0) {
    write("packets.csv", [&](std::ostream& file) { write_packets(recording, file); });
  }
  folder.publish();
  return names;
}

}  // namespace synfire
