// SPDX-License-Identifier: Apache-2.0
#include "models/training/export.hpp"

#include <string>
#include <utility>

#include "models/corpus.hpp"
#include "models/training/folding.hpp"
#include "sim/error.hpp"

namespace synfire::training {
namespace {

std::span<const float> values(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

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
  const CodeWidths code = code_widths(shape);
  const bool is_ngram = shape.token_code == TokenCode::ngram;
  a.groups = is_ngram ? static_cast<std::uint32_t>(shape.groups) : 1;
  a.code_width = is_ngram ? a.vocabulary : static_cast<std::uint32_t>(code.token);
  a.position_width = static_cast<std::uint32_t>(code.position);
  a.normalization = form;
  a.residual = shape.residual;
  if (shape.residual != ResidualForm::real) a.spike_bits = residual_fraction_bits;
  if (shape.attention == Attention::none) a.attention.reset();
  if (shape.attention == Attention::leaky) {
    a.attention = AttentionKind::leaky;
    a.fraction_bits = attention_fraction_bits;
  }
  return a;
}

/// A table of rows, or bits that are the stream themselves.
ResidualLayerParameters embedding(const SpikingDecoder& decoder) {
  if (decoder.shape().token_code != TokenCode::ngram) {
    const auto width = static_cast<std::size_t>(decoder.shape().width);
    return {.shift = std::vector<std::int8_t>(width, -residual_fraction_bits)};
  }
  const at::Tensor by_channel = decoder.embedding().weight().detach().t().contiguous();
  const at::Tensor bias = decoder.embedding().bias().detach();
  return fold_into_residual({values(by_channel), values(bias)});
}

std::vector<std::uint8_t> bits(const at::Tensor& code) {
  const at::Tensor bytes = code.detach().to(at::kByte).contiguous();
  const auto* first = bytes.data_ptr<std::uint8_t>();
  return {first, first + bytes.numel()};
}

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
  BlockExport(const SpikingDecoder& decoder, NormalizationForm form)
      : decoder_(decoder), shape_(decoder.shape()), folder_{form} {}

  BlockParameters block(std::int64_t index) const {
    const SpikingBlock& from = decoder_.blocks()[index];
    const std::string name = "block" + std::to_string(index);
    BlockParameters to;
    if (shape_.attention != Attention::none) fold_attention(index, to);
    to.mlp_input = stream(name + ".mlp.input");
    to.mlp_hidden = spiking(from.hidden, name + ".mlp.hidden");
    if (decoder_.mlp_adds_spikes()) {
      to.mlp_spikes = spiking(from.output, name + ".mlp.output");
    } else {
      to.mlp_output = folder_.residual(FoldedLayer(from.output).all());
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
    return folder_.lif(FoldedLayer(from, decoder_.divisor(population, out)).all());
  }

  void fold_attention(std::int64_t index, BlockParameters& to) const {
    const SpikingBlock& from = decoder_.blocks()[index];
    const std::string name = "block" + std::to_string(index) + ".attention";
    const std::int64_t e = shape_.width;
    const FoldedLayer qkv(from.query_key_value, decoder_.divisor(name + ".query_key_value", 3 * e));
    to.attention_input = stream(name + ".input");
    to.query = folder_.lif(qkv.rows(0, e));
    to.key = folder_.lif(qkv.rows(e, 2 * e));
    to.value = folder_.lif(qkv.rows(2 * e, 3 * e));
    const bool leaky = shape_.attention == Attention::leaky;
    if (leaky) to.decay_shift.assign(shape_.decay_shift.begin(), shape_.decay_shift.end());
    to.attention_threshold = attention_threshold(values(from.attention_gain.detach()),
                                                 leaky ? attention_fraction_bits : 0);
    if (decoder_.adds_spikes(index)) {
      to.attention_spikes = spiking(from.attention_output, name + ".output");
    } else {
      to.attention_output = folder_.residual(FoldedLayer(from.attention_output).all());
    }
  }

  const SpikingDecoder& decoder_;
  const DecoderShape& shape_;
  Folder folder_;
};

}  // namespace

IntegerDecoder to_integers(const SpikingDecoder& decoder, NormalizationForm form) {
  const DecoderShape& shape = decoder.shape();
  check_export(shape);
  const BlockExport blocks(decoder, form);
  IntegerDecoder out;
  out.parameters.architecture = architecture(shape, form);
  out.parameters.embedding = embedding(decoder);
  for (std::int64_t b = 0; b < shape.blocks; ++b) out.parameters.blocks.push_back(blocks.block(b));
  out.parameters.head_input = blocks.stream("head.input");
  IntegerReadout readout =
      round_readout(values(readout_of_steps(decoder)), values(decoder.head_bias().detach()));
  out.parameters.readout_weights = std::move(readout.weights);
  out.parameters.readout_bias = std::move(readout.bias);
  out.logit_scale = readout.logit_scale;
  return out;
}

Model to_model(const SpikingDecoder& decoder, NormalizationForm form, const Alphabet& alphabet) {
  const IntegerDecoder integers = to_integers(decoder, form);
  const DecoderArchitecture& a = integers.parameters.architecture;
  TextInterface text;
  text.alphabet = alphabet;
  text.context = a.context;
  text.groups = a.groups;
  text.width = a.code_width;
  text.position_width = a.position_width;
  text.logit_scale = integers.logit_scale;
  const bool is_ngram = decoder.shape().token_code == TokenCode::ngram;
  // One-hot codes of words go without saying: they would be millions of zeros.
  if (!is_ngram || alphabet.level() == TextLevel::character) {
    const at::Tensor code = is_ngram ? at::eye(a.vocabulary) : decoder.embedding().token_bits();
    text.code = bits(code.unsqueeze(0).expand({a.groups, -1, -1}));
  }
  if (a.position_width > 0) text.position_code = bits(decoder.embedding().position_bits());
  return {build_decoder(integers.parameters), std::move(text), describe(a), {}, {}};
}

}  // namespace synfire::training
