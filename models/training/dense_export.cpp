// SPDX-License-Identifier: Apache-2.0
#include "models/training/dense_export.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "models/training/dense_folding.hpp"
#include "models/training/export_parts.hpp"

namespace synfire::training {
namespace {

DecoderArchitecture architecture(const DecoderShape& shape) {
  const bool attends = shape.attention != Attention::none;
  DecoderArchitecture a =
      architecture_of(shape, attends ? NormalizationForm::layer : NormalizationForm::folded);
  a.time_steps = 1;
  a.attention.reset();
  a.fraction_bits = 0;
  if (attends) {
    a.attention = AttentionKind::published;
    a.fraction_bits = softmax_fraction_bits;
  }
  if (shape.spike_degree == 0) a.position_width = a.context;
  return a;
}

/// Rows of the table, below them those of the sinusoids that degree 0 adds: [width, inputs].
ResidualLayerParameters table_and_sinusoids(const AnnDecoder& decoder) {
  const DecoderShape& shape = decoder.shape();
  if (shape.spike_degree > 0) return embedding_of(decoder.embedding(), shape);
  const at::Tensor rows =
      at::cat({decoder.embedding().weight().detach(), sinusoids(shape.context, shape.width)}, 0);
  const at::Tensor by_channel = rows.t().contiguous();
  const at::Tensor bias = at::zeros({shape.width});
  return fold_into_residual({values(by_channel), values(bias)});
}

/// One block: what turns real layers between rounded activations into integer ones.
class BlockExport {
 public:
  BlockExport(const AnnDecoder& decoder, const Ranges& ranges, std::int64_t index)
      : shape_(decoder.shape()),
        block_(decoder.blocks()[static_cast<std::size_t>(index)]),
        ranges_(ranges),
        name_("block" + std::to_string(index)) {}

  BlockParameters block() const {
    BlockParameters to;
    if (shape_.attention != Attention::none) attention(to);
    const DenseMlp mlp{block_.hidden_weight, block_.hidden_bias, block_.output_weight,
                       block_.output_bias};
    fold_dense_mlp(mlp, ranges_, name_ + ".mlp", to);
    return to;
  }

 private:
  void attention(BlockParameters& to) const {
    const std::string name = name_ + ".attention";
    const at::Tensor magnitude = ranges_.magnitude(name + ".input").contiguous();
    const RoundedStream input = round_stream(values(magnitude));
    to.attention_rounded = input.activation;
    const double query = project(block_.query, input, name + ".query", to.dense_query);
    const double key = project(block_.key, input, name + ".key", to.dense_key);
    const double value = project(block_.value, input, name + ".value", to.dense_value);
    to.softmax = softmax_of(query * key / std::sqrt(static_cast<double>(shape_.head_dimension())));
    const double step = std::ldexp(value, -softmax_fraction_bits);
    const double largest = std::ldexp(largest_activation + 1, softmax_fraction_bits);
    const at::Tensor weight = (block_.output.weight.detach() * step).contiguous();
    NormedWeights out = normed(block_.output, weight, largest);
    to.attention_output.weights = std::move(out.weights);
    to.attention_output.normalization = std::move(out.normalization);
  }

  /// Into `to`; the step of what comes out.
  double project(const LayerNormedLinear& from, const RoundedStream& input, const std::string& name,
                 DenseLayerParameters& to) const {
    const at::Tensor step = at::tensor(input.step, at::kFloat);
    const at::Tensor weight = (from.weight.detach() * step).contiguous();
    NormedWeights layer = normed(from, weight, largest_activation + 1);
    const double magnitude = ranges_.magnitude(name).max().item<double>();
    const RoundedStream out = round_evenly(static_cast<std::size_t>(shape_.width), magnitude);
    to = {std::move(layer.weights), std::move(layer.normalization), out.activation};
    return out.step.front();
  }

  static NormedWeights normed(const LayerNormedLinear& from, const at::Tensor& weight,
                              double largest_input) {
    const at::Tensor bias = from.bias.detach();
    const at::Tensor gain = from.gain.detach();
    const at::Tensor offset = from.offset.detach();
    return normalize_by_layer({values(weight), values(bias)}, values(gain), values(offset),
                              norm_epsilon, largest_input);
  }

  const DecoderShape& shape_;
  const AnnBlock& block_;
  const Ranges& ranges_;
  std::string name_;
};

}  // namespace

IntegerDecoder to_integers(const AnnDecoder& decoder, const Ranges& ranges) {
  const DecoderShape& shape = decoder.shape();
  IntegerDecoder out;
  out.parameters.architecture = architecture(shape);
  out.parameters.embedding = table_and_sinusoids(decoder);
  for (std::int64_t b = 0; b < shape.blocks; ++b) {
    out.parameters.blocks.push_back(BlockExport(decoder, ranges, b).block());
  }
  const at::Tensor weight = decoder.head_weight().detach();
  const at::Tensor bias = decoder.head_bias().detach();
  set_dense_head({values(weight), values(bias)}, out);
  return out;
}

Model to_model(const AnnDecoder& decoder, const Alphabet& alphabet, const Ranges& ranges) {
  const IntegerDecoder integers = to_integers(decoder, ranges);
  Model model = model_of(integers, decoder.embedding(), decoder.shape(), alphabet);
  if (decoder.shape().spike_degree > 0) return model;
  model.text.position_code = bits(at::eye(decoder.shape().context));
  return model;
}

}  // namespace synfire::training
