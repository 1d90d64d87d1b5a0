// SPDX-License-Identifier: Apache-2.0
#include "topology/chip_parameters.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace synfire {
namespace {

using Table = std::vector<Parameter<ChipDescription>>;

constexpr std::int64_t nanosecond = 1'000;
constexpr std::int64_t longest_latency = 1'000'000 * nanosecond;  // 1 ms
constexpr std::int64_t fastest_link = 8'000'000'000;              // 1 PB/s
constexpr std::int64_t most_energy = 1'000'000'000'000'000;       // 1 mJ an action
constexpr std::int64_t most_static_power = 1'000'000'000'000;     // 1 kW
constexpr std::int64_t largest_memory = std::int64_t{8} << 40;    // 1 TiB a core
constexpr std::int64_t most_items = std::int64_t{1} << 24;        // neurons, axons, lanes
constexpr std::int64_t widest_grid = 1024;
constexpr std::int64_t largest_packet = 65536 * 8;  // bits
constexpr std::int64_t most_channels = 8;
constexpr std::int64_t most_waiting = 1'000'000;                      // packets in a queue
constexpr std::int64_t widest_word = 65536;                           // bits of a memory word
constexpr std::int64_t largest_ratio = 10 * OperatingPoint::nominal;  // 1000 %
constexpr std::int64_t widest_integer = 64;

constexpr std::array<std::string_view, 6> topology_names = {"mesh", "torus",    "ring",
                                                            "tree", "crossbar", "graphml"};
constexpr std::array<std::string_view, 2> routing_names = {"xy", "shortest_path"};
constexpr std::array<std::string_view, 2> check_names = {"off", "strict"};
constexpr std::array<std::string_view, 2> flow_control_names = {"infinite", "credit"};
constexpr std::array<std::string_view, 2> multicast_names = {"unicast", "tree"};
constexpr std::array<std::string_view, 2> realisation_names = {"score", "state"};
constexpr std::array<std::string_view, 2> synchronisation_names = {"dataflow", "barrier"};
constexpr Quantity topology{"topology", {}, topology_names};
constexpr Quantity routing{"routing", {}, routing_names};
constexpr Quantity deadlock_check{"deadlock check", {}, check_names};
constexpr Quantity flow_control{"flow control", {}, flow_control_names};
constexpr Quantity multicast{"multicast", {}, multicast_names};
constexpr Quantity realisation{"attention realisation", {}, realisation_names};
constexpr Quantity synchronisation{"synchronisation", {}, synchronisation_names};

/// A key that a chip file may leave out.
template <typename Access>
void add_setting(Table& table, std::string key_path, const Quantity& quantity, std::int64_t minimum,
                 std::int64_t maximum, std::int64_t fallback, std::string sentence, Access access) {
  table.push_back(make_parameter<ChipDescription>(
      {std::move(key_path), &quantity, minimum, maximum, fallback, std::move(sentence)}, access));
}

void add_grid(Table& table) {
  add_setting(
      table, "grid.topology", topology, 0, std::int64_t{topology_names.size()} - 1, 0,
      "How tiles are linked; graphml: by the file grid.graph.",
      [](auto& chip) -> auto& { return chip.grid.topology; });
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
  add_setting(
      table, "grid.arity", quantity::children, 2, widest_grid, 4, "Children of a router of a tree.",
      [](auto& chip) -> auto& { return chip.grid.arity; });
  add_setting(
      table, "board.columns", quantity::chips, 1, widest_grid, 1,
      "Chips from west to east, each with such a grid.",
      [](auto& chip) -> auto& { return chip.board.columns; });
  add_setting(
      table, "board.rows", quantity::chips, 1, widest_grid, 1, "Chips from north to south.",
      [](auto& chip) -> auto& { return chip.board.rows; });
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
       "Bits that cross " + meaning + "; a packet holds the link for its length."},
      [link](auto& chip) -> auto& { return (chip.*link).megabits_per_second; }));
}

