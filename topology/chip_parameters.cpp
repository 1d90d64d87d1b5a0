// SPDX-License-Identifier: Apache-2.0
#include "topology/chip_parameters.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace synfire {
namespace {

using Table = std::vector<Parameter<ChipDescription>>;

constexpr std::int64_t nanosecond = 1'000;
constexpr std::int64_t longest_latency = 1'000'000 * nanosecond;  // 1 ms
constexpr std::int64_t fastest_link = 1'000'000;                      // 1 PB/s
constexpr std::int64_t most_energy = 1'000'000'000'000'000;           // 1 mJ an action
constexpr std::int64_t most_static_power = 1'000'000'000'000;         // 1 kW
constexpr std::int64_t largest_memory = std::int64_t{8} << 40;        // 1 TiB a core
constexpr std::int64_t most_items = std::int64_t{1} << 24;            // neurons, axons, lanes
constexpr std::int64_t widest_grid = 1024;
constexpr std::int64_t largest_packet = 65536;
constexpr std::int64_t widest_integer = 64;

constexpr std::array<std::string_view, 2> realisation_names = {"score", "state"};
constexpr std::array<std::string_view, 2> synchronisation_names = {"dataflow", "barrier"};
constexpr Quantity realisation{"attention realisation", {}, realisation_names};
constexpr Quantity synchronisation{"synchronisation", {}, synchronisation_names};

void add_grid(Table& table) {
  table.push_back(make_parameter<ChipDescription>(
      {"grid.width", &quantity::tiles, 1, widest_grid, {}, "Tiles from west to east."},
      [](auto& chip) -> auto& { return chip.grid.width; }));
  table.push_back(make_parameter<ChipDescription>(
      {"grid.height", &quantity::tiles, 1, widest_grid, {}, "Tiles from north to south."},
      [](auto& chip) -> auto& { return chip.grid.height; }));
  table.push_back(make_parameter<ChipDescription>(
      {"grid.cores_per_tile",
       &quantity::neurocores,
       1,
       widest_grid,
       {},
       "Neurocores that share a tile's router."},
      [](auto& chip) -> auto& { return chip.grid.cores_per_tile; }));
}

void add_link(Table& table, const std::string& name, LinkDescription ChipDescription::*link,
              const std::string& meaning) {
  table.push_back(make_parameter<ChipDescription>(
      {"link." + name + ".latency",
       &quantity::time,
       1,
       longest_latency,
       {},
       "A packet's head over " + meaning + ", link and router together."},
      [link](auto& chip) -> auto& { return (chip.*link).latency; }));
  table.push_back(make_parameter<ChipDescription>(
      {"link." + name + ".bandwidth",
       &quantity::bandwidth,
       0,
       fastest_link,
       {},
       "Bytes that cross " + meaning + "; a packet holds the link for its length."},
      [link](auto& chip) -> auto& { return (chip.*link).bytes_per_nanosecond; }));
}

void add_neurocore_capacity(Table& table) {
  table.push_back(make_parameter<ChipDescription>(
      {"neurocore.neurons", &quantity::neurons, 1, most_items, {}, "Neurons that a core holds."},
      [](auto& chip) -> auto& { return chip.neurocore.neurons; }));
  table.push_back(make_parameter<ChipDescription>(
      {"neurocore.axons_in",
       &quantity::axons,
       1,
       most_items,
       {},
       "Distinct sources that can drive a core."},
      [](auto& chip) -> auto& { return chip.neurocore.axons_in; }));
  table.push_back(make_parameter<ChipDescription>(
      {"neurocore.synapse_memory",
       &quantity::memory,
       0,
       largest_memory,
       {},
       "Memory for weights, format.weight_width each."},
      [](auto& chip) -> auto& { return chip.neurocore.synapse_memory_bits; }));
  table.push_back(make_parameter<ChipDescription>(
      {"neurocore.synapse_lanes",
       &quantity::lanes,
       1,
       most_items,
       {},
       "Synaptic operations done at a time."},
      [](auto& chip) -> auto& { return chip.neurocore.synapse_lanes; }));
  table.push_back(make_parameter<ChipDescription>(
      {"neurocore.update_lanes", &quantity::lanes, 1, most_items, {}, "Neurons updated at a time."},
      [](auto& chip) -> auto& { return chip.neurocore.update_lanes; }));
}

void add_neurocore_latency(Table& table, const std::string& name,
                           Duration NeurocoreDescription::*latency, const std::string& sentence) {
  table.push_back(make_parameter<ChipDescription>(
      {"neurocore." + name, &quantity::time, 1, longest_latency, {}, sentence},
      [latency](auto& chip) -> auto& { return chip.neurocore.*latency; }));
}

void add_attention(Table& table) {
  table.push_back(make_parameter<ChipDescription>(
      {"attention.realisation", &realisation, 0, 1,
       static_cast<std::int64_t>(AttentionRealisation::state),
       "How the published attention is computed; leaky attention always uses state."},
      [](auto& chip) -> auto& { return chip.attention.realisation; }));
  table.push_back(make_parameter<ChipDescription>(
      {"attention.memory",
       &quantity::memory,
       0,
       largest_memory,
       {},
       "Memory of a core for keys and values, or states."},
      [](auto& chip) -> auto& { return chip.attention.memory_bits; }));
  table.push_back(make_parameter<ChipDescription>(
      {"attention.lanes",
       &quantity::lanes,
       1,
       most_items,
       {},
       "Operations (bits compared, additions) done at a time."},
      [](auto& chip) -> auto& { return chip.attention.lanes; }));
  table.push_back(make_parameter<ChipDescription>(
      {"attention.operation_latency",
       &quantity::time,
       0,
       longest_latency,
       {},
       "One group of attention.lanes operations."},
      [](auto& chip) -> auto& { return chip.attention.operation_latency; }));
}

void add_format(Table& table, const std::string& name, const Quantity& quantity,
                std::int64_t maximum, std::int64_t FormatDescription::*width,
                const std::string& sentence) {
  table.push_back(make_parameter<ChipDescription>(
      {"format." + name, &quantity, 1, maximum, {}, sentence}, [width](auto& chip) -> auto& {
        return chip.format.*width;
      }));
}

void add_synchronisation(Table& table) {
  table.push_back(make_parameter<ChipDescription>(
      {"synchronisation.kind", &synchronisation, 0, 1,
       static_cast<std::int64_t>(Synchronisation::dataflow),
       "dataflow: a population steps when its sources have ended the step; barrier: all together."},
      [](auto& chip) -> auto& { return chip.synchronisation.kind; }));
  table.push_back(make_parameter<ChipDescription>(
      {"synchronisation.window",
       &quantity::steps,
       1,
       widest_grid,
       {},
       "Time steps that a source may run ahead of its slowest destination."},
      [](auto& chip) -> auto& { return chip.synchronisation.window; }));
  table.push_back(make_parameter<ChipDescription>(
      {"synchronisation.barrier_latency",
       &quantity::time,
       0,
       longest_latency,
       {},
       "From the last neurocore's end of step to the next release."},
      [](auto& chip) -> auto& { return chip.synchronisation.barrier_latency; }));
}

void add_host_and_power(Table& table) {
  table.push_back(make_parameter<ChipDescription>(
      {"host.latency",
       &quantity::time,
       0,
       longest_latency,
       {},
       "Between host and chip, per transfer and direction."},
      [](auto& chip) -> auto& { return chip.host.latency; }));
  table.push_back(make_parameter<ChipDescription>(
      {"host.bandwidth", &quantity::bandwidth, 0, fastest_link, {}, "Bytes between host and chip."},
      [](auto& chip) -> auto& { return chip.host.bytes_per_nanosecond; }));
  table.push_back(make_parameter<ChipDescription>(
      {"static_power",
       &quantity::power,
       0,
       most_static_power,
       {},
       "Power of the whole chip that flows whatever happens."},
      [](auto& chip) -> auto& { return chip.static_power_nanowatts; }));
}

std::string energy_sentence(Action action) {
  switch (action) {
    case Action::axon_in:
      return "A packet decoded by the neurocore that receives it.";
    case Action::synaptic_operation:
      return "One synapse driven by one spike (fetch and add).";
    case Action::synapse_read_bit:
      return "A bit of synapse memory read; 0 J where synaptic_operation includes it.";
    case Action::payload_accumulate:
      return "One graded payload added to an accumulator.";
    case Action::neuron_access:
      return "State of one neuron fetched in a time step.";
    case Action::neuron_update:
      return "Dynamics of one neuron computed in a time step.";
    case Action::normalization_multiply:
      return "One integer multiplication of a normalization population.";
    case Action::spike_out:
      return "A neuron fires.";
    case Action::axon_out:
      return "A packet composed for one destination neurocore.";
    case Action::hop_horizontal:
      return "A packet crosses an east or west link.";
    case Action::hop_vertical:
      return "A packet crosses a north or south link.";
    case Action::link_byte:
      return "A byte crosses a link between routers.";
    case Action::attention_and_popcount:
      return "A bit of q AND k compared and counted (score).";
    case Action::attention_accumulate:
      return "An addition to y: of a value (score) or a state entry (state).";
    case Action::attention_state_update:
      return "An increment of the state by k v^T (state).";
    case Action::attention_decay:
      return "A state entry decayed by shift and subtract (leaky).";
    case Action::attention_memory_bit:
      return "A bit of attention memory read or written.";
    case Action::control_axon:
      return "An end-of-step or step-credit packet composed or decoded.";
    case Action::control_hop:
      return "A link crossed by an end-of-step or step-credit packet.";
    case Action::host_byte:
      return "A byte between host and chip.";
  }
  return {};
}

void add_energies(Table& table) {
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const auto action = static_cast<Action>(i);
    table.push_back(make_parameter<ChipDescription>(
        {"energy." + std::string(to_string(action)),
         &quantity::energy,
         0,
         most_energy,
         {},
         energy_sentence(action)},
        [i](auto& chip) -> auto& { return chip.energy[i]; }));
  }
}

