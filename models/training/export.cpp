// SPDX-License-Identifier: Apache-2.0
#include "models/training/export.hpp"

#include <string>
#include <utility>

#include "models/training/dense_folding.hpp"
#include "models/training/export_parts.hpp"
#include "models/training/folding.hpp"

namespace synfire::training {
namespace {

/// A layer with its normalization multiplied in; keeps the tensors that the view points to.
struct FoldedLayer {
  at::Tensor weight;
  at::Tensor shift;

  /// `divisor`: of the outputs [out], undefined: none.
  explicit FoldedLayer(const NormedLinear& layer, const at::Tensor& divisor = {}) {
    const FoldedNorm norm = folded_norm(layer);
    const at::Tensor factor = divisor.defined() ? divisor.reciprocal() : at::ones_like(norm.scale);
    weight = (layer.weight * (norm.scale * factor).unsqueeze(1)).detach().contiguous();
    shift = (norm.shift * factor).detach().contiguous();
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
    return form == NormalizationForm::folded ? fold_into_residual(layer, folded_scale)
                                             : normalize_into_residual(layer);
  }
};

/// Readout weights of every time step, whichever way the head joins them: [vocabulary, T * E].
at::Tensor readout_of_steps(const SpikingDecoder& decoder) {
  const DecoderShape& shape = decoder.shape();
  const at::Tensor weight = decoder.head_weight().detach();
  if (shape.head == HeadForm::concatenate) return weight;
  at::Tensor factor = at::zeros({shape.steps, 1});
  if (shape.head == HeadForm::average) factor.fill_(1.0 / static_cast<double>(shape.steps));
  if (shape.head == HeadForm::accumulate) factor.fill_(1.0);
  if (shape.head == HeadForm::final) factor[shape.steps - 1].fill_(1.0);
  return (weight.unsqueeze(1) * factor).flatten(1).contiguous();
}

/// What turns the blocks of a trained decoder into those of an integer one.
class BlockExport {
 public:
  BlockExport(const SpikingDecoder& decoder, NormalizationForm form, const Ranges& ranges)
      : decoder_(decoder), shape_(decoder.shape()), folder_{form}, ranges_(ranges) {}

  BlockParameters block(std::int64_t index) const {
    const SpikingBlock& from = decoder_.blocks()[index];
    const std::string name = "block" + std::to_string(index);
    BlockParameters to;
    if (shape_.attention != Attention::none) fold_attention(index, to);
    if (shape_.spike_degree < 3) {
      const DenseMlp mlp{from.hidden.weight, from.hidden.linear_bias, from.output.weight,
                         from.output.linear_bias};
      fold_dense_mlp(mlp, ranges_, name + ".mlp", to);
      return to;
    }
    to.mlp_input = stream(name + ".mlp.input");
    to.mlp_hidden = spiking(from.hidden, name + ".mlp.hidden");
    if (decoder_.mlp_adds_spikes()) {
      to.mlp_spikes = spiking(from.output, name + ".mlp.output");
    } else {
      to.mlp_output = residual(from.output);
    }
    return to;
  }

  LifLayerParameters stream(const std::string& population) const {
    const at::Tensor divisor = decoder_.divisor(population, shape_.width);
    const double threshold = divisor.defined() ? divisor[0].item<double>() : 1.0;
    return stream_lif(static_cast<std::size_t>(shape_.width), threshold);
  }

 private:
  SpikingLayerParameters spiking(const NormedLinear& from, const std::string& population) const {
    const std::int64_t out = from.weight.size(0);
    const at::Tensor divisor = decoder_.divisor(population, out);
    if (shape_.norm == Norm::layer) return layer_normed(from, divisor, 0, out);
    return folder_.lif(FoldedLayer(from, divisor).all());
  }

  ResidualLayerParameters residual(const NormedLinear& from) const {
    if (shape_.norm != Norm::layer) return folder_.residual(FoldedLayer(from).all());
    NormedWeights normed = normed_rows(from, {}, 0, from.weight.size(0));
    return {.weights = std::move(normed.weights), .normalization = std::move(normed.normalization)};
  }

