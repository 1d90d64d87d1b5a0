// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/training/decoder_shape.hpp"
#include "models/training/embedding.hpp"
#include "models/training/functions.hpp"
#include "models/training/language_model.hpp"
#include "models/training/normed_linear.hpp"

namespace synfire::training {

struct SpikingBlock {
  NormedLinear query_key_value;  ///< [3 E, E]
  at::Tensor attention_gain;     ///< [E], the reciprocal of the attention's threshold
  NormedLinear attention_output;
  NormedLinear hidden;
  NormedLinear output;
};

/// SpikeDecoder with spiking attention: spike degrees 2 to 4 of `DecoderShape`, and every other
/// switch of it. Degree 4 with the defaults is the strict form that chips run.
///
/// Source  Beger, Walter, Knoll: SpikeDecoder, arXiv 2606.12287. Differs: a learned threshold
///         divides the current instead of moving the threshold, which changes its gradient's scale
///         only.
class SpikingDecoder : public LanguageModel {
 public:
  SpikingDecoder(const DecoderShape& shape, Precision precision, std::uint64_t seed);
  at::Tensor logits(const at::Tensor& tokens, const Pass& pass) override;

  const DecoderShape& shape() const { return shape_; }
  const TokenEmbedding& embedding() const { return embedding_; }
  const std::vector<SpikingBlock>& blocks() const { return blocks_; }
  const at::Tensor& head_weight() const { return head_weight_; }
  const at::Tensor& head_bias() const { return head_bias_; }
  /// What divides the current of each of a population's channels, its learned threshold; undefined:
  /// nothing does.
  at::Tensor divisor(const std::string& population, std::int64_t channels) const;

  /// Whether a block's attention adds spikes to the stream, and whether MLPs do.
  bool adds_spikes(std::int64_t block) const;
  bool mlp_adds_spikes() const;

 private:
  SpikingDecoder(const DecoderShape& shape, Precision precision, Initialiser initialise);

  /// The residual stream [tokens, steps, E], and the spikes of a LIF on it where these are known.
  struct Flow {
    at::Tensor stream;
    at::Tensor spikes;
  };
  Flow attention(std::int64_t index, Flow flow, std::int64_t windows, const Pass& pass);
  Flow spiking_mlp(std::int64_t index, Flow flow, const Pass& pass);
  Flow dense_mlp(std::int64_t index, const Flow& flow, const Pass& pass);
  at::Tensor attend(std::int64_t index, const at::Tensor& spikes, std::int64_t windows,
                    const Pass& pass);
  /// Sums into `residual` if defined. An empty name: no LIF behind it.
  Flow apply(NormedLinear& layer, const at::Tensor& spikes, const at::Tensor& residual,
             const Pass& pass, const std::string& population);
  Flow apply_layer_norm(const NormedLinear& layer, const at::Tensor& x, const at::Tensor& residual,
                        const Pass& pass, const std::string& population);
  at::Tensor fire(const at::Tensor& current, const Pass& pass, const std::string& population);
  at::Tensor head(const Flow& flow, std::int64_t windows, const Pass& pass);
  Dropout next_dropout(const Pass& pass);
  Statistics statistics(const Pass& pass) const;
  void observe(const std::string& population, const at::Tensor& spikes, const Pass& pass);
  void observe_attention(const std::string& name, const at::Tensor& query_key_value,
                         const AttentionShape& shape, const Pass& pass);
  std::string stream_population(std::int64_t block) const;
  void add_parameters();
  void add(const std::string& name, NormedLinear& layer);
  void add_threshold(const std::string& population, std::int64_t count = 1);

  DecoderShape shape_;
  at::ScalarType type_;
  TokenEmbedding embedding_;
  std::vector<SpikingBlock> blocks_;
  at::Tensor head_weight_;  ///< [vocabulary, E], or [vocabulary, steps * E] if concatenated
  at::Tensor head_bias_;    ///< [vocabulary]
  std::map<std::string, at::Tensor> thresholds_;
  std::uint32_t masks_ = 0;  ///< dropout masks drawn in this pass
};

}  // namespace synfire::training
