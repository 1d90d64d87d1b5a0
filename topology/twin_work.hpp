// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"
#include "topology/twin.hpp"

namespace synfire {

/// What a slice of a dense twin does for a token when all its inputs are there.
struct TwinWork {
  std::int64_t attention_products = 0;  ///< multiply-accumulates of attention operands
  std::int64_t decays = 0;              ///< leaky: entries of the state decayed
  std::int64_t memory_bits = 0;         ///< attention: keys and values, or state, read and written
  std::int64_t functions = 0;           ///< exp, reciprocal, GELU, LayerNorm elements
  std::int64_t accesses = 0;            ///< neurons whose state is fetched
  std::int64_t updates = 0;             ///< neurons updated: bias, threshold or requantisation
  std::int64_t multiplications = 0;     ///< of integer normalization
  bool operator==(const TwinWork&) const = default;
};

/// The work of dense twins by counting alone; p tokens have been seen before in the context.
///
/// Attention, of h heads of d neurons on a slice:
///   quantised, score  2 h d (p + 1) products (q . k and a . v), all keys and values read, two
///                     vectors written, b bits each
///   quantised, state  2 h d^2 products (k v^T and q S), leaky also h d^2 decays; entries of the
///                     state read and written as by the chip (AttentionWorkCounter), and wider,
///                     since an entry grows by up to T^2 where that of spikes grows by 1
///   artificial        as score, at 8 bits, and h (p + 1) exp and h reciprocals for the softmax
/// Functions of the artificial twin: one LayerNorm element for each neuron whose dense sums the
/// network normalises, be it by a population or folded into weights (populations fed by a dense
/// projection, but for those fed by the input and for the readout); one GELU for each neuron of a
/// population between two dense projections. It has no membranes: no state is fetched.
/// The input is a layer like any other: its product with the first weights is not replaced by a
/// look-up, which would be cheaper where it is one-hot.
class TwinRules {
 public:
  /// Keeps a reference to the network. `context` is the number of tokens that a state can count.
  TwinRules(const Network& network, TwinKind kind, const ChipDescription& chip,
            std::uint32_t context);

  /// Bits of one value that a neuron of the population sends: activations, or payloads of residual
  /// accumulators, normalizations and logits as wide as the chip's.
  std::int64_t value_bits(PopulationId population) const;
  std::int64_t activation_bits() const { return bits_; }

  /// The work of a slice for the token at `position` of its context.
  TwinWork work(const PopulationSlice& slice, std::uint32_t position) const;

 private:
  void add_attention(const PopulationSlice& slice, std::uint32_t position, TwinWork& work) const;
  std::int64_t functions_a_neuron(PopulationId id) const;

  const Network& network_;
  TwinKind kind_;
  AttentionRealisation realisation_;
  std::int64_t bits_;
  std::int64_t payload_bits_;
  std::uint32_t context_;
  std::vector<std::int64_t> functions_;  ///< of a neuron, per population
};

}  // namespace synfire
