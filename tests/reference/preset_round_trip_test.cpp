// SPDX-License-Identifier: Apache-2.0
// What a preset's file says is what its chip costs: each figure is measured by the difference of
// two runs that differ in one thing, and compared with the file and with the published number.
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/micro_benchmark.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t cores_per_tile = 8;

/// The preset on 2 x 2 tiles with cores to spare, all steps by dataflow.
ChipDescription chip_of(const std::string& preset, const std::vector<std::string>& more = {}) {
  std::vector<std::string> settings = {"grid.width=2", "grid.height=2", "grid.cores_per_tile=8",
                                       "synchronisation.kind=dataflow"};
  settings.insert(settings.end(), more.begin(), more.end());
  return load_chip(preset, settings);
}

/// The same where packets take no time but latencies.
ChipDescription unserialized(const std::string& preset, std::vector<std::string> more = {}) {
  for (const char* link : {"horizontal", "vertical", "local", "board"}) {
    more.push_back("link." + std::string(link) + ".bandwidth=unlimited");
  }
  more.emplace_back("host.bandwidth=unlimited");
  return chip_of(preset, more);
}

std::int64_t aj(Energy energy) {
  return energy.in_attojoules();
}

std::int64_t aj(const ChipDescription& chip, Action action) {
  return aj(chip.energy[static_cast<std::size_t>(action)]);
}

std::int64_t groups(std::int64_t items, std::int64_t size) {
  return (items + size - 1) / size;
}

/// What `synapses` synapses of one spike cost, by the file.
std::int64_t synapses(const ChipDescription& chip, std::int64_t count) {
  const std::int64_t words =
      groups(count * chip.format.weight_bits, chip.neurocore.synapse_word_bits);
  return count * aj(chip, Action::synaptic_operation) +
         words * aj(chip, Action::synapse_memory_word);
}

/// From axon table to axon table, without hops, by the file.
std::int64_t packet(const ChipDescription& chip) {
  return aj(chip, Action::axon_out) + 2 * aj(chip, Action::local_link) + aj(chip, Action::axon_in);
}

std::int64_t energy(const MicroChain& chain, const ChipDescription& chip) {
  return aj(measure(chain, chip).energy);
}

/// What it costs more that one cell fires.
std::int64_t spike_energy(MicroChain chain, const ChipDescription& chip) {
  chain.firing = 0;
  const std::int64_t silent = energy(chain, chip);
  chain.firing = 1;
  return energy(chain, chip) - silent;
}

constexpr std::uint32_t east = cores_per_tile;       // first core of the tile east of the host's
constexpr std::uint32_t south = 2 * cores_per_tile;  // and south of it

/// Energies by measurement, in attojoules.
std::map<std::string, std::int64_t> measured_energies(const ChipDescription& chip) {
  const auto input_spike = [&](std::uint32_t cells) {
    return energy({.spikes = 1, .cells = cells}, chip) - energy({.cells = cells}, chip);
  };
  const std::int64_t spike = spike_energy({}, chip);
  const std::int64_t twice = spike_energy({.readout_cores = {1, 2}}, chip);
  return {
      {"8 synapses", input_spike(16) - input_spike(8)},
      {"neuron", energy({.cells = 2}, chip) - energy({.cells = 1}, chip)},
      {"spike", 2 * spike - twice},
      {"packet and synapse", twice - spike},
      {"hop east", spike_energy({.readout_cores = {east}}, chip) - spike},
      {"hop south", spike_energy({.readout_cores = {south}}, chip) - spike},
      {"input spike", input_spike(1)},
      {"logit", energy({.readout_cores = {1, 1}}, chip) - energy({}, chip)},
      {"control packets", energy({.readout_cores = {east}}, chip) - energy({}, chip)},
  };
}

std::map<std::string, std::int64_t> energies_of_file(const ChipDescription& chip) {
  const auto of = [&](Action action) { return aj(chip, action); };
  const FormatDescription& format = chip.format;
  const std::int64_t neuron = of(Action::neuron_access) + of(Action::neuron_update);
  const auto hop = [&](Action action, std::int64_t bits) {
    return of(action) + bits * of(Action::link_bit);
  };
  return {
      {"8 synapses", synapses(chip, 16) - synapses(chip, 8)},
      {"neuron", neuron},
      {"spike", of(Action::spike_out)},
      {"packet and synapse", packet(chip) + synapses(chip, 1)},
      {"hop east", hop(Action::hop_horizontal, format.spike_packet_bits)},
      {"hop south", hop(Action::hop_vertical, format.spike_packet_bits)},
      {"input spike", format.spike_packet_bits * of(Action::host_bit) + of(Action::local_link) +
                          of(Action::axon_in) + synapses(chip, 1)},
      {"logit", neuron + of(Action::axon_out) + of(Action::local_link) +
                    format.graded_packet_bits * of(Action::host_bit)},
      // The end of the step, its credit, the end of the token; and the logit on its way.
      {"control packets",
       3 * of(Action::control_hop) + hop(Action::hop_horizontal, format.graded_packet_bits)},
  };
}