void add_network(Table& table) {
  add_setting(
      table, "routing.kind", routing, 0, 1, 0,
      "xy: first along the row, then along the column (mesh, torus); shortest_path: least "
      "latency (any topology).",
      [](auto& chip) -> auto& { return chip.routing.kind; });
  add_setting(
      table, "routing.virtual_channels", quantity::channels, 1, most_channels, 1,
      "Virtual channels of a link, with buffers of their own.",
      [](auto& chip) -> auto& { return chip.routing.virtual_channels; });
  add_setting(
      table, "routing.deadlock_check", deadlock_check, 0, 1, 1,
      "strict: with credit flow control, routes that can wait for each other are refused.",
      [](auto& chip) -> auto& { return chip.routing.is_checked; });
  add_setting(
      table, "flow_control.kind", flow_control, 0, 1, 0,
      "infinite: queues without limit; credit: finite buffers that push back.",
      [](auto& chip) -> auto& { return chip.flow_control.kind; });
  add_setting(
      table, "flow_control.buffer_depth", quantity::packets, 1, most_waiting, 4,
      "Packets that wait at a router, per input and virtual channel (credit).",
      [](auto& chip) -> auto& { return chip.flow_control.buffer_depth; });
  add_setting(
      table, "flow_control.credit_latency", quantity::time, 1, longest_latency, nanosecond,
      "From a freed place in a buffer to the sender that may use it (credit).",
      [](auto& chip) -> auto& { return chip.flow_control.credit_latency; });
  add_setting(
      table, "multicast.kind", multicast, 0, 1, 0,
      "unicast: a packet for each destination; tree: routers copy it where ways part.",
      [](auto& chip) -> auto& { return chip.multicast; });
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
      {"neurocore.synapse_word",
       &quantity::memory,
       1,
       widest_word,
       {},
       "Bits of synapse memory read at a time."},
      [](auto& chip) -> auto& { return chip.neurocore.synapse_word_bits; }));
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
  add_setting(
      table, "neurocore.input_queue", quantity::packets, 1, most_waiting, 4,
      "Packets that wait to be read (credit).",
      [](auto& chip) -> auto& { return chip.neurocore.input_queue; });
  add_setting(
      table, "neurocore.output_queue", quantity::packets, 1, most_waiting, 4,
      "Packets that wait to leave before the next neuron must wait, too (credit).",
      [](auto& chip) -> auto& { return chip.neurocore.output_queue; });
}

void add_neurocore_latency(Table& table, const std::string& name,
                           Duration NeurocoreDescription::*latency, const std::string& sentence,
                           std::int64_t least = 1) {
  table.push_back(make_parameter<ChipDescription>(
      {"neurocore." + name, &quantity::time, least, longest_latency, {}, sentence},
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
      {"attention.word",
       &quantity::memory,
       1,
       widest_word,
       {},
       "Bits of attention memory read or written at a time."},
      [](auto& chip) -> auto& { return chip.attention.word_bits; }));
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

void add_dense(Table& table) {
  add_setting(
      table, "dense.lanes", quantity::lanes, 1, most_items, 1,
      "Multiply-accumulates, or functions, of dense parts and dense twins done at a time.",
      [](auto& chip) -> auto& { return chip.dense.lanes; });
  add_setting(
      table, "dense.mac_latency", quantity::time, 0, longest_latency, 0,
      "One group of dense.lanes multiply-accumulates.",
      [](auto& chip) -> auto& { return chip.dense.mac_latency; });
  add_setting(
      table, "dense.function_latency", quantity::time, 0, longest_latency, 0,
      "One group of dense.lanes functions: exp, reciprocal, GELU, LayerNorm element.",
      [](auto& chip) -> auto& { return chip.dense.function_latency; });
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
      {"host.bandwidth", &quantity::bandwidth, 0, fastest_link, {}, "Bits between host and chip."},
      [](auto& chip) -> auto& { return chip.host.megabits_per_second; }));
  const auto add_static = [&](const char* part, auto StaticPowerDescription::*power,
                              const char* sentence) {
    table.push_back(make_parameter<ChipDescription>(
        {std::string("static_power.") + part, &quantity::power, 0, most_static_power, {}, sentence},
        [power](auto& chip) -> auto& { return chip.static_power.*power; }));
  };
  add_static("chip", &StaticPowerDescription::chip_nanowatts,
             "Power of a chip that flows whatever happens, beside its routers and neurocores.");
  add_static("router", &StaticPowerDescription::router_nanowatts, "The same of each router.");
  add_static("neurocore", &StaticPowerDescription::neurocore_nanowatts,
             "The same of each neurocore, used or not.");
}

