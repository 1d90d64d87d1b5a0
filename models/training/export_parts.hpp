// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/training/calibration.hpp"
#include "models/training/embedding.hpp"
#include "models/training/export.hpp"
#include "models/training/folding.hpp"

namespace synfire::training {

/// What exports of spiking and of artificial blocks share.

inline std::span<const float> values(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

/// Ones where the code is not 0.
std::vector<std::uint8_t> bits(const at::Tensor& code);

/// Sizes and kinds, as far as a shape says them.
DecoderArchitecture architecture_of(const DecoderShape& shape, NormalizationForm form);

/// A table of rows, or bits that are the stream themselves.
ResidualLayerParameters embedding_of(const TokenEmbedding& embedding, const DecoderShape& shape);

/// Linear, GELU, linear. Shapes  [hidden, E], [hidden], [E, hidden], [E].
struct DenseMlp {
  at::Tensor hidden_weight, hidden_bias, output_weight, output_bias;
};
/// `name`: of the block's MLP in `ranges`.
void fold_dense_mlp(const DenseMlp& mlp, const Ranges& ranges, const std::string& name,
                    BlockParameters& to);

/// Readout weights of all time steps [vocabulary][steps * E] and biases, behind a stream that does
/// not spike: as fine as sums of 32 bits allow, in steps of 2^(shift - f).
///
/// Throws  ConfigError if not even steps of 1 fit.
void set_dense_head(const RealLayer& readout, IntegerDecoder& out);

/// The integers as a network, with the code of the alphabet's symbols.
Model model_of(const IntegerDecoder& integers, const TokenEmbedding& embedding,
               const DecoderShape& shape, const Alphabet& alphabet);

}  // namespace synfire::training