  /// Rows [begin, end) of a layer, which LayerNorm normalises on their own; a learned threshold
  /// divides what comes out.
  static NormedWeights normed_rows(const NormedLinear& from, const at::Tensor& divisor,
                                   std::int64_t begin, std::int64_t end) {
    constexpr double spike = 1.0;
    const at::Tensor by = divisor.defined() ? divisor : at::ones_like(from.gain);
    const auto part = [&](const at::Tensor& all) {
      return all.slice(0, begin, end).detach().contiguous();
    };
    const at::Tensor weight = part(from.weight);
    const at::Tensor linear =
        part(from.linear_bias.defined() ? from.linear_bias : at::zeros_like(from.gain));
    const at::Tensor gain = part(from.gain / by);
    const at::Tensor offset = part(from.bias / by);
    return normalize_by_layer({values(weight), values(linear)}, values(gain), values(offset),
                              norm_epsilon, spike);
  }

  SpikingLayerParameters layer_normed(const NormedLinear& from, const at::Tensor& divisor,
                                      std::int64_t begin, std::int64_t end) const {
    NormedWeights normed = normed_rows(from, divisor, begin, end);
    return {std::move(normed.weights), std::move(normed.normalization),
            stream_lif(static_cast<std::size_t>(end - begin))};
  }

  void fold_attention(std::int64_t index, BlockParameters& to) const {
    const SpikingBlock& from = decoder_.blocks()[index];
    const std::string name = "block" + std::to_string(index) + ".attention";
    const std::int64_t e = shape_.width;
    const at::Tensor divisor = decoder_.divisor(name + ".query_key_value", 3 * e);
    to.attention_input = stream(name + ".input");
    if (shape_.norm == Norm::layer) {
      to.query = layer_normed(from.query_key_value, divisor, 0, e);
      to.key = layer_normed(from.query_key_value, divisor, e, 2 * e);
      to.value = layer_normed(from.query_key_value, divisor, 2 * e, 3 * e);
    } else {
      const FoldedLayer qkv(from.query_key_value, divisor);
      to.query = folder_.lif(qkv.rows(0, e));
      to.key = folder_.lif(qkv.rows(e, 2 * e));
      to.value = folder_.lif(qkv.rows(2 * e, 3 * e));
    }
    const bool leaky = shape_.attention == Attention::leaky;
    if (leaky) to.decay_shift.assign(shape_.decay_shift.begin(), shape_.decay_shift.end());
    to.attention_threshold = attention_threshold(values(from.attention_gain.detach()),
                                                 leaky ? attention_fraction_bits : 0);
    if (decoder_.adds_spikes(index)) {
      to.attention_spikes = spiking(from.attention_output, name + ".output");
    } else {
      to.attention_output = residual(from.attention_output);
    }
  }

  const SpikingDecoder& decoder_;
  const DecoderShape& shape_;
  Folder folder_;
  const Ranges& ranges_;
};

}  // namespace

IntegerDecoder to_integers(const SpikingDecoder& decoder, NormalizationForm form,
                           const Ranges& ranges) {
  const DecoderShape& shape = decoder.shape();
  if (shape.norm == Norm::layer) form = NormalizationForm::layer;
  const BlockExport blocks(decoder, form, ranges);
  IntegerDecoder out;
  out.parameters.architecture = architecture_of(shape, form);
  out.parameters.embedding = embedding_of(decoder.embedding(), shape);
  for (std::int64_t b = 0; b < shape.blocks; ++b) out.parameters.blocks.push_back(blocks.block(b));
  const at::Tensor weight = readout_of_steps(decoder);
  const at::Tensor bias = decoder.head_bias().detach();
  if (!out.parameters.architecture.head_spikes()) {
    set_dense_head({values(weight), values(bias)}, out);
    return out;
  }
  out.parameters.head_input = blocks.stream("head.input");
  IntegerReadout readout = round_readout(values(weight), values(bias));
  out.parameters.readout_weights = std::move(readout.weights);
  out.parameters.readout_bias = std::move(readout.bias);
  out.logit_scale = readout.logit_scale;
  return out;
}

Model to_model(const SpikingDecoder& decoder, NormalizationForm form, const Alphabet& alphabet,
               const Ranges& ranges) {
  return model_of(to_integers(decoder, form, ranges), decoder.embedding(), decoder.shape(),
                  alphabet);
}

}  // namespace synfire::training
