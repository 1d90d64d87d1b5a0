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
};
static_assert(static_cast<std::size_t>(Action::host_bit) + 1 == action_kinds);

}  // namespace

std::string_view to_string(Action action) {
  return names[static_cast<std::size_t>(action)];
}

}  // namespace synfire
