// SPDX-License-Identifier: Apache-2.0
#include "models/training/export_parts.hpp"

#include <cmath>
#include <utility>

#include "models/corpus.hpp"
#include "models/spikedecoder/decoder_network.hpp"
#include "models/training/dense_folding.hpp"
#include "neurons/bounds.hpp"
#include "sim/error.hpp"

namespace synfire::training {
namespace {

bool sums_fit(const DecoderParameters& parameters) {
  try {
    prove_bounds(build_decoder(parameters), parameters.architecture.context);
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

void set_readout(const RealLayer& layer, double unit, IntegerDecoder& out) {
  IntegerReadout readout = round_readout(layer.weight, layer.shift, unit);
  out.parameters.readout_weights = std::move(readout.weights);
  out.parameters.readout_bias = std::move(readout.bias);
  out.logit_scale = readout.logit_scale;
}

}  // namespace

std::vector<std::uint8_t> bits(const at::Tensor& code) {
  const at::Tensor bytes = code.detach().to(at::kByte).contiguous();
  const auto* first = bytes.data_ptr<std::uint8_t>();
  return {first, first + bytes.numel()};
}

DecoderArchitecture architecture_of(const DecoderShape& shape, NormalizationForm form) {
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
  a.joint_code = shape.token_code == TokenCode::one_hot || shape.sums_positions;
  if (a.joint_code) {
    a.code_width = a.vocabulary * a.context;
    a.position_width = 0;
  }
  a.spike_degree = static_cast<std::uint32_t>(shape.spike_degree);
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

ResidualLayerParameters embedding_of(const TokenEmbedding& embedding, const DecoderShape& shape) {
  if (shape.token_code != TokenCode::ngram) {
    const auto width = static_cast<std::size_t>(shape.width);
    ResidualLayerParameters table{.shift =
                                      std::vector<std::int8_t>(width, -residual_fraction_bits)};
    if (shape.sums_positions) {
      const std::vector<std::uint8_t> rows = bits(embedding.joint_bits());
      table.weights.assign(rows.begin(), rows.end());
    }
    return table;
  }
  const at::Tensor by_channel = embedding.weight().detach().t().contiguous();
  const at::Tensor bias = embedding.bias().detach();
  return fold_into_residual({values(by_channel), values(bias)});
}

void fold_dense_mlp(const DenseMlp& mlp, const Ranges& ranges, const std::string& name,
                    BlockParameters& to) {
  const at::Tensor magnitude = ranges.magnitude(name + ".input").contiguous();
  RoundedStream input = round_stream(values(magnitude));
  const at::Tensor step = at::tensor(input.step, at::kFloat);
  const at::Tensor weight = (mlp.hidden_weight.detach() * step).contiguous();
  const at::Tensor bias = mlp.hidden_bias.detach();
  GeluLayer gelu = fold_into_gelu({values(weight), values(bias)},
                                  ranges.least(name + ".hidden").min().item<double>(),
                                  ranges.greatest(name + ".hidden").max().item<double>());
  const at::Tensor out_weight = (mlp.output_weight.detach() * gelu.step).contiguous();
  const at::Tensor out_bias = mlp.output_bias.detach();
  to.mlp_rounded = std::move(input.activation);
  to.mlp_gelu = std::move(gelu.layer);
  to.mlp_output = fold_payloads_into_residual({values(out_weight), values(out_bias)});
}

void set_dense_head(const RealLayer& readout, IntegerDecoder& out) {
  const std::size_t width = out.parameters.architecture.embedding;
  for (int shift = 0; shift <= residual_fraction_bits; ++shift) {
    const std::int32_t half = shift > 0 ? 1 << (shift - 1) : 0;
    out.parameters.head_stream.bias.assign(width, half);
    out.parameters.head_stream.shift.assign(width, static_cast<std::int8_t>(shift));
    set_readout(readout, std::exp2(shift - residual_fraction_bits), out);
    if (sums_fit(out.parameters)) return;
  }
  prove_bounds(build_decoder(out.parameters), out.parameters.architecture.context);  // says why
}

Model model_of(const IntegerDecoder& integers, const TokenEmbedding& embedding,
               const DecoderShape& shape, const Alphabet& alphabet) {
  const DecoderArchitecture& a = integers.parameters.architecture;
  TextInterface text;
  text.alphabet = alphabet;
  text.context = a.context;
  text.groups = a.groups;
  text.width = a.code_width;
  text.position_width = a.position_width;
  text.logit_scale = integers.logit_scale;
  text.joint = a.joint_code;
  const bool is_ngram = shape.token_code == TokenCode::ngram;
  // One-hot codes of words go without saying: they would be millions of zeros.
  if (!text.joint && (!is_ngram || alphabet.level() == TextLevel::character)) {
    const at::Tensor code = is_ngram ? at::eye(a.vocabulary) : embedding.token_bits();
    text.code = bits(code.unsqueeze(0).expand({a.groups, -1, -1}));
  }
  if (shape.position_code != PositionCode::none && !text.joint) {
    text.position_code = bits(embedding.position_bits());
  }
  return {build_decoder(integers.parameters), std::move(text), describe(a), {}, {}};
}

}  // namespace synfire::training
