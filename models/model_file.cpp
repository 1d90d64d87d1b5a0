// SPDX-License-Identifier: Apache-2.0
#include "models/model_file.hpp"

#include <filesystem>
#include <map>
#include <string>

#include "models/detail/model_layout.hpp"
#include "models/detail/model_source.hpp"
#include "models/detail/network_source.hpp"
#include "models/detail/text_source.hpp"
#include "neurons/bounds.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

using detail::ModelSource;

void require_model_file(const ModelSource& source) {
  const Hdf5File& file = source.file();
  const bool is_model = file.has_attribute("/", "magic") &&
                        file.attribute_shape("/", "magic").type == Hdf5Type::string &&
                        file.read_string_attribute("/", "magic") == detail::model_magic;
  if (!is_model) {
    throw IoError(file.path().string(), "is not a model file: its root attribute 'magic' is not '" +
                                            std::string(detail::model_magic) + "'");
  }
  const auto version = source.integer<std::uint32_t>("/", "version");
  if (version != detail::model_version) {
    throw IoError(file.path().string(), "has model format version " + std::to_string(version) +
                                            "; this program reads version " +
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

std::map<std::string, std::string> read_texts(const ModelSource& source, const std::string& group) {
  std::map<std::string, std::string> texts;
  if (!source.file().contains(group)) return texts;
  for (const std::string& key : source.file().attributes(group)) {
    texts[key] = source.text(group, key);
  }
  return texts;
}

void require_identity(const ModelSource& source, const std::string& identity) {
  if (!source.file().has_attribute("/", "identity")) return;
  if (source.text("/", "identity") == identity) return;
  throw IoError(source.file().path().string(),
                "its content is not what its attribute 'identity' says: damaged, or changed on "
                "purpose; then delete the attribute");
}

}  // namespace

Model read_model(const std::filesystem::path& path) {
  const ModelSource source(Hdf5File::open(path));
  require_model_file(source);
  for (const char* group : {"/populations", "/projections"}) {
    if (!source.file().contains(group)) source.refuse(group, "is missing");
  }
  source.require_members("/", {"populations", "projections", "text", "architecture", "provenance"});
  source.require_attributes("/", {"magic", "version", "time_steps", "identity"});
  Model model{detail::read_network(source), detail::read_text(source),
              read_texts(source, "/architecture"), read_texts(source, "/provenance"), ""};
  const TextInterface& text = model.text;
  require_end(source, model.network, text.input, "input", NeuronModel::input,
              std::uint64_t{text.groups} * text.width + text.position_width);
  require_end(source, model.network, text.readout, "readout", NeuronModel::readout,
              text.alphabet.size());
  source.at("/", [&] { return prove_bounds(model.network, text.context); });
  model.identity = model_identity(model);
  require_identity(source, model.identity);
  return model;
}

}  // namespace synfire
