// SPDX-License-Identifier: Apache-2.0
#include "models/training/ablation_grid.hpp"

#include <algorithm>
#include <set>

#include "sim/error.hpp"
#include "topology/yaml_values.hpp"

namespace synfire::training {
namespace {

constexpr const char* kRowKey = "row";
constexpr const char* kTrainedKey = "trained";
constexpr std::size_t kMostRows = 10'000;

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> alternatives(const WrittenValue& written) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= written.value.size()) {
    const std::size_t end = std::min(written.value.find('|', begin), written.value.size());
    parts.push_back(trimmed(written.value.substr(begin, end - begin)));
    if (parts.back().empty()) {
      throw ConfigError(written.place, written.key_path,
                        "has an empty alternative; write values with | between them");
    }
    begin = end + 1;
  }
  return parts;
}

void set(std::vector<AblationSetting>& settings, const std::string& key, const std::string& value) {
  const auto found = std::ranges::find(settings, key, &AblationSetting::first);
  if (found == settings.end()) {
    settings.emplace_back(key, value);
  } else {
    found->second = value;
  }
}

bool yes_or_no(const WrittenValue& written) {
  if (written.value == "yes" || written.value == "true") return true;
  if (written.value == "no" || written.value == "false") return false;
  throw ConfigError(written.place, written.key_path, "is '" + written.value + "'; write yes or no");
}

/// Every row so far, once for each alternative of a further setting.
std::vector<AblationRow> multiplied(const std::vector<AblationRow>& rows,
                                    const WrittenValue& written) {
  const std::vector<std::string> values = alternatives(written);
  if (rows.size() * values.size() > kMostRows) {
    throw ConfigError(written.place, written.key_path,
                      "makes more than 10000 rows; study fewer alternatives at once");
  }
  std::vector<AblationRow> product;
  for (const AblationRow& row : rows) {
    for (const std::string& value : values) {
      AblationRow next = row;
      set(next.settings, written.key_path, value);
      if (values.size() > 1) next.name += " " + written.key_path + "=" + value;
      product.push_back(std::move(next));
    }
  }
  return product;
}

std::vector<AblationRow> expanded(const WrittenRow& entry,
                                  const std::vector<AblationSetting>& common) {
  std::vector<AblationRow> rows{{"", entry.place, common, true}};
  for (const WrittenValue& written : entry.values) {
    if (written.key_path == kRowKey) {
      for (AblationRow& row : rows) row.name = written.value + row.name;
    } else if (written.key_path == kTrainedKey) {
      for (AblationRow& row : rows) row.is_trained = yes_or_no(written);
    } else {
      rows = multiplied(rows, written);
    }
  }
  return rows;
}

}  // namespace

std::vector<AblationRow> read_ablation(const std::string& text, const std::string& file) {
  std::vector<AblationSetting> common;
  std::vector<AblationRow> rows;
  std::set<std::string> names;
  for (const WrittenRow& entry : read_yaml_rows(text, file, "ablation")) {
    const bool is_row = std::ranges::any_of(
        entry.values, [](const WrittenValue& written) { return written.key_path == kRowKey; });
    if (!is_row) {
      for (const WrittenValue& written : entry.values) {
        set(common, written.key_path, written.value);
      }
      continue;
    }
    for (AblationRow& row : expanded(entry, common)) {
      if (!names.insert(row.name).second) {
        throw ConfigError(row.place, kRowKey, "'" + row.name + "' stands twice; rename one");
      }
      rows.push_back(std::move(row));
    }
  }
  if (rows.empty()) {
    throw ConfigError(file, "ablation", "has no rows; an entry with `row: NAME` is one");
  }
  return rows;
}

}  // namespace synfire::training