void add_operating_point(Table& table) {
  const auto add = [&](const char* key, std::int64_t OperatingPoint::*part, const char* sentence) {
    add_setting(
        table, std::string("operating_point.") + key, quantity::ratio, 1'000, largest_ratio,
        OperatingPoint::nominal,
        sentence, [part](auto& chip) -> auto& { return chip.operating_point.*part; });
  };
  add("neurocore_frequency", &OperatingPoint::neurocore_frequency,
      "Of that at which the file's figures hold; latencies of neurocores go with 1 / f.");
  add("neurocore_voltage", &OperatingPoint::neurocore_voltage,
      "Of that at which the file's figures hold; dynamic energy of neurocores goes with V^2, "
      "static power with V.");
  add("network_frequency", &OperatingPoint::network_frequency,
      "As neurocore_frequency, of routers and links; bandwidth goes with f.");
  add("network_voltage", &OperatingPoint::network_voltage,
      "As neurocore_voltage, of routers and links.");
}

void add_faults(Table& table) {
  const auto add = [&](const char* key, const Quantity& quantity, std::int64_t maximum,
                       std::int64_t fallback, std::int64_t FaultDescription::*part,
                       const char* sentence) {
    add_setting(
        table, std::string("faults.") + key, quantity, 0, maximum, fallback,
        sentence, [part](auto& chip) -> auto& { return chip.faults.*part; });
  };
  using Faults = FaultDescription;
  add("seed", quantity::seed, most_items, 1, &Faults::seed, "Of all draws of faults.");
  add("drop_rate", quantity::rate, Faults::certain, 0, &Faults::drop_rate,
      "Packets lost on arrival at a neurocore or at the host, where a lost logit reads 0.");
  add("dead_links", quantity::links, most_items, 0, &Faults::dead_links,
      "Links between routers that lose what they are given.");
  add("dead_cores", quantity::neurocores, most_items, 0, &Faults::dead_cores,
      "Neurocores, of those in use, that take and send nothing.");
  add("stuck_silent_rate", quantity::rate, Faults::certain, 0, &Faults::stuck_silent_rate,
      "Spiking neurons that never fire.");
  add("stuck_firing_rate", quantity::rate, Faults::certain, 0, &Faults::stuck_firing_rate,
      "Spiking neurons that fire in every time step.");
  add("bit_flip_rate", quantity::rate, Faults::certain, 0, &Faults::bit_flip_rate,
      "Bits of synapse memory that are inverted.");
}

