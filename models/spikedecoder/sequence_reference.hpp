// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "models/spikedecoder/parameters.hpp"
#include "models/spikedecoder/sequence_layers.hpp"

namespace synfire {

/// What every population of a decoder did over a whole sequence.
struct SequenceActivity {
  std::map<std::string, SequenceTensor> spikes;    ///< by population name: input, LIF, attention
  std::map<std::string, SequenceTensor> payloads;  ///< residuals and normalizations
  std::vector<std::vector<std::int64_t>> logits;   ///< [token][vocabulary]
};

/// Dense integer reference of a decoder, whole sequence at once, as its equations are written:
/// causal attention over matrices of all positions, T steps inside each layer.
///
/// Takes nothing from the token-by-token machinery (Network, NetworkReference), so that the two
/// can be compared.
/// Shapes  input_spikes: per token, ascending ids of the input population's neurons that fire in
///         every step.
/// Source  Beger, Walter, Knoll, SpikeDecoder, arXiv 2606.12287; leaky attention is ours.
SequenceActivity run_sequence(const DecoderParameters& parameters,
                              std::span<const std::vector<std::uint32_t>> input_spikes);

}  // namespace synfire
