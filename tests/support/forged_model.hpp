// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "models/model_file.hpp"
#include "sim/hdf5_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {

/// A valid model file copied without some places (`/group/dataset`, `/group@attribute`) and without
/// its identity, which the test then writes anew, wrongly.
class ForgedModel {
 public:
  ForgedModel(const Model& valid, std::set<std::string> without);

  Hdf5File& file() { return file_; }

  /// Place and fact of the ConfigError that reading gives, or what else happened.
  std::string refusal();

 private:
  void copy(const std::string& group);
  void copy_attribute(const std::string& group, const std::string& name);

  TemporaryFolder folder_;
  std::set<std::string> without_;
  Hdf5File valid_;
  Hdf5File file_;
};

}  // namespace synfire::test