Table make_table() {
  using Core = NeurocoreDescription;
  using Format = FormatDescription;
  Table table;
  add_grid(table);
  add_link(table, "horizontal", &ChipDescription::horizontal, "an east or west link");
  add_link(table, "vertical", &ChipDescription::vertical, "a north or south link");
  add_link(table, "local", &ChipDescription::local, "the link between a router and a neurocore");
  add_neurocore_capacity(table);
  add_neurocore_latency(table, "axon_in_latency", &Core::axon_in_latency, "Per packet received.");
  add_neurocore_latency(table, "synapse_latency", &Core::synapse_latency,
                        "Per group of synapse_lanes synapses.");
  add_neurocore_latency(table, "update_latency", &Core::update_latency,
                        "Per group of update_lanes neurons, access and update together.");
  add_neurocore_latency(table, "pipeline_latency", &Core::pipeline_latency,
                        "From the update of a neuron to its spike at the port.");
  add_neurocore_latency(table, "axon_out_latency", &Core::axon_out_latency, "Per packet sent.");
  add_attention(table);
  add_format(table, "weight_width", quantity::memory, widest_integer, &Format::weight_bits,
             "Signed weights.");
  add_format(table, "accumulator_width", quantity::memory, widest_integer,
             &Format::accumulator_bits, "Signed sums, membrane potentials and attention sums.");
  add_format(table, "payload_width", quantity::memory, widest_integer, &Format::payload_bits,
             "Signed payload of a graded packet.");
  add_format(table, "spike_packet", quantity::size, largest_packet, &Format::spike_packet_bytes,
             "Length of a packet that carries a spike.");
  add_format(table, "graded_packet", quantity::size, largest_packet, &Format::graded_packet_bytes,
             "Length of a packet that carries a payload.");
  add_format(table, "control_packet", quantity::size, largest_packet, &Format::control_packet_bytes,
             "Length of an end-of-step or step-credit packet.");
  add_synchronisation(table);
  add_host_and_power(table);
  add_energies(table);
  return table;
}

}  // namespace

std::span<const Parameter<ChipDescription>> chip_parameters() {
  static const Table table = make_table();
  return table;
}

std::string chip_reference() {
  std::string text;
  for (const auto& parameter : chip_parameters()) text += reference_line(parameter) + "\n";
  return text;
}

std::string_view to_string(AttentionRealisation kind) {
  return realisation_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Synchronisation kind) {
  return synchronisation_names[static_cast<std::size_t>(kind)];
}

}  // namespace synfire
