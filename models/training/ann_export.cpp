// SPDX-License-Identifier: Apache-2.0
#include "models/training/ann_export.hpp"

#include <algorithm>
#include <string>

#include <ATen/core/grad_mode.h>

#include "models/corpus.hpp"
#include "sim/error.hpp"

namespace synfire::training {
namespace {

RealArchitecture architecture_of(const DecoderShape& shape) {
  RealArchitecture a;
  a.has_attention = shape.attention != Attention::none;
  a.blocks = static_cast<std::uint32_t>(shape.blocks);
  a.embedding = static_cast<std::uint32_t>(shape.width);
  if (a.has_attention) a.heads = static_cast<std::uint32_t>(shape.heads());
  a.hidden = static_cast<std::uint32_t>(shape.hidden);
  a.groups = static_cast<std::uint32_t>(shape.groups);
  a.context = static_cast<std::uint32_t>(shape.context);
  return a;
}

DecoderShape shape_of(const RealModel& model) {
  const RealArchitecture& a = model.architecture;
  DecoderShape shape;
  shape.spike_degree = 0;
  shape.attention =
      a.has_attention ? Attention::leaky : Attention::none;  // which kind is no matter
  shape.vocabulary = static_cast<std::int64_t>(model.alphabet.size());
  shape.context = a.context;
  shape.groups = a.groups;
  shape.width = a.embedding;
  shape.hidden = a.hidden;
  shape.blocks = a.blocks;
  shape.decay_shift.assign(a.heads, 1);
  return shape;
}

at::Tensor find(LanguageModel& decoder, const RealTensor& tensor) {
  const auto found =
      std::ranges::find(decoder.parameters(), tensor.name, [](const auto& p) { return p.name; });
  SYNFIRE_ASSERT(found != decoder.parameters().end() &&
                     found->value.numel() == static_cast<std::int64_t>(tensor.elements()),
                 "files and training name and shape the same tensors");
  return found->value.detach();
}

}  // namespace

RealModel to_real_model(AnnDecoder& decoder, const Alphabet& alphabet) {
  RealModel model;
  model.architecture = architecture_of(decoder.shape());
  model.alphabet = alphabet;
  model.tensors = real_tensors(model.architecture, model.alphabet.size());
  for (RealTensor& tensor : model.tensors) {
    const at::Tensor rounded = find(decoder, tensor).to(at::kBFloat16).to(at::kFloat).contiguous();
    const float* values = rounded.data_ptr<float>();
    tensor.values.assign(values, values + rounded.numel());
  }
  return model;
}

AnnDecoder to_decoder(const RealModel& model) {
  AnnDecoder decoder(shape_of(model), Precision::float32, 1);
  const at::NoGradGuard no_gradient;
  for (const RealTensor& tensor : model.tensors) {
    at::Tensor target = find(decoder, tensor);
    std::ranges::copy(tensor.values, target.data_ptr<float>());
  }
  return decoder;
}

}  // namespace synfire::training
