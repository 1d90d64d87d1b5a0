// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "models/training/decoder_shape.hpp"
#include "models/training/functions.hpp"
#include "models/training/language_model.hpp"

namespace synfire::training {

/// A linear map without bias, then a normalization with gain and bias.
struct NormedLinear {
  at::Tensor weight;  ///< [out, in]
  at::Tensor gain;    ///< [out]
  at::Tensor bias;    ///< [out]
  NormState state;
};

/// Gain, bias and statistics as one scale and shift per channel.
struct FoldedNorm {
  at::Tensor scale;
  at::Tensor shift;
};
FoldedNorm folded_norm(const NormedLinear& layer);

struct SpikingBlock {
  NormedLinear query_key_value;  ///< [3 E, E]
  at::Tensor attention_gain;     ///< [E], the reciprocal of the attention's threshold
  NormedLinear attention_output;
  NormedLinear hidden;
  NormedLinear output;
};

/// The strict SpikeDecoder: n-gram spike embedding, blocks of spiking attention and MLP around a
/// real-valued residual stream, spiking head whose steps are concatenated.
///
/// Source  Beger, Walter, Knoll: SpikeDecoder, arXiv 2606.12287. Differs: the embedding shows the
///         last `groups` tokens as one-hot spikes; `leaky` attention forgets by a power of two per
///         token; its gain is learned per channel.
class SpikingDecoder : public LanguageModel {
 public:
  SpikingDecoder(const DecoderShape& shape, Precision precision, std::uint64_t seed);
  at::Tensor logits(const at::Tensor& tokens, const Pass& pass) override;

  const DecoderShape& shape() const { return shape_; }
  const at::Tensor& embedding_weight() const { return embedding_weight_; }
  const at::Tensor& embedding_bias() const { return embedding_bias_; }
  const std::vector<SpikingBlock>& blocks() const { return blocks_; }
  const at::Tensor& head_weight() const { return head_weight_; }
  const at::Tensor& head_bias() const { return head_bias_; }

 private:
  at::Tensor embed(const at::Tensor& tokens, const Pass& pass) const;
  NormLifResult apply(NormedLinear& layer, const at::Tensor& spikes, const at::Tensor& residual,
                      const Pass& pass, const std::string& population);
  at::Tensor attend(std::int64_t index, const at::Tensor& spikes, std::int64_t windows,
                    const Pass& pass);
  Statistics statistics(const Pass& pass) const;
  void observe(const std::string& population, const at::Tensor& spikes, const Pass& pass);
  void add_parameters();
  void add(const std::string& name, NormedLinear& layer);

  DecoderShape shape_;
  at::ScalarType type_;
  at::Tensor embedding_weight_;  ///< [groups * vocabulary, E]
  at::Tensor embedding_bias_;    ///< [E]
  std::vector<SpikingBlock> blocks_;
  at::Tensor head_weight_;   ///< [vocabulary, steps * E]
  at::Tensor head_bias_;     ///< [vocabulary]
  std::uint32_t masks_ = 0;  ///< dropout masks drawn in this pass
};

}  // namespace synfire::training
