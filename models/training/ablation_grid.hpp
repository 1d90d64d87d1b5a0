// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace synfire::training {

/// One option of `synfire train` without its dashes, and its value.
using AblationSetting = std::pair<std::string, std::string>;

/// One variant of a study: what it is called and how it is trained.
struct AblationRow {
  std::string name;   ///< of the entry, then every setting that the entry has alternatives for
  std::string place;  ///< `file:line`
  std::vector<AblationSetting> settings;
  bool is_trained = true;  ///< false: only its parameters are counted
};

/// Rows of an ablation file: one list `ablation` of flat entries. An entry with `row: NAME` is a
/// row, or as many as the product of its alternatives (`norm: layer | batch | power`); one without
/// is common to all rows after it, which may set the same option otherwise. `trained: no` marks
/// rows over budget.
///
/// Throws  ConfigError (file:line: key: fact) for anything else, for two rows of one name and for a
///         file without rows.
std::vector<AblationRow> read_ablation(const std::string& text, const std::string& file);

}  // namespace synfire::training
