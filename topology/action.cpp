// SPDX-License-Identifier: Apache-2.0
#include "topology/action.hpp"

namespace synfire {
namespace {

constexpr std::array<std::string_view, action_kinds> names = {
    "axon_in",
    "synapse_memory_word",
    "synaptic_operation",
    "payload_accumulate",
    "neuron_access",
    "neuron_update",
    "normalization_multiply",
    "spike_out",
    "axon_out",
    "local_link",
    "hop_horizontal",
    "hop_vertical",
    "hop_board",
    "link_bit",
    "board_link_bit",
    "attention_and_popcount",
    "attention_accumulate",
    "attention_state_update",
    "attention_decay",
    "attention_memory_word",
    "control_axon",
    "control_hop",
    "barrier_message",
    "host_bit",
    "multiply_accumulate",
    "multiply_accumulate_bit",
    "attention_multiply_accumulate",
    "function_evaluation",
};
static_assert(static_cast<std::size_t>(Action::function_evaluation) + 1 == action_kinds);

}  // namespace

std::string_view to_string(Action action) {
  return names[static_cast<std::size_t>(action)];
}

std::string_view to_string(ComponentKind kind) {
  switch (kind) {
    case ComponentKind::neurocore:
      return "neurocores";
    case ComponentKind::attention_unit:
      return "attention_units";
    case ComponentKind::network:
      return "network";
    case ComponentKind::host:
      return "host";
  }
  return "unknown";
}

ComponentKind component_of(Action action) {
  switch (action) {
    case Action::local_link:
    case Action::hop_horizontal:
    case Action::hop_vertical:
    case Action::hop_board:
    case Action::link_bit:
    case Action::board_link_bit:
    case Action::control_hop:
    case Action::barrier_message:
      return ComponentKind::network;
    case Action::attention_and_popcount:
    case Action::attention_accumulate:
    case Action::attention_state_update:
    case Action::attention_decay:
    case Action::attention_memory_word:
    case Action::attention_multiply_accumulate:
      return ComponentKind::attention_unit;
    case Action::host_bit:
      return ComponentKind::host;
    default:
      return ComponentKind::neurocore;
  }
}

}  // namespace synfire
