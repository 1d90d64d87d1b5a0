// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/model_file.hpp"
#include "models/spikedecoder/parameters.hpp"
#include "models/tokenizer.hpp"

namespace synfire::test {

/// A decoder with random weights in which every population fires: thresholds are set, layer by
/// layer, so that rates over a random text lie between about 10 and 40 %.
struct RandomDecoder {
  DecoderParameters parameters;
  Model model;
};

/// A small random shape: 1-4 steps, 1-3 blocks, 1-4 heads of 4-12 dimensions, 1-3 groups, with or
/// without position code, either attention, any norm, either firing rule, any residual form; some
/// with a joint code, some of spike degree 1 to 3.
DecoderArchitecture random_architecture(std::uint64_t seed);

/// The same with spikes in every part and without LayerNorm, as dense twins can be made of.
DecoderArchitecture all_spiking(DecoderArchitecture architecture);

/// The same without LayerNorm, no part of which fits a small neurocore.
DecoderArchitecture without_layer_norm(DecoderArchitecture architecture);

/// The same without attention, and without the spikes that only attention could add.
DecoderArchitecture without_attention(DecoderArchitecture architecture);

/// A random decoder of the given shape; its alphabet is ` etaoinshrdlucmfwypvbgkjqxz.'` cut at
/// the vocabulary (29 at most). The embedding is one-to-one where the input is as wide as E.
RandomDecoder random_decoder(std::uint64_t seed, const DecoderArchitecture& architecture);

/// A random decoder of random_architecture(seed).
RandomDecoder random_decoder(std::uint64_t seed);

/// `count` tokens, uniform over the vocabulary.
std::vector<Token> random_tokens(std::uint64_t seed, std::size_t vocabulary, std::size_t count);

}  // namespace synfire::test
