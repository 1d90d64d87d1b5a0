// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <utility>

#include "neurons/network.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

template <typename Enum, std::size_t count>
using Names = std::array<std::pair<Enum, std::string_view>, count>;

constexpr Names<NeuronModel, 10> neuron_models{
    {{NeuronModel::input, "input"},
     {NeuronModel::lif, "lif"},
     {NeuronModel::integrate_fire, "integrate_fire"},
     {NeuronModel::residual, "residual"},
     {NeuronModel::normalization, "normalization"},
     {NeuronModel::activation, "activation"},
     {NeuronModel::layer_norm, "layer_norm"},
     {NeuronModel::attention, "attention"},
     {NeuronModel::softmax_attention, "softmax_attention"},
     {NeuronModel::readout, "readout"}}};
constexpr Names<Port, 5> ports{{{Port::current, "current"},
                                {Port::carry, "carry"},
                                {Port::query, "query"},
                                {Port::key, "key"},
                                {Port::value, "value"}}};
constexpr Names<Connectivity, 2> connectivities{
    {{Connectivity::dense, "dense"}, {Connectivity::one_to_one, "one_to_one"}}};
constexpr Names<AttentionKind, 2> attention_kinds{
    {{AttentionKind::published, "published"}, {AttentionKind::leaky, "leaky"}}};

template <typename Enum, std::size_t count>
std::string_view name_of(const Names<Enum, count>& names, Enum value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return "unknown";
}

template <typename Enum, std::size_t count>
Enum value_of(const Names<Enum, count>& names, std::string_view text, const char* what) {
  std::string known;
  for (const auto& [value, name] : names) {
    if (name == text) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw ConfigError(what, "'" + std::string(text) + "' is unknown; use one of " + known);
}

}  // namespace

std::string_view to_string(NeuronModel model) {
  return name_of(neuron_models, model);
}
NeuronModel neuron_model_from_string(std::string_view name) {
  return value_of(neuron_models, name, "model");
}
std::string_view to_string(Port port) {
  return name_of(ports, port);
}
Port port_from_string(std::string_view name) {
  return value_of(ports, name, "port");
}
std::string_view to_string(Connectivity connectivity) {
  return name_of(connectivities, connectivity);
}
Connectivity connectivity_from_string(std::string_view name) {
  return value_of(connectivities, name, "connectivity");
}
std::string_view to_string(AttentionKind kind) {
  return name_of(attention_kinds, kind);
}
AttentionKind attention_kind_from_string(std::string_view name) {
  return value_of(attention_kinds, name, "attention.kind");
}

}  // namespace synfire
