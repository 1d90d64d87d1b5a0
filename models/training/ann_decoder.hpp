// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/training/decoder_shape.hpp"
#include "models/training/embedding.hpp"
#include "models/training/language_model.hpp"

namespace synfire::training {

/// A linear map with bias, and the gain and bias of a LayerNorm behind it.
struct LayerNormedLinear {
  at::Tensor weight;  ///< [out, in]
  at::Tensor bias;    ///< [out]
  at::Tensor gain;    ///< [out]
  at::Tensor offset;  ///< [out]
};

struct AnnBlock {
  LayerNormedLinear query, key, value, output;
  at::Tensor hidden_weight, hidden_bias;  ///< [hidden, E], [hidden]
  at::Tensor output_weight, output_bias;  ///< [E, hidden], [E]
};

/// Blocks without spikes: softmax attention, LayerNorm, GELU; no time steps. Spike degree 0, the
/// artificial twin, adds sinusoidal positions to a table of real numbers; degree 1 starts from the
/// spiking embedding.
///
/// Source  SpikeDecoder's non-spiking decoder: Q, K, V, O = LayerNorm(linear); MLP without norm.
///         Differs: `ngram` embeddings sum over the last `groups` tokens; with one group it is the
///         paper's table.
class AnnDecoder : public LanguageModel {
 public:
  AnnDecoder(const DecoderShape& shape, Precision precision, std::uint64_t seed);
  at::Tensor logits(const at::Tensor& tokens, const Pass& pass) override;
  const DecoderShape& shape() const { return shape_; }
  const TokenEmbedding& embedding() const { return embedding_; }
  const std::vector<AnnBlock>& blocks() const { return blocks_; }
  const at::Tensor& head_weight() const { return head_weight_; }
  const at::Tensor& head_bias() const { return head_bias_; }

 private:
  AnnDecoder(const DecoderShape& shape, Precision precision, Initialiser initialise);

  at::Tensor embed(const at::Tensor& tokens) const;
  at::Tensor attend(std::size_t index, const at::Tensor& x, const Pass& pass) const;
  at::Tensor apply(const LayerNormedLinear& layer, const at::Tensor& x) const;
  at::Tensor dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) const;
  void add_parameters();

  DecoderShape shape_;
  at::ScalarType type_;
  TokenEmbedding embedding_;
  std::vector<AnnBlock> blocks_;
  at::Tensor head_weight_;  ///< [vocabulary, E]
  at::Tensor head_bias_;    ///< [vocabulary]
};

}  // namespace synfire::training
