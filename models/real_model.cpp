// SPDX-License-Identifier: Apache-2.0
#include "models/real_model.hpp"

#include <functional>
#include <numeric>
#include <set>
#include <string_view>

#include "models/detail/alphabet_layout.hpp"
#include "models/detail/model_layout.hpp"
#include "models/detail/model_source.hpp"
#include "models/detail/text_source.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/pending_file.hpp"

namespace synfire {
namespace {

using detail::ModelSource;

constexpr std::uint32_t max_blocks = 1024;
constexpr std::uint32_t max_width = 1U << 16U;
constexpr std::uint32_t max_context = 1U << 20U;
constexpr std::uint64_t max_parameters = std::uint64_t{1} << 26U;

constexpr const char* system_name = "artificial decoder";
constexpr const char* softmax = "softmax";
constexpr const char* none = "none";

bool has_magic(const Hdf5File& file) {
  return file.has_attribute("/", "magic") &&
         file.attribute_shape("/", "magic").type == Hdf5Type::string &&
         file.read_string_attribute("/", "magic") == detail::real_model_magic;
}

void require_real_model(const ModelSource& source) {
  const std::string path = source.file().path().string();
  if (!has_magic(source.file())) {
    throw IoError(path, "is not a real-valued model: its root attribute 'magic' is not '" +
                            std::string(detail::real_model_magic) + "'");
  }
  const auto version = source.integer<std::uint32_t>("/", "version");
  if (version == detail::real_model_version) return;
  throw IoError(path, "has real-valued model format version " + std::to_string(version) +
                          "; this program reads version " +
                          std::to_string(detail::real_model_version));
}

RealArchitecture read_architecture(const ModelSource& source) {
  const std::string group = "/architecture";
  if (!source.file().contains(group)) source.refuse(group, "is missing");
  source.require_members(group, {});
  source.require_attributes(group,
                            {"system", "attention", "blocks", "embedding", "heads", "hidden"});
  if (source.text(group, "system") != system_name) {
    source.refuse(group, "attribute 'system' is not '" + std::string(system_name) + "'");
  }
  const std::string attention = source.text(group, "attention");
  if (attention != softmax && attention != none) {
    source.refuse(group, "attribute 'attention' is '" + attention + "'; use softmax or none");
  }
  RealArchitecture architecture;
  architecture.has_attention = attention == softmax;
  architecture.blocks = source.size(group, "blocks", max_blocks);
  architecture.embedding = source.size(group, "embedding", max_width);
  architecture.hidden = source.size(group, "hidden", max_width);
  if (architecture.has_attention) architecture.heads = source.size(group, "heads", max_width);
  if (architecture.embedding % architecture.heads != 0) {
    source.refuse(group, "attribute 'embedding' is not a multiple of 'heads'");
  }
  return architecture;
}

void read_text(const ModelSource& source, RealModel& model) {
  const std::string group = "/text";
  if (!source.file().contains(group)) source.refuse(group, "is missing");
  source.require_members(group, {"alphabet", "words"});
  source.require_attributes(group, {"context", "groups"});
  model.alphabet = detail::read_alphabet(source);
  model.architecture.context = source.size(group, "context", max_context);
  model.architecture.groups = source.size(group, "groups", max_context);
}

/// Before memory is taken for what a file merely claims.
void require_modest(const ModelSource& source, const RealModel& model) {
  const RealArchitecture& a = model.architecture;
  const std::uint64_t width = a.embedding;
  const std::uint64_t block =
      (a.has_attention ? 4 * width * (width + 3) : 0) + 2 * width * a.hidden + a.hidden + width;
  const std::uint64_t vocabulary = model.alphabet.size();
  const std::uint64_t all = a.blocks * block + (a.groups + 1) * vocabulary * width + vocabulary;
  if (all > max_parameters) source.refuse("/architecture", "describes more than 2^26 parameters");
}

void require_tensors(const ModelSource& source, const std::vector<RealTensor>& tensors) {
  std::set<std::string> known;
  for (const RealTensor& tensor : tensors) known.insert(tensor.name);
  if (!source.file().contains("/tensors")) source.refuse("/tensors", "is missing");
  for (const std::string& name : source.file().children("/tensors")) {
    if (!known.contains(name)) {
      source.refuse("/tensors/" + name, "is unknown in a decoder of this architecture");
    }
  }
}

RealModel read(const ModelSource& source) {
  source.require_members("/", {"architecture", "text", "tensors", "provenance"});
  source.require_attributes("/", {"magic", "version", "identity"});
  RealModel model;
  model.architecture = read_architecture(source);
  read_text(source, model);
  require_modest(source, model);
  model.tensors = real_tensors(model.architecture, model.alphabet.size());
  require_tensors(source, model.tensors);
  for (RealTensor& tensor : model.tensors) {
    tensor.values = source.reals("/tensors/" + tensor.name, tensor.extents);
  }
  model.provenance = source.texts("/provenance");
  model.identity = real_model_identity(model);
  source.require_identity(model.identity);
  return model;
}

void write_architecture(Hdf5File& file, const RealArchitecture& architecture) {
  const std::string group = "/architecture";
  file.create_group(group);
  file.write_string_attribute(group, "system", system_name);
  file.write_string_attribute(group, "attention", architecture.has_attention ? softmax : none);
  file.write_attribute(group, "blocks", architecture.blocks);
  file.write_attribute(group, "embedding", architecture.embedding);
  if (architecture.has_attention) file.write_attribute(group, "heads", architecture.heads);
  file.write_attribute(group, "hidden", architecture.hidden);
}

void write_text(Hdf5File& file, const RealModel& model) {
  file.create_group("/text");
  detail::write_alphabet(file, "/text", model.alphabet);
  file.write_attribute("/text", "context", model.architecture.context);
  file.write_attribute("/text", "groups", model.architecture.groups);
}

void write_tensor(Hdf5File& file, const RealTensor& tensor) {
  const std::string dataset = "/tensors/" + tensor.name;
  file.create_packed_dataset(dataset, Hdf5Type::float32, tensor.extents);
  const std::vector<double> values(tensor.values.begin(), tensor.values.end());
  file.write_rows<double>(dataset, 0, values);
}

}  // namespace

std::uint64_t RealTensor::elements() const {
  return std::accumulate(extents.begin(), extents.end(), std::uint64_t{1}, std::multiplies{});
}

std::vector<RealTensor> real_tensors(const RealArchitecture& architecture, std::size_t vocabulary) {
  const std::uint64_t width = architecture.embedding;
  const std::uint64_t hidden = architecture.hidden;
  std::vector<RealTensor> tensors;
  const auto add = [&](const std::string& name, std::vector<std::uint64_t> extents) {
    tensors.push_back({name, std::move(extents), {}});
  };
  add("embedding.weight", {architecture.groups * vocabulary, width});
  for (std::uint32_t b = 0; b < architecture.blocks; ++b) {
    const std::string block = "block" + std::to_string(b);
    for (const char* layer : {"query", "key", "value", "output"}) {
      if (!architecture.has_attention) break;
      const std::string name = block + ".attention." + layer;
      add(name + ".weight", {width, width});
      for (const char* part : {".bias", ".gain", ".offset"}) add(name + part, {width});
    }
    add(block + ".mlp.hidden.weight", {hidden, width});
    add(block + ".mlp.hidden.bias", {hidden});
    add(block + ".mlp.output.weight", {width, hidden});
    add(block + ".mlp.output.bias", {width});
  }
  add("head.weight", {vocabulary, width});
  add("head.bias", {vocabulary});
  return tensors;
}

bool is_real_model(const std::filesystem::path& path) {
  return has_magic(Hdf5File::open(path));
}

RealModel read_real_model(const std::filesystem::path& path) {
  const ModelSource source(Hdf5File::open(path));
  require_real_model(source);
  return read(source);
}

void write_real_model(const RealModel& model, const std::filesystem::path& path) {
  PendingFile pending(path);
  Hdf5File file = Hdf5File::create(pending.path());
  file.write_string_attribute("/", "magic", detail::real_model_magic);
  file.write_attribute("/", "version", detail::real_model_version);
  file.write_string_attribute("/", "identity", real_model_identity(model));
  write_architecture(file, model.architecture);
  write_text(file, model);
  for (const RealTensor& tensor : model.tensors) write_tensor(file, tensor);
  file.create_group("/provenance");
  for (const auto& [key, value] : model.provenance) {
    file.write_string_attribute("/provenance", key, value);
  }
  file.close();
  pending.publish();
}

}  // namespace synfire
