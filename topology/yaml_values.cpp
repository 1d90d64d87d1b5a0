// SPDX-License-Identifier: Apache-2.0
#include "topology/yaml_values.hpp"

#include <algorithm>
#include <set>

#include <yaml-cpp/yaml.h>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::size_t most_bytes = 262'144;        // a chip file has a few; yaml-cpp is not linear
constexpr std::size_t most_row_bytes = 4'194'304;  // a row takes about 70
constexpr int deepest_section = 8;

std::string place_of(const std::string& file, const YAML::Mark& mark) {
  return mark.is_null() ? file : file + ":" + std::to_string(mark.line + 1);
}

bool is_plain_word(const std::string& key) {
  constexpr std::size_t longest = 64;
  return !key.empty() && key.size() <= longest && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// Refuses what is no text before the YAML parser sees it.
void check_text(const std::string& text, const std::string& file, std::size_t most) {
  if (text.size() > most) {
    throw ConfigError(file, "file",
                      "is larger than " + std::to_string(most / 1024) +
                          " KiB; this is no description of a chip or mapping");
  }
  const auto bad = std::ranges::find_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
  });
  if (bad == text.end()) return;
  const auto line = std::count(text.begin(), bad, '\n') + 1;
  throw ConfigError(file + ":" + std::to_string(line), "file",
                    "holds a control character; give a text file");
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  void read_section(const YAML::Node& section, const std::string& prefix, int depth) {
    std::set<std::string> seen;
    for (const auto& entry : section) {
      const std::string place = place_of(file_, entry.first.Mark());
      const std::string here = prefix.empty() ? "file" : prefix;
      if (!entry.first.IsScalar() || !is_plain_word(entry.first.Scalar())) {
        throw ConfigError(place, here, "a key must be a word of letters, digits, _ and -");
      }
      const std::string key_path = (prefix.empty() ? "" : prefix + ".") + entry.first.Scalar();
      if (!seen.insert(entry.first.Scalar()).second) {
        throw ConfigError(place, key_path, "stands twice; remove one");
      }
      read_entry(entry.second, key_path, place, depth);
    }
  }

  std::vector<WrittenValue> take() { return std::move(values_); }

 private:
  void read_entry(const YAML::Node& node, const std::string& key_path, const std::string& place,
                  int depth) {
    if (node.IsScalar()) {
      values_.push_back({key_path, node.Scalar(), "", "", place});
    } else if (node.IsSequence()) {
      throw ConfigError(place, key_path, "is a list; give one value");
    } else if (!node.IsMap() || node.size() == 0) {
      throw ConfigError(place, key_path, "is empty; give a value or remove the key");
    } else if (node["value"] || node["source"] || node["assumed"]) {
      read_value_with_origin(node, key_path, place);
    } else if (depth == deepest_section) {
      throw ConfigError(place, key_path, "is nested too deeply");
    } else {
      read_section(node, key_path, depth + 1);
    }
  }

  void read_value_with_origin(const YAML::Node& node, const std::string& key_path,
                              const std::string& place) {
    Reader inner(file_);
    for (const auto& part : node) {
      if (!part.first.IsScalar() || !part.second.IsScalar()) {
        throw ConfigError(place, key_path, "value, source and assumed must be plain texts");
      }
    }
    inner.read_section(node, "", deepest_section);
    WrittenValue value{key_path, "", "", "", place};
    for (const WrittenValue& part : inner.take()) {
      if (part.key_path == "value") {
        value.value = part.value;
      } else if (part.key_path == "source") {
        value.source = part.value;
      } else if (part.key_path == "assumed") {
        value.assumed = part.value;
      } else {
        throw ConfigError(part.place, key_path + "." + part.key_path,
                          "unknown key; a value may have a source or an assumed");
      }
    }
    if (!node["value"]) throw ConfigError(place, key_path, "has no value; add `value: ...`");
    values_.push_back(std::move(value));
  }

  const std::string& file_;
  std::vector<WrittenValue> values_;
};

