// SPDX-License-Identifier: Apache-2.0
#include "models/detail/model_source.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace synfire::detail {
namespace {

std::string in_words(const std::vector<std::uint64_t>& extents) {
  std::string words = "[";
  for (const std::uint64_t extent : extents) {
    words += (words.size() > 1 ? ", " : "") + std::to_string(extent);
  }
  return words + "]";
}

std::string known_words(std::initializer_list<std::string_view> known) {
  std::string words;
  for (const std::string_view word : known) {
    words += (words.empty() ? "" : ", ") + std::string(word);
  }
  return words;
}

template <typename T>
std::string range_words() {
  return std::to_string(+std::numeric_limits<T>::min()) + ".." +
         std::to_string(+std::numeric_limits<T>::max());
}

}  // namespace

void ModelSource::refuse(const std::string& place, const std::string& fact) const {
  throw ConfigError(file_.path().string() + ":" + place, fact);
}

void ModelSource::require_members(const std::string& group,
                                  std::initializer_list<std::string_view> known) const {
  for (const std::string& name : file_.children(group)) {
    if (std::ranges::find(known, name) != known.end()) continue;
    refuse((group == "/" ? "" : group) + "/" + name,
           "is unknown; known here: " + known_words(known));
  }
}

void ModelSource::require_attributes(const std::string& object,
                                     std::initializer_list<std::string_view> known) const {
  for (const std::string& name : file_.attributes(object)) {
    if (std::ranges::find(known, name) != known.end()) continue;
    refuse(object, "attribute '" + name + "' is unknown; known here: " + known_words(known));
  }
}

template <typename T>
T ModelSource::integer(const std::string& object, const std::string& name) const {
  if (!file_.has_attribute(object, name)) refuse(object, "attribute '" + name + "' is missing");
  const Hdf5Shape shape = file_.attribute_shape(object, name);
  if (!is_integer(shape.type) || shape.type == Hdf5Type::uint64 || shape.elements() != 1) {
    refuse(object, "attribute '" + name + "' is not one integer");
  }
  const std::int64_t value = file_.read_attribute<std::int64_t>(object, name).front();
  if (!std::in_range<T>(value)) {
    refuse(object, "attribute '" + name + "' is " + std::to_string(value) + ", outside " +
                       range_words<T>());
  }
  return static_cast<T>(value);
}

std::uint32_t ModelSource::size(const std::string& object, const std::string& name,
                                std::uint32_t most) const {
  const auto value = integer<std::uint32_t>(object, name);
  if (value == 0 || value > most) {
    refuse(object, "attribute '" + name + "' is " + std::to_string(value) + ", outside 1.." +
                       std::to_string(most));
  }
  return value;
}

double ModelSource::real(const std::string& object, const std::string& name) const {
  if (!file_.has_attribute(object, name)) refuse(object, "attribute '" + name + "' is missing");
  const Hdf5Shape shape = file_.attribute_shape(object, name);
  if (is_integer(shape.type)) return static_cast<double>(integer<std::int64_t>(object, name));
  if (size_of(shape.type) == 0 || shape.elements() != 1) {
    refuse(object, "attribute '" + name + "' is not one number");
  }
  return file_.read_attribute<double>(object, name).front();
}

std::string ModelSource::text(const std::string& object, const std::string& name) const {
  if (!file_.has_attribute(object, name)) refuse(object, "attribute '" + name + "' is missing");
  return file_.read_string_attribute(object, name);
}

std::map<std::string, std::string> ModelSource::texts(const std::string& group) const {
  std::map<std::string, std::string> texts;
  if (!file_.contains(group)) return texts;
  for (const std::string& key : file_.attributes(group)) texts[key] = text(group, key);
  return texts;
}

void ModelSource::require_identity(const std::string& identity) const {
  if (!file_.has_attribute("/", "identity") || text("/", "identity") == identity) return;
  throw IoError(file_.path().string(),
                "its content is not what its attribute 'identity' says: damaged, or changed on "
                "purpose; then delete the attribute");
}

void ModelSource::require_extents(const std::string& dataset, const Hdf5Shape& shape,
                                  const std::vector<std::uint64_t>& extents) const {
  if (shape.extents == extents) return;
  refuse(dataset, "has shape " + in_words(shape.extents) + " instead of " + in_words(extents));
}

std::vector<float> ModelSource::reals(const std::string& dataset,
                                      const std::vector<std::uint64_t>& extents) const {
  if (!file_.contains(dataset)) refuse(dataset, "is missing");
  const Hdf5Shape shape = file_.shape(dataset);
  if (shape.type != Hdf5Type::float32 && shape.type != Hdf5Type::float64) {
    refuse(dataset, "is " + std::string(to_string(shape.type)) + ", not floating-point");
  }
  require_extents(dataset, shape, extents);
  const std::vector<double> stored = file_.read<double>(dataset);
  std::vector<float> values(stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    values[i] = static_cast<float>(stored[i]);
    if (std::isfinite(values[i])) continue;
    refuse(dataset, "value " + std::to_string(stored[i]) + " at flat index " + std::to_string(i) +
                        " is not finite in single precision");
  }
  return values;
}

template <typename T, typename Stored>
std::vector<T> ModelSource::narrowed(const std::string& dataset) const {
  const std::vector<Stored> stored = file_.read<Stored>(dataset);
  std::vector<T> values(stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (!std::in_range<T>(stored[i])) {
      refuse(dataset, "value " + std::to_string(stored[i]) + " at flat index " + std::to_string(i) +
                          " is outside " + range_words<T>());
    }
    values[i] = static_cast<T>(stored[i]);
  }
  return values;
}

template <typename T>
std::vector<T> ModelSource::integers(const std::string& dataset,
                                     const std::vector<std::uint64_t>& extents) const {
  if (!file_.contains(dataset)) refuse(dataset, "is missing");
  const Hdf5Shape shape = file_.shape(dataset);
  if (!is_integer(shape.type)) {
    refuse(dataset, "is " + std::string(to_string(shape.type)) +
                        "; a chip computes with integers only: quantise, then store " +
                        std::string(to_string(hdf5_type_of<T>())));
  }
  require_extents(dataset, shape, extents);
  if (shape.type == hdf5_type_of<T>()) return file_.read<T>(dataset);
  if (shape.type == Hdf5Type::uint64) return narrowed<T, std::uint64_t>(dataset);
  return narrowed<T, std::int64_t>(dataset);
}

template std::int8_t ModelSource::integer(const std::string&, const std::string&) const;
template std::int32_t ModelSource::integer(const std::string&, const std::string&) const;
template std::uint8_t ModelSource::integer(const std::string&, const std::string&) const;
template std::uint32_t ModelSource::integer(const std::string&, const std::string&) const;
template std::vector<std::int8_t> ModelSource::integers(const std::string&,
                                                        const std::vector<std::uint64_t>&) const;
template std::vector<std::uint8_t> ModelSource::integers(const std::string&,
                                                         const std::vector<std::uint64_t>&) const;
template std::vector<std::int32_t> ModelSource::integers(const std::string&,
                                                         const std::vector<std::uint64_t>&) const;
template std::vector<std::uint32_t> ModelSource::integers(const std::string&,
                                                          const std::vector<std::uint64_t>&) const;

}  // namespace synfire::detail