std::int64_t finish(const MicroChain& chain, const ChipDescription& chip) {
  return measure(chain, chip).finished.count();
}

/// Latencies by measurement, in picoseconds.
std::map<std::string, std::int64_t> measured_latencies(const std::string& preset,
                                                       const std::vector<std::string>& more = {}) {
  const ChipDescription chip = unserialized(preset, more);
  const auto lanes = static_cast<std::uint32_t>(chip.neurocore.update_lanes);
  const auto reading = [&](std::uint32_t cells) {
    return finish({.spikes = 1, .cells = cells}, chip) - finish({.cells = cells}, chip);
  };
  const auto slower_than = [&](const std::string& setting) {
    std::vector<std::string> settings = more;
    settings.push_back(setting);
    return finish({}, chip) - finish({}, unserialized(preset, settings));
  };
  const std::int64_t near = finish({}, chip);
  return {
      {"neuron", finish({.cells = 2 * lanes}, chip) - finish({.cells = lanes}, chip)},
      {"64 synapses", reading(128) - reading(64)},
      {"packet read", finish({.spikes = 6}, chip) - finish({.spikes = 5}, chip)},
      {"packet sent",
       finish({.readout_cores = {1, 2, 3}}, chip) - finish({.readout_cores = {1, 2}}, chip)},
      {"hops east", finish({.cells_core = east}, chip) - near},
      {"hops south", finish({.cells_core = south}, chip) - near},
      {"spikes out", slower_than("neurocore.spike_out_latency=1 ps")},
      {"host", slower_than("host.latency=1 ps")},
  };
}

std::map<std::string, std::int64_t> latencies_of_file(const ChipDescription& chip) {
  const NeurocoreDescription& core = chip.neurocore;
  return {
      {"neuron", core.update_latency.count()},
      {"64 synapses", groups(64, core.synapse_lanes) * core.accumulate_latency.count()},
      {"packet read", core.axon_in_latency.count()},
      {"packet sent", core.axon_out_latency.count()},
      {"hops east", 2 * chip.horizontal.latency.count()},  // to the cells, and on to the readout
      {"hops south", 2 * chip.vertical.latency.count()},
      {"spikes out", 2 * (core.spike_out_latency.count() - 1)},  // of cells and readout
      {"host", 2 * (chip.host.latency.count() - 1)},             // in and out
  };
}

using Figures = std::map<std::string, double>;

/// Typed from the sources that the files name, not from the files. Energies in pJ.
const std::map<std::string, Figures> published_energies = {
    {"loihi-like",  // SANA-FE, arch/loihi.yaml
     {{"8 synapses", 8 * 35.5},
      {"neuron", 51.2 + 21.6},
      {"spike", 69.3},
      {"packet and synapse", 111 + 35.5},
      {"hop east", 3.0},
      {"hop south", 4.2}}},
    {"truenorth-like",  // Merolla 2014: 72 fJ a bit and hop, 47 fJ a bit of memory, 410 bits a row
     {{"neuron", 410 * 0.047}, {"hop east", 32 * 0.072}, {"hop south", 32 * 0.072}}},
    {"horowitz-45nm",  // ISSCC 2014: FP32 addition, 32 KB and 8 KB SRAM, int32 addition
     {{"8 synapses", 8 * 0.9 + 20}, {"neuron", 10 + 2 * 0.1}, {"hop east", 32 * 0.25}}},
    {"digital-22nm",  // arXiv 2409.08290: sparse data moves at 3.0 pJ per bit and hop
     {{"hop east", 3.0}, {"hop south", 3.0}, {"spike", 0.05448}}},
};

