// SPDX-License-Identifier: Apache-2.0
#include "models/model_file.hpp"

#include <filesystem>
#include <string>

#include "models/detail/model_layout.hpp"
#include "models/detail/model_source.hpp"
#include "models/detail/network_source.hpp"
#include "models/detail/stimulus_source.hpp"
#include "models/detail/text_source.hpp"
#include "models/spikedecoder/extraction.hpp"
#include "neurons/bounds.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

using detail::ModelSource;

void require_model_file(const ModelSource& source) {
  const Hdf5File& file = source.file();
  const bool has_magic = file.has_attribute("/", "magic") &&
                         file.attribute_shape("/", "magic").type == Hdf5Type::string;
  const std::string magic = has_magic ? file.read_string_attribute("/", "magic") : "";
  if (magic == detail::real_model_magic) {
    throw IoError(file.path().string(),
                  "is a real-valued model, without spikes to simulate; `synfire evaluate` scores "
                  "it, `synfire info` describes it");
  }
  if (magic != detail::model_magic) {
    throw IoError(file.path().string(), "is not a model file: its root attribute 'magic' is not '" +
                                            std::string(detail::model_magic) + "'");
  }
  const auto version = source.integer<std::uint32_t>("/", "version");
  if (version < detail::oldest_model_version || version > detail::model_version) {
    throw IoError(file.path().string(), "has model format version " + std::to_string(version) +
                                            "; this program reads versions " +
                                            std::to_string(detail::oldest_model_version) + " to " +
                                            std::to_string(detail::model_version));
  }
}

void require_end(const ModelSource& source, const Network& network, const std::string& name,
                 const char* role, NeuronModel model, std::uint64_t size) {
  const std::optional<PopulationId> id = network.find(name);
  if (!id) source.refuse("/text", std::string(role) + " population '" + name + "' is missing");
  const Population& population = network.population(*id);
  if (population.model == model && population.size == size) return;
  source.refuse("/text", "needs " + std::to_string(size) + " neurons of model " +
                             std::string(to_string(model)) + " as '" + name + "', which has " +
                             std::to_string(population.size) + " of model " +
                             std::string(to_string(population.model)));
}

/// A text or a stimulus, if the file has one.
void read_what_goes_in(const ModelSource& source, Model& model) {
  if (source.file().contains("/stimulus")) {
    if (source.file().contains("/text")) {
      source.refuse("/stimulus", "lies beside /text; a model takes one of them, remove the other");
    }
    model.stimulus = detail::read_stimulus(source, model.network);
  } else if (source.file().contains("/text")) {
    model.text = detail::read_text(source);
    const TextInterface& text = model.text;
    if (model.network.inputs().size() != 1) {
      source.refuse("/text", "needs a network with exactly one input population");
    }
    require_end(source, model.network, text.input, "input", NeuronModel::input,
                std::uint64_t{text.groups} * text.width + text.position_width);
    require_end(source, model.network, text.readout, "readout", NeuronModel::readout,
                text.alphabet.size());
  }
}

[[noreturn]] void refuse_description(const ModelSource& source, const std::string& key,
                                     const std::string& said, const std::string& actual) {
  source.refuse("/architecture", "attribute '" + key + "' says '" + said +
                                     "', but the network's is '" + actual + "'");
}

/// A file that calls itself a SpikeDecoder must be one, of the sizes and kinds that it states.
void require_description(const ModelSource& source, const Model& model) {
  const auto system = model.architecture.find("system");
  if (system == model.architecture.end() || system->second != decoder_system) return;
  if (!model.has_text()) source.refuse("/text", "is missing; a SpikeDecoder reads text");
  const auto actual =
      source.at("/architecture", [&] { return describe(decoder_parameters(model).architecture); });
  for (const auto& [key, value] : model.architecture) {
    const auto expected = actual.find(key);
    if (expected == actual.end() || expected->second == value) continue;
    refuse_description(source, key, value, expected->second);
  }
}

}  // namespace

std::vector<SpikeTrain> Stimulus::presentation(std::uint32_t number,
                                               std::uint32_t time_steps) const {
  std::vector<SpikeTrain> parts;
  for (const SpikeTrain& train : inputs) {
    parts.push_back(train.part(number * time_steps, time_steps));
  }
  return parts;
}

void require_text(const Model& model, const std::string& name) {
  if (model.has_text()) return;
  throw ConfigError(
      name, model.stimulus ? "is run on its own input spikes and reads no text; use synfire run"
                           : "has neither /text nor /stimulus, so nothing goes into its network; "
                             "add one (models/FORMAT.md)");
}

Model read_model(const std::filesystem::path& path) {
  const ModelSource source(Hdf5File::open(path));
  require_model_file(source);
  for (const char* group : {"/populations", "/projections"}) {
    if (!source.file().contains(group)) source.refuse(group, "is missing");
  }
  source.require_members(
      "/", {"populations", "projections", "text", "stimulus", "architecture", "provenance"});
  source.require_attributes("/", {"magic", "version", "time_steps", "identity"});
  Model model{.network = detail::read_network(source),
              .text = {},
              .architecture = source.texts("/architecture"),
              .provenance = source.texts("/provenance"),
              .identity = "",
              .stimulus = {}};
  read_what_goes_in(source, model);
  source.at("/", [&] { return prove_bounds(model.network, model.context()); });
  require_description(source, model);
  model.identity = model_identity(model);
  source.require_identity(model.identity);
  return model;
}

}  // namespace synfire
