// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace synfire {

/// What a chip does and is charged for. The run counts actions; an energy table prices them
/// afterwards, so a finished recording can be priced again (after Accelergy).
enum class Action : std::uint8_t {
  axon_in,                 ///< a packet decoded by the neurocore that receives it
  synapse_memory_word,     ///< words of synapse memory read; 0 J where the operation includes it
  synaptic_operation,      ///< one synapse driven by one spike
  payload_accumulate,      ///< one graded payload added to an accumulator
  neuron_access,           ///< state of one neuron fetched in a time step
  neuron_update,           ///< dynamics of one neuron computed in a time step
  normalization_multiply,  ///< one integer multiplication of a normalization population
  spike_out,               ///< a neuron fires
  axon_out,                ///< a packet looked up in the axon table and composed
  local_link,              ///< a packet crosses the link between a neurocore and its router
  hop_horizontal,          ///< a packet crosses an east or west link, or one of no direction
  hop_vertical,            ///< a packet crosses a north or south link
  hop_board,               ///< a packet crosses a link between chips
  link_bit,                ///< bits of packets crossing a link between routers of a chip
  board_link_bit,          ///< bits of packets crossing a link between chips
  attention_and_popcount,  ///< bits of q AND k compared (score)
  attention_accumulate,    ///< additions of values to y (score), of state rows to y (state)
  attention_state_update,  ///< increments of the count matrix S by k v^T (state)
  attention_decay,         ///< entries of S decayed by shift and subtract (leaky)
  attention_memory_word,   ///< words of key, value or state memory read or written
  control_axon,            ///< end-of-step and step-credit packets composed or decoded
  control_hop,             ///< links crossed by end-of-step and step-credit packets
  barrier_message,         ///< a neurocore takes part in a global barrier
  host_bit,                ///< bits between host and chip
  // Of what does not spike: payloads that are multiplied, and dense twins (twin_simulation.hpp).
  multiply_accumulate,            ///< a weight times an activation, added: fetch, control, addition
  multiply_accumulate_bit,        ///< the same per bit of the activation: multiplication
  attention_multiply_accumulate,  ///< a product of attention operands, added
  function_evaluation,            ///< one exp, reciprocal, GELU or LayerNorm element
};
inline constexpr std::size_t action_kinds = 28;

/// snake_case name of an action, as it stands in chip files, recordings and JSON.
std::string_view to_string(Action action);

/// Kind of hardware that an action is charged to.
enum class ComponentKind : std::uint8_t { neurocore, attention_unit, network, host };
inline constexpr std::size_t component_kinds = 4;

/// True for what only dense parts of a network and dense twins do.
constexpr bool is_dense(Action action) {
  return action >= Action::multiply_accumulate;
}

std::string_view to_string(ComponentKind kind);
ComponentKind component_of(Action action);

/// How often each action happened. Adding counts is exact and commutes.
class ActionCounts {
 public:
  std::int64_t& operator[](Action action) { return counts_[static_cast<std::size_t>(action)]; }
  std::int64_t operator[](Action action) const { return counts_[static_cast<std::size_t>(action)]; }
  ActionCounts& operator+=(const ActionCounts& other) {
    for (std::size_t i = 0; i < action_kinds; ++i) counts_[i] += other.counts_[i];
    return *this;
  }
  bool operator==(const ActionCounts&) const = default;

 private:
  std::array<std::int64_t, action_kinds> counts_{};
};

}  // namespace synfire