/// In nanoseconds.
const std::map<std::string, Figures> published_latencies = {
    {"loihi-like",
     {{"neuron", 6.0 + 3.7},
      {"64 synapses", 64 * 3.8},
      {"packet read", 16},
      {"packet sent", 5.1},
      {"hops east", 2 * 4.1},
      {"hops south", 2 * 6.5},
      {"spikes out", 2 * 30 - 0.002}}},
    {"loihi2-like",  // Intel's brief: 2, 5 and 10 times as fast as Loihi 1
     {{"neuron", (6.0 + 3.7) / 2},
      {"64 synapses", 64 * 3.8 / 5},
      {"spikes out", 2 * 30.0 / 10 - 0.002}}},
};

void check_published(const std::map<std::string, Figures>& published, const std::string& preset,
                     const std::map<std::string, std::int64_t>& measured, double unit) {
  const auto figures = published.find(preset);
  if (figures == published.end()) return;
  for (const auto& [what, figure] : figures->second) {
    INFO(preset << ": " << what);
    CHECK(static_cast<double>(measured.at(what)) == Approx(figure * unit).epsilon(1e-12));
  }
}

void check_equal(const std::map<std::string, std::int64_t>& measured,
                 const std::map<std::string, std::int64_t>& expected) {
  for (const auto& [what, value] : expected) {
    INFO(what);
    CHECK(measured.at(what) == value);
  }
}

}  // namespace

TEST_CASE("Round trip: energies measured on every preset are those of its file and its sources") {
  constexpr double attojoules_per_picojoule = 1e6;
  for (const std::string& preset : chip_preset_names()) {
    INFO(preset);
    const ChipDescription chip = chip_of(preset);
    const auto measured = measured_energies(chip);
    check_equal(measured, energies_of_file(chip));
    check_published(published_energies, preset, measured, attojoules_per_picojoule);
  }
}

TEST_CASE("Round trip: latencies measured on every preset are those of its file and its sources") {
  constexpr double picoseconds_per_nanosecond = 1e3;
  for (const std::string& preset : chip_preset_names()) {
    INFO(preset);
    const auto measured = measured_latencies(preset);
    check_equal(measured, latencies_of_file(chip_of(preset)));
    check_published(published_latencies, preset, measured, picoseconds_per_nanosecond);
  }
}

TEST_CASE("Round trip: bits on a link take its bandwidth's time, links between chips theirs") {
  for (const std::string& preset : chip_preset_names()) {
    INFO(preset);
    const auto further = [&](const ChipDescription& chip, std::uint32_t core) {
      return finish({.cells_core = core}, chip) - finish({}, chip);
    };
    const ChipDescription chip = chip_of(preset, {"host.bandwidth=unlimited"});
    const auto serialized = [&](const LinkDescription& link) {
      return link.megabits_per_second == 0
                 ? 0
                 : groups(chip.format.control_packet_bits * 1'000'000, link.megabits_per_second);
    };
    CHECK(further(chip, east) ==
          2 * (chip.horizontal.latency.count() + serialized(chip.horizontal)));
    const ChipDescription board =
        chip_of(preset, {"grid.width=1", "grid.height=1", "board.columns=2"});
    CHECK(further(board, east) ==
          2 * (chip.board_link.latency.count() + serialized(chip.board_link)));
    CHECK(spike_energy({.readout_cores = {east}}, board) - spike_energy({}, board) ==
          aj(chip, Action::hop_board) +
              chip.format.spike_packet_bits * aj(chip, Action::board_link_bit));
  }
}

TEST_CASE("Round trip: a barrier takes its time and its messages for every step of the chain") {
  for (const std::string& preset : chip_preset_names()) {
    INFO(preset);
    // The first barrier would else pass while the host is still talking to the chip.
    std::vector<std::string> settings = {"synchronisation.kind=barrier", "host.latency=1 ps"};
    const ChipDescription chip = chip_of(preset, settings);
    settings.emplace_back("synchronisation.barrier_latency=0 ps");
    const ChipDescription at_once = chip_of(preset, settings);
    const MicroRun run = measure(MicroChain{}, chip);
    CHECK(run.barriers == 3);  // input, cells, readout
    CHECK(run.finished.count() - finish({}, at_once) ==
          3 * chip.synchronisation.barrier_latency.count());
    CHECK(aj(run.energy) - energy({}, chip_of(preset)) ==
          run.barriers * 2 * aj(chip, Action::barrier_message));  // two neurocores
  }
}

