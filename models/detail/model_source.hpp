// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// A model file being read: every refusal names the file and the place in it.
class ModelSource {
 public:
  explicit ModelSource(Hdf5File file) : file_(std::move(file)) {}

  const Hdf5File& file() const { return file_; }

  /// Throws ConfigError `FILE:place: fact`.
  [[noreturn]] void refuse(const std::string& place, const std::string& fact) const;

  /// Runs `action`; its ConfigErrors become errors at `place`.
  template <typename Action>
  auto at(const std::string& place, const Action& action) const {
    try {
      return action();
    } catch (const ConfigError& error) {
      refuse(place, error.what());
    }
  }

  /// Refuses members of `group` beyond those named: a misspelt one would otherwise be left out
  /// silently.
  void require_members(const std::string& group,
                       std::initializer_list<std::string_view> known) const;
  /// The same for attributes.
  void require_attributes(const std::string& object,
                          std::initializer_list<std::string_view> known) const;

  /// An integer attribute of the range of T.
  template <typename T>
  T integer(const std::string& object, const std::string& name) const;
  template <typename T>
  T integer_or(const std::string& object, const std::string& name, T absent) const {
    return file_.has_attribute(object, name) ? integer<T>(object, name) : absent;
  }
  /// An integer attribute within 1..most.
  std::uint32_t size(const std::string& object, const std::string& name, std::uint32_t most) const;
  double real(const std::string& object, const std::string& name) const;
  std::string text(const std::string& object, const std::string& name) const;
  std::string text_or(const std::string& object, const std::string& name,
                      const std::string& absent) const {
    return file_.has_attribute(object, name) ? text(object, name) : absent;
  }

  /// All attributes of a group as texts; none if there is no such group.
  std::map<std::string, std::string> texts(const std::string& group) const;
  /// Throws IoError if the file names an identity and it is not this one.
  void require_identity(const std::string& identity) const;

  /// A floating-point dataset of exactly these extents, as single precision, all finite.
  std::vector<float> reals(const std::string& dataset,
                           const std::vector<std::uint64_t>& extents) const;

  /// An integer dataset of exactly these extents and of the range of T, whatever its own width.
  template <typename T>
  std::vector<T> integers(const std::string& dataset,
                          const std::vector<std::uint64_t>& extents) const;

 private:
  /// Throws unless the shape has these extents.
  void require_extents(const std::string& dataset, const Hdf5Shape& shape,
                       const std::vector<std::uint64_t>& extents) const;
  template <typename T, typename Stored>
  std::vector<T> narrowed(const std::string& dataset) const;

  Hdf5File file_;
};

}  // namespace synfire::detail