std::vector<std::string> split_path(const std::string& key_path) {
  std::vector<std::string> parts(1);
  for (const char c : key_path) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

void write_value(YAML::Emitter& out, const WrittenValue& value) {
  if (value.source.empty() && value.assumed.empty()) {
    out << YAML::Value << value.value;
    return;
  }
  out << YAML::Value << YAML::Flow << YAML::BeginMap;
  out << YAML::Key << "value" << YAML::Value << value.value;
  if (!value.source.empty()) out << YAML::Key << "source" << YAML::Value << value.source;
  if (!value.assumed.empty()) out << YAML::Key << "assumed" << YAML::Value << value.assumed;
  out << YAML::EndMap;
}

WrittenRow read_row(const YAML::Node& node, const std::string& key_path, const std::string& file) {
  WrittenRow row{place_of(file, node.Mark()), {}};
  if (!node.IsMap() || node.size() == 0) {
    throw ConfigError(row.place, key_path, "is no map; write `- {key: value, ...}`");
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const std::string place = place_of(file, entry.first.Mark());
    if (!entry.first.IsScalar() || !is_plain_word(entry.first.Scalar())) {
      throw ConfigError(place, key_path, "a key must be a word of letters, digits, _ and -");
    }
    const std::string& key = entry.first.Scalar();
    if (!seen.insert(key).second) {
      throw ConfigError(place, key_path + "." + key, "stands twice; remove one");
    }
    if (!entry.second.IsScalar()) {
      throw ConfigError(place, key_path + "." + key, "is no plain value; give one");
    }
    row.values.push_back({key, entry.second.Scalar(), "", "", place});
  }
  return row;
}

}  // namespace

std::vector<WrittenValue> read_yaml_values(const std::string& text, const std::string& file) {
  check_text(text, file, most_bytes);
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1) throw ConfigError(file, "file", "holds several documents; give one");
    if (documents.empty() || documents.front().IsNull()) {
      throw ConfigError(file, "file", "is empty; start from a preset");
    }
    if (!documents.front().IsMap()) {
      throw ConfigError(file, "file", "is no list of `key: value`; start from a preset");
    }
    Reader reader(file);
    reader.read_section(documents.front(), "", 0);
    return reader.take();
  } catch (const YAML::Exception& problem) {
    throw ConfigError(place_of(file, problem.mark), "file", "is no YAML: " + problem.msg);
  }
}

std::vector<WrittenRow> read_yaml_rows(const std::string& text, const std::string& file,
                                       const std::string& key) {
  check_text(text, file, most_row_bytes);
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() != 1 || !documents.front().IsMap() || documents.front().size() != 1) {
      throw ConfigError(file, "file",
                        "must hold `" + key + ":` and a list, nothing else; remove the rest");
    }
    const auto entry = documents.front().begin();
    const std::string place = place_of(file, entry->first.Mark());
    if (!entry->first.IsScalar() || entry->first.Scalar() != key) {
      throw ConfigError(place, "file",
                        "must begin with `" + key +
                            ":`; write that, then a line `- {key: value, ...}` for each row");
    }
    const YAML::Node list = entry->second;  // the iterator's pair lives only as long as its use
    if (!list.IsSequence()) {
      throw ConfigError(place, key, "is no list; begin every line with `- `");
    }
    std::vector<WrittenRow> rows;
    for (const YAML::Node& node : list) {
      rows.push_back(read_row(node, key + "[" + std::to_string(rows.size()) + "]", file));
    }
    return rows;
  } catch (const YAML::Exception& problem) {
    throw ConfigError(place_of(file, problem.mark), "file", "is no YAML: " + problem.msg);
  }
}

std::string write_yaml_values(std::span<const WrittenValue> values) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  std::vector<std::string> open;  // sections that are open
  for (const WrittenValue& value : values) {
    std::vector<std::string> parts = split_path(value.key_path);
    const std::string key = parts.back();
    parts.pop_back();
    const auto common = std::ranges::mismatch(open, parts);
    for (auto it = common.in1; it != open.end(); ++it) out << YAML::EndMap;
    for (auto it = common.in2; it != parts.end(); ++it) {
      out << YAML::Key << *it << YAML::Value << YAML::BeginMap;
    }
    open = std::move(parts);
    out << YAML::Key << key;
    write_value(out, value);
  }
  for (std::size_t i = 0; i < open.size(); ++i) out << YAML::EndMap;
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace synfire
