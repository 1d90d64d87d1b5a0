// SPDX-License-Identifier: Apache-2.0
#include "topology/action.hpp"

namespace synfire {
namespace {

constexpr std::array<std::string_view, action_kinds> names = {
    "axon_in",
    "synaptic_operation",
    "synapse_read_bit",
    "payload_accumulate",
    "neuron_access",
    "neuron_update",
    "normalization_multiply",
    "spike_out",
    "axon_out",
    "hop_horizontal",
    "hop_vertical",
    "link_byte",
    "attention_and_popcount",
    "attention_accumulate",
    "attention_state_update",
    "attention_decay",
    "attention_memory_bit",
    "control_axon",
    "control_hop",
    "host_byte",
};
static_assert(static_cast<std::size_t>(Action::host_byte) + 1 == action_kinds);

}  // namespace

std::string_view to_string(Action action) {
  return names[static_cast<std::size_t>(action)];
}

}  // namespace synfire
