// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/architecture.hpp"

#include "sim/error.hpp"

namespace synfire {
namespace {

std::string attention_name(const DecoderArchitecture& architecture) {
  if (!architecture.attention) return "none";
  return architecture.attention_spikes() ? std::string(to_string(*architecture.attention))
                                         : "softmax";
}

}  // namespace

std::string_view to_string(NormalizationForm form) {
  return form == NormalizationForm::folded       ? "folded"
         : form == NormalizationForm::population ? "population"
                                                 : "layer";
}

std::string_view to_string(ResidualForm form) {
  switch (form) {
    case ResidualForm::real:
      return "real";
    case ResidualForm::spiking_mlp:
      return "spiking MLP";
    case ResidualForm::spiking:
      return "spiking";
    case ResidualForm::first_block:
      return "spiking in the first block";
  }
  SYNFIRE_ASSERT(false, "every form has a name");
  return {};
}

std::map<std::string, std::string> describe(const DecoderArchitecture& architecture) {
  std::map<std::string, std::string> text{
      {"system", decoder_system},
      {"time_steps", std::to_string(architecture.time_steps)},
      {"blocks", std::to_string(architecture.blocks)},
      {"embedding", std::to_string(architecture.embedding)},
      {"hidden", std::to_string(architecture.hidden)},
      {"vocabulary", std::to_string(architecture.vocabulary)},
      {"context", std::to_string(architecture.context)},
      {"groups", std::to_string(architecture.groups)},
      {"code_width", std::to_string(architecture.code_width)},
      {"position_width", std::to_string(architecture.position_width)},
      {"attention", attention_name(architecture)},
      {"norm", std::string(to_string(architecture.normalization))},
      {"fires", architecture.fires_at_threshold ? "at the threshold" : "above the threshold"}};
  if (architecture.attention) text.emplace("heads", std::to_string(architecture.heads));
  if (architecture.residual != ResidualForm::real) {
    text.emplace("residual", std::string(to_string(architecture.residual)));
    text.emplace("spike_bits", std::to_string(architecture.spike_bits));
  }
  if (architecture.spike_degree != 4) {
    text.emplace("spike_degree", std::to_string(architecture.spike_degree));
  }
  if (architecture.joint_code) text.emplace("token_code", "joint with the position");
  if (architecture.attention == AttentionKind::leaky ||
      (architecture.attention && !architecture.attention_spikes())) {
    text.emplace("fraction_bits", std::to_string(architecture.fraction_bits));
  }
  return text;
}

}  // namespace synfire
