// SPDX-License-Identifier: Apache-2.0
#include "sim/app/model_description.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "sim/app/support.hpp"

namespace synfire::app {
namespace {

std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{:<22}{}\n", key, value);
}

std::string entries(std::string_view title, const std::map<std::string, std::string>& values) {
  if (values.empty()) return "";
  std::string text = fmt::format("\n{}\n", title);
  for (const auto& [key, value] : values) text += fmt::format("    {:<28}{}\n", key, value);
  return text;
}

std::uint64_t count_synapses(const Network& network) {
  std::uint64_t synapses = 0;
  for (const Projection& projection : network.projections()) {
    synapses += projection.connectivity == Connectivity::dense
                    ? projection.weights.size()
                    : network.population(projection.source).size;
  }
  return synapses;
}

/// Characters, or how many words and the first of them.
std::string describe(const Alphabet& alphabet) {
  constexpr std::size_t shown = 8;
  if (alphabet.level() == TextLevel::character) return alphabet.characters();
  std::string text = fmt::format("{} words:", alphabet.size());
  for (std::size_t i = 0; i < std::min(shown, alphabet.size()); ++i) text += " " + alphabet[i];
  return text + (alphabet.size() > shown ? " ..." : "");
}

/// What goes in: a text, recorded spikes, or nothing.
std::string describe_input(const Model& model) {
  const std::uint32_t steps = model.network.time_steps();
  if (model.has_text()) {
    return line("alphabet", describe(model.text.alphabet)) +
           line("context", fmt::format("{} tokens", model.text.context)) +
           line("time steps a token", fmt::format("{}", steps));
  }
  std::size_t spikes = 0;
  if (model.stimulus) {
    for (const SpikeTrain& train : model.stimulus->inputs) spikes += train.neurons.size();
  }
  return line("stimulus", model.stimulus
                              ? fmt::format("{} input spikes in {} of {} time steps", spikes,
                                            counted(model.presentations(), "presentation"), steps)
                              : "none, and no text: synfire run has nothing to run it on") +
         line("time steps", fmt::format("{} a presentation", steps));
}

/// Bits per character or word of the trained weights and of what they became, and what that lost.
std::string describe_quantisation(const std::map<std::string, std::string>& provenance) {
  for (const std::string unit : {"character", "word"}) {
    const std::string key = "bits_per_" + unit + "_";
    const auto real = provenance.find(key + "real");
    for (const std::string form : {"integer", "bfloat16"}) {
      const auto written = provenance.find(key + form);
      if (real == provenance.end() || written == provenance.end()) continue;
      const double loss = std::strtod(written->second.c_str(), nullptr) -
                          std::strtod(real->second.c_str(), nullptr);
      return line(
          "quantisation",
          fmt::format("{} bits per {} in {}, {} in single precision: loss {:.4f}", written->second,
                      unit, form == "integer" ? "integers" : form, real->second, loss));
    }
  }
  return "";
}

/// The synapses, and how late their spikes count.
std::string describe_projections(const Network& network) {
  std::string text = line("synapses", fmt::format("{}", count_synapses(network)));
  if (network.greatest_delay() == 0) return text;
  return text + line("delays", "up to " + counted(network.greatest_delay(), "time step"));
}

}  // namespace

std::string describe_model(const Model& model) {
  const Network& network = model.network;
  std::uint64_t neurons = 0;
  for (const Population& population : network.populations()) neurons += population.size;
  std::string text = line("identity", model.identity) + describe_input(model) +
                     line("populations", fmt::format("{}", network.populations().size())) +
                     line("neurons", fmt::format("{}", neurons)) + describe_projections(network);
  text += describe_quantisation(model.provenance);
  text += entries("architecture", model.architecture) + entries("provenance", model.provenance);
  text += fmt::format("\n{:<38}{:>10}  {}\n", "population", "neurons", "model");
  for (const Population& population : network.populations()) {
    text += fmt::format("    {:<34}{:>10}  {}\n", population.name, population.size,
                        to_string(population.model));
  }
  return text;
}

std::string describe_real_model(const RealModel& model) {
  const RealArchitecture& a = model.architecture;
  std::uint64_t parameters = 0;
  for (const RealTensor& tensor : model.tensors) parameters += tensor.values.size();
  std::string text = line("kind", "real-valued, for synfire evaluate; no chip runs it") +
                     line("identity", model.identity) + line("alphabet", describe(model.alphabet)) +
                     line("context", fmt::format("{} tokens", a.context)) +
                     line("embedding shows", fmt::format("{} tokens", a.groups)) +
                     line("blocks", fmt::format("{}", a.blocks)) +
                     line("width", fmt::format("{}", a.embedding)) +
                     line("attention", a.has_attention ? fmt::format("softmax, {} heads", a.heads)
                                                       : std::string("none")) +
                     line("hidden", fmt::format("{}", a.hidden)) +
                     line("parameters", fmt::format("{}", parameters));
  text += describe_quantisation(model.provenance);
  text += entries("provenance", model.provenance);
  text += fmt::format("\n{:<38}{:>16}\n", "tensor", "shape");
  for (const RealTensor& tensor : model.tensors) {
    text += fmt::format("    {:<34}{:>16}\n", tensor.name,
                        fmt::format("{}", fmt::join(tensor.extents, " x ")));
  }
  return text;
}

}  // namespace synfire::app
