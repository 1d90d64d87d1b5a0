// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/spikedecoder/parameters.hpp"
#include "neurons/network.hpp"

namespace synfire {

/// SpikeDecoder as populations and projections.
///
/// Populations  embedding, residual0, per block b: block{b}.attention.input, .query, .key, .value,
///              block{b}.attention, residual{2b+1}, block{b}.mlp.input, .hidden, residual{2b+2};
///              head.input, readout. With NormalizationForm::population also X.norm in front of
///              each of query, key, value, mlp.hidden and of residual1 and later. Without
///              attention nothing of block{b}.attention is there, and the MLP of block b makes
///              residual{b+1}. Where spikes are added, block{b}.attention.output and .mlp.output.
///              Below degree 4, head.input passes the stream itself on, as payloads; below 3,
///              the populations of the MLP are activations; below 2, those of attention, too, and
///              block{b}.attention is softmax attention.
/// Source       Beger, Walter, Knoll, SpikeDecoder, arXiv 2606.12287: blocks of the strict form
///              (pre-activation, real-valued residual stream, concatenated head).
///              Differs: the embedding may show several tokens; leaky attention is ours.
/// Throws       ConfigError naming a population whose parameters have a wrong length.
Network build_decoder(const DecoderParameters& parameters);

}  // namespace synfire