std::string energy_sentence(Action action) {
  switch (action) {
    case Action::axon_in:
      return "A packet decoded by the neurocore that receives it.";
    case Action::synapse_memory_word:
      return "A word of synapse memory read; 0 J where synaptic_operation includes it.";
    case Action::synaptic_operation:
      return "One synapse driven by one spike.";
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
      return "A packet looked up in the axon table and composed.";
    case Action::local_link:
      return "A packet crosses the link between a neurocore and its router.";
    case Action::hop_horizontal:
      return "A packet crosses an east or west link, or any link of a ring, tree or crossbar.";
    case Action::hop_vertical:
      return "A packet crosses a north or south link.";
    case Action::hop_board:
      return "A packet crosses a link between chips.";
    case Action::link_bit:
      return "A bit crosses a link between routers of a chip.";
    case Action::board_link_bit:
      return "A bit crosses a link between chips.";
    case Action::attention_and_popcount:
      return "A bit of q AND k compared and counted (score).";
    case Action::attention_accumulate:
      return "An addition to y: of a value (score) or a state entry (state).";
    case Action::attention_state_update:
      return "An increment of the state by k v^T (state).";
    case Action::attention_decay:
      return "A state entry decayed by shift and subtract (leaky).";
    case Action::attention_memory_word:
      return "A word of attention memory read or written.";
    case Action::control_axon:
      return "An end-of-step or step-credit packet composed or decoded.";
    case Action::control_hop:
      return "A link crossed by an end-of-step or step-credit packet.";
    case Action::barrier_message:
      return "A neurocore takes part in a global barrier.";
    case Action::host_bit:
      return "A bit between host and chip.";
    case Action::multiply_accumulate:
      return "A weight times an activation (dense parts, dense twins), added: fetch, control and "
             "addition.";
    case Action::multiply_accumulate_bit:
      return "The same per bit of the activation: its share of the multiplication.";
    case Action::attention_multiply_accumulate:
      return "A product of two operands of softmax attention, or of a dense twin's, added.";
    case Action::function_evaluation:
      return "An exp, reciprocal, look-up or LayerNorm element (dense parts, dense twins).";
  }
  return {};
}

void add_energies(Table& table) {
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const auto action = static_cast<Action>(i);
    std::optional<std::int64_t> fallback;
    if (is_dense(action)) fallback = 0;
    table.push_back(make_parameter<ChipDescription>(
        {"energy." + std::string(to_string(action)), &quantity::energy, 0, most_energy, fallback,
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
  add_link(table, "board", &ChipDescription::board_link, "a link between chips");
  add_network(table);
  add_neurocore_capacity(table);
  add_neurocore_latency(table, "axon_in_latency", &Core::axon_in_latency, "Per packet received.");
  add_neurocore_latency(table, "synapse_fetch_latency", &Core::synapse_fetch_latency,
                        "Per word of synapse memory; the next stage works while words arrive.", 0);
  add_neurocore_latency(table, "accumulate_latency", &Core::accumulate_latency,
                        "Per group of synapse_lanes synapses, or per graded payload.");
  add_neurocore_latency(table, "update_latency", &Core::update_latency,
                        "Per group of update_lanes neurons, access and update together.");
  add_neurocore_latency(table, "spike_out_latency", &Core::spike_out_latency,
                        "From the update of a neuron to its spike at the port.");
  add_neurocore_latency(table, "axon_out_latency", &Core::axon_out_latency,
                        "Per packet sent: look-up in the axon table, composition.");
  add_attention(table);
  add_dense(table);
  add_format(table, "weight_width", quantity::memory, widest_integer, &Format::weight_bits,
             "Signed weights.");
  add_format(table, "accumulator_width", quantity::memory, widest_integer,
             &Format::accumulator_bits, "Signed sums, membrane potentials and attention sums.");
  add_format(table, "payload_width", quantity::memory, widest_integer, &Format::payload_bits,
             "Signed payload of a graded packet.");
  add_format(table, "spike_packet", quantity::memory, largest_packet, &Format::spike_packet_bits,
             "Length of a packet that carries a spike.");
  add_format(table, "graded_packet", quantity::memory, largest_packet, &Format::graded_packet_bits,
             "Length of a packet that carries a payload.");
  add_format(table, "control_packet", quantity::memory, largest_packet,
             &Format::control_packet_bits, "Length of an end-of-step or step-credit packet.");
  add_synchronisation(table);
  add_host_and_power(table);
  add_operating_point(table);
  add_energies(table);
  add_faults(table);
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

std::string_view to_string(TopologyKind kind) {
  return topology_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(RoutingKind kind) {
  return routing_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(FlowControl kind) {
  return flow_control_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Multicast kind) {
  return multicast_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(AttentionRealisation kind) {
  return realisation_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Synchronisation kind) {
  return synchronisation_names[static_cast<std::size_t>(kind)];
}

}  // namespace synfire
