// SPDX-License-Identifier: Apache-2.0
#include "models/training/export.hpp"

#include <utility>

#include "models/corpus.hpp"
#include "models/training/folding.hpp"

namespace synfire::training {
namespace {

std::span<const float> values(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

/// A layer with its normalization multiplied in; keeps the tensors that the view points to.
struct FoldedLayer {
  at::Tensor weight;
  at::Tensor shift;

  explicit FoldedLayer(const NormedLinear& layer) {
    const FoldedNorm norm = folded_norm(layer);
    weight = (layer.weight * norm.scale.unsqueeze(1)).detach().contiguous();
    shift = norm.shift.detach().contiguous();
  }
  RealLayer rows(std::int64_t begin, std::int64_t end) const {
    const std::int64_t in = weight.size(1);
    return {values(weight).subspan(begin * in, (end - begin) * in),
            values(shift).subspan(begin, end - begin)};
  }
  RealLayer all() const { return rows(0, shift.size(0)); }
};

/// Folds or keeps normalizations, as the form says.
struct Folder {
  NormalizationForm form;

  SpikingLayerParameters lif(const RealLayer& layer) const {
    return form == NormalizationForm::folded ? fold_into_lif(layer) : normalize_into_lif(layer);
  }
  ResidualLayerParameters residual(const RealLayer& layer) const {
    return form == NormalizationForm::folded ? fold_into_residual(layer)
                                             : normalize_into_residual(layer);
  }
};

DecoderArchitecture architecture(const DecoderShape& shape, NormalizationForm form) {
  DecoderArchitecture a;
  a.time_steps = static_cast<std::uint32_t>(shape.steps);
  a.blocks = static_cast<std::uint32_t>(shape.blocks);
  a.embedding = static_cast<std::uint32_t>(shape.width);
  a.heads = static_cast<std::uint32_t>(shape.heads());
  a.hidden = static_cast<std::uint32_t>(shape.hidden);
  a.vocabulary = static_cast<std::uint32_t>(shape.vocabulary);
  a.context = static_cast<std::uint32_t>(shape.context);
  a.groups = static_cast<std::uint32_t>(shape.groups);
  a.code_width = a.vocabulary;
  a.normalization = form;
  if (shape.attention == Attention::none) a.attention.reset();
  if (shape.attention == Attention::leaky) {
    a.attention = AttentionKind::leaky;
    a.fraction_bits = attention_fraction_bits;
  }
  return a;
}

ResidualLayerParameters embedding(const SpikingDecoder& decoder) {
  const at::Tensor by_channel = decoder.embedding_weight().detach().t().contiguous();
  const at::Tensor bias = decoder.embedding_bias().detach();
  return fold_into_residual({values(by_channel), values(bias)});
}

void fold_attention(const SpikingBlock& from, const DecoderShape& shape, const Folder& folder,
                    BlockParameters& to) {
  const FoldedLayer qkv(from.query_key_value);
  to.attention_input = stream_lif(static_cast<std::size_t>(shape.width));
  to.query = folder.lif(qkv.rows(0, shape.width));
  to.key = folder.lif(qkv.rows(shape.width, 2 * shape.width));
  to.value = folder.lif(qkv.rows(2 * shape.width, 3 * shape.width));
  const bool leaky = shape.attention == Attention::leaky;
  if (leaky) to.decay_shift.assign(shape.decay_shift.begin(), shape.decay_shift.end());
  to.attention_threshold = attention_threshold(values(from.attention_gain.detach()),
                                               leaky ? attention_fraction_bits : 0);
  to.attention_output = folder.residual(FoldedLayer(from.attention_output).all());
}

BlockParameters block(const SpikingBlock& from, const DecoderShape& shape, const Folder& folder) {
  BlockParameters to;
  if (shape.attention != Attention::none) fold_attention(from, shape, folder, to);
  to.mlp_input = stream_lif(static_cast<std::size_t>(shape.width));
  to.mlp_hidden = folder.lif(FoldedLayer(from.hidden).all());
  to.mlp_output = folder.residual(FoldedLayer(from.output).all());
  return to;
}

}  // namespace

IntegerDecoder to_integers(const SpikingDecoder& decoder, NormalizationForm form) {
  const DecoderShape& shape = decoder.shape();
  IntegerDecoder out;
  out.parameters.architecture = architecture(shape, form);
  out.parameters.embedding = embedding(decoder);
  for (const SpikingBlock& from : decoder.blocks()) {
    out.parameters.blocks.push_back(block(from, shape, Folder{form}));
  }
  out.parameters.head_input = stream_lif(static_cast<std::size_t>(shape.width));
  IntegerReadout readout =
      round_readout(values(decoder.head_weight().detach()), values(decoder.head_bias().detach()));
  out.parameters.readout_weights = std::move(readout.weights);
  out.parameters.readout_bias = std::move(readout.bias);
  out.logit_scale = readout.logit_scale;
  return out;
}

Model to_model(const IntegerDecoder& decoder) {
  const DecoderArchitecture& a = decoder.parameters.architecture;
  TextInterface text;
  text.alphabet = std::string(character_alphabet);
  text.context = a.context;
  text.groups = a.groups;
  text.width = a.code_width;
  text.logit_scale = decoder.logit_scale;
  for (std::uint32_t g = 0; g < a.groups; ++g) {
    for (std::uint32_t token = 0; token < a.vocabulary; ++token) {
      for (std::uint32_t bit = 0; bit < a.code_width; ++bit) text.code.push_back(token == bit);
    }
  }
  return {build_decoder(decoder.parameters), std::move(text), describe(a), {}, {}};
}

}  // namespace synfire::training