TEST_CASE("Round trip: attention costs what its operations cost by hand, in every realisation") {
  constexpr std::int64_t d = 8;
  constexpr std::int64_t s = 3;  // spikes of query, key and value
  for (const std::string& preset : chip_preset_names()) {
    const auto check = [&](const std::string& realisation, bool is_leaky, std::int64_t operations,
                           std::int64_t joules, std::int64_t memory_bits) {
      INFO(preset << " " << realisation << (is_leaky ? " leaky" : ""));
      const std::vector<std::string> setting = {"attention.realisation=" + realisation};
      const ChipDescription chip = chip_of(preset, setting);
      ChipDescription free = chip;
      for (std::size_t i = 0; i < action_kinds; ++i) {
        if (component_of(static_cast<Action>(i)) == ComponentKind::attention_unit) {
          free.energy[i] = Energy{};
        }
      }
      free.attention.operation_latency = Duration{0};
      const MicroAttention attention{.spikes = s, .head_dimension = d, .is_leaky = is_leaky};
      const MicroRun run = measure(attention, chip);
      const MicroRun without = measure(attention, free);
      CHECK(aj(run.energy) - aj(without.energy) ==
            joules + groups(memory_bits, chip.attention.word_bits) *
                         aj(chip, Action::attention_memory_word));
      CHECK((run.finished - without.finished).count() ==
            groups(operations, chip.attention.lanes) * chip.attention.operation_latency.count());
    };
    const ChipDescription chip = load_chip(preset);
    const auto of = [&](Action action) { return aj(chip, action); };
    const std::int64_t add = of(Action::attention_accumulate);
    constexpr std::int64_t count_bits = 9;  // up to 256 tokens
    check("state", false, s * s + s * d, s * s * of(Action::attention_state_update) + s * d * add,
          count_bits * (2 * s * s + s * d));
    check("score", false, d + s, d * of(Action::attention_and_popcount) + s * add, 4 * d);
    constexpr std::int64_t leaky_bits = 5;  // a shift of 4, no fraction, one bit of headroom
    check("state", true, s * s + s * d + d * d,
          s * s * of(Action::attention_state_update) + s * d * add +
              d * d * of(Action::attention_decay),
          leaky_bits * (2 * s * s + s * d + 2 * d * d));
  }
}

TEST_CASE("Round trip: a payload costs its packet and its addition, a normalization its product") {
  for (const std::string& preset : chip_preset_names()) {
    INFO(preset);
    const ChipDescription chip = chip_of(preset);
    const auto of = [&](Action action) { return aj(chip, action); };
    const std::int64_t more = aj(measure(MicroGraded{.width = 2}, chip).energy) -
                              aj(measure(MicroGraded{.width = 1}, chip).energy);
    CHECK(more == 3 * (of(Action::neuron_access) + of(Action::neuron_update)) +
                      of(Action::normalization_multiply) +
                      2 * (packet(chip) + of(Action::payload_accumulate)));
  }
}

TEST_CASE("Round trip: half the frequency doubles latencies, half the voltage quarters energies") {
  const std::string preset = "loihi-like";
  const auto nominal = measured_latencies(preset);
  const auto slow_cores = measured_latencies(preset, {"operating_point.neurocore_frequency=50 %"});
  const auto slow_links = measured_latencies(preset, {"operating_point.network_frequency=50 %"});
  for (const char* what : {"neuron", "64 synapses", "packet read", "packet sent"}) {
    CHECK(slow_cores.at(what) == 2 * nominal.at(what));
    CHECK(slow_links.at(what) == nominal.at(what));
  }
  CHECK(slow_links.at("hops east") == 2 * nominal.at("hops east"));
  CHECK(slow_cores.at("hops east") == nominal.at("hops east"));
  CHECK(slow_cores.at("host") == nominal.at("host"));

  const auto dear = measured_energies(chip_of(preset));
  const auto cheap = measured_energies(chip_of(preset, {"operating_point.neurocore_voltage=50 %"}));
  const auto cheap_links =
      measured_energies(chip_of(preset, {"operating_point.network_voltage=50 %"}));
  for (const char* what : {"8 synapses", "neuron", "spike"}) {
    CHECK(4 * cheap.at(what) == dear.at(what));
    CHECK(cheap_links.at(what) == dear.at(what));
  }
  for (const char* what : {"hop east", "hop south"}) {
    CHECK(4 * cheap_links.at(what) == dear.at(what));
    CHECK(cheap.at(what) == dear.at(what));
  }
}

}  // namespace synfire::test
