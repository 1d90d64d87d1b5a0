// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_definition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>

#include "analysis/sweep_metrics.hpp"
#include "sim/error.hpp"
#include "sim/suggestion.hpp"
#include "sim/text_file.hpp"
#include "topology/placement.hpp"

namespace synfire {
namespace {

constexpr std::array<const char*, 4> methods{"grid", "random", "latin_hypercube", "sobol"};
constexpr double hottest = 100;

[[noreturn]] void refuse(const WrittenValue& written, const std::string& fact) {
  throw ConfigError(written.place, written.key_path, fact);
}

std::uint64_t whole_number(const WrittenValue& written, std::uint64_t minimum,
                           std::uint64_t maximum) {
  std::uint64_t number = 0;
  const char* end = written.value.data() + written.value.size();
  const auto [after, error] = std::from_chars(written.value.data(), end, number);
  if (error != std::errc() || after != end || number < minimum || number > maximum) {
    refuse(written, "`" + written.value.substr(0, 40) + "` is no whole number from " +
                        std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return number;
}

double temperature(const WrittenValue& written) {
  std::istringstream text(written.value);
  text.imbue(std::locale::classic());
  double number = -1;
  text >> number;
  if (!text || !text.eof() || !(number >= 0 && number <= hottest)) {
    refuse(written, "`" + written.value.substr(0, 40) + "` is no number from 0 to 100");
  }
  return number;
}

std::string metric_names() {
  std::string names;
  for (const SweepMetric& metric : sweep_metrics()) {
    names += (names.empty() ? "" : ", ") + std::string(metric.name);
  }
  return names;
}

/// `energy_per_token, latency_per_token`.
std::vector<std::size_t> objectives(const WrittenValue& written) {
  std::vector<std::size_t> places;
  std::vector<std::string> known;
  for (const SweepMetric& metric : sweep_metrics()) known.emplace_back(metric.name);
  std::istringstream text(written.value);
  for (std::string name; std::getline(text, name, ',');) {
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    const auto found = std::ranges::find(known, name);
    if (found == known.end()) {
      refuse(written, "there is no objective `" + name.substr(0, 40) + "`" +
                          suggestion(name, known) + "; there are " + metric_names());
    }
    const auto place = static_cast<std::size_t>(found - known.begin());
    if (std::ranges::find(places, place) != places.end()) {
      refuse(written, "`" + name + "` stands twice; remove one");
    }
    places.push_back(place);
  }
  return places;
}

class DefinitionReader {
 public:
  explicit DefinitionReader(const std::string& file) { definition_.file = file; }

  SweepDefinition read(const std::string& yaml) {
    definition_.written = read_yaml_values(yaml, definition_.file);
    for (const WrittenValue& written : definition_.written) read_value(written);
    if (definition_.workloads.empty()) definition_.workloads.push_back({.name = "default"});
    if (definition_.objectives.empty()) definition_.objectives = {0, 1};
    check();
    return std::move(definition_);
  }

 private:
  void read_value(const WrittenValue& written) {
    if (!written.source.empty() || !written.assumed.empty()) {
      refuse(written, "has a source; a sweep's values have none, remove it");
    }
    const std::size_t dot = written.key_path.find('.');
    const std::string section = written.key_path.substr(0, dot);
    const std::string rest = dot == std::string::npos ? "" : written.key_path.substr(dot + 1);
    if (section == "parameters" && !rest.empty()) {
      definition_.axes.push_back(parse_axis(written, rest));
    } else if (section == "constraints" && !rest.empty()) {
      definition_.constraints.emplace_back(written);
    } else if (section == "workloads" && !rest.empty()) {
      read_workload(written, rest);
    } else if (section == "narrowing" && !rest.empty()) {
      read_narrowing(written, rest);
    } else {
      read_setting(written);
    }
  }

  [[noreturn]] static void refuse_key(const WrittenValue& written, const std::string& key,
                                      const std::vector<std::string>& known) {
    std::string list;
    for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
    refuse(written, "unknown key" + suggestion(key, known) + "; there are " + list);
  }

  void read_setting(const WrittenValue& written) {
    const std::string& key = written.key_path;
    if (key == "name" || key == "description") return;
    if (key == "chip") {
      definition_.chip = written.value;
    } else if (key == "placement") {
      read_placement(written);
    } else if (key == "method") {
      read_method(written);
    } else if (key == "points") {
      definition_.points = static_cast<std::uint32_t>(whole_number(written, 1, most_sweep_points));
      points_ = written;
    } else if (key == "seed") {
      definition_.seed = whole_number(written, 0, INT64_MAX);
    } else if (key == "objectives") {
      definition_.objectives = objectives(written);
    } else {
      refuse_key(written, key,
                 {"name", "description", "chip", "placement", "method", "points", "seed",
                  "parameters", "constraints", "workloads", "objectives", "narrowing"});
    }
  }

  void read_placement(const WrittenValue& written) {
    try {
      placement_from_string(written.value);
    } catch (const ConfigError& error) {
      const std::string_view fact(error.what());
      refuse(written, std::string(fact.substr(error.key_path.size() + 2)));
    }
    definition_.placement = written.value;
  }

  void read_method(const WrittenValue& written) {
    const auto found = std::ranges::find(methods, written.value);
    if (found == methods.end()) {
      refuse_key(written, written.value, {methods.begin(), methods.end()});
    }
    definition_.method = static_cast<SamplingMethod>(found - methods.begin());
  }

  void read_workload(const WrittenValue& written, const std::string& rest) {
    const std::size_t dot = rest.find('.');
    if (dot == std::string::npos) {
      refuse(written, "is no workload; give keys, for example `prompt`, below its name");
    }
    const std::string name = rest.substr(0, dot);
    const std::string key = rest.substr(dot + 1);
    auto& workloads = definition_.workloads;
    auto found = std::ranges::find(workloads, name, &SweepWorkload::name);
    if (found == workloads.end()) {
      found = workloads.insert(found, {.name = name, .place = written.place});
    }
    if (key == "model") {
      found->model = written.value;
    } else if (key == "prompt") {
      found->prompt = written.value;
    } else if (key == "tokens") {
      found->tokens = static_cast<std::uint32_t>(whole_number(written, 0, most_sweep_points));
    } else if (key == "temperature") {
      found->temperature = temperature(written);
    } else if (key == "seed") {
      found->seed = whole_number(written, 0, INT64_MAX);
    } else {
      refuse_key(written, key, {"model", "prompt", "tokens", "temperature", "seed"});
    }
  }

  void read_narrowing(const WrittenValue& written, const std::string& key) {
    constexpr std::uint32_t most_rounds = 1000;
    if (key == "rounds") {
      definition_.narrowing.rounds =
          static_cast<std::uint32_t>(whole_number(written, 0, most_rounds));
    } else if (key == "points") {
      definition_.narrowing.points =
          static_cast<std::uint32_t>(whole_number(written, 1, most_sweep_points));
    } else {
      refuse_key(written, key, {"rounds", "points"});
    }
  }

  [[noreturn]] void refuse_whole(const std::string& key, const std::string& fact) const {
    throw ConfigError(definition_.file, key, fact);
  }

  void check() const {
    if (definition_.axes.empty()) {
      refuse_whole("parameters", "are missing; give at least one key path of a chip file");
    }
    if (definition_.narrowing.rounds > 0 && definition_.narrowing.points == 0) {
      refuse_whole("narrowing.points", "is missing; say how many points a round has");
    }
    if (definition_.method == SamplingMethod::grid) {
      check_grid();
    } else if (definition_.points == 0) {
      refuse_whole("points", "is missing; say how many to draw");
    }
  }

  void check_grid() const {
    if (definition_.points > 0) {
      refuse(points_,
             "a grid has as many points as combinations; remove it or choose a method "
             "that draws");
    }
    double combinations = 1;
    for (const SweepAxis& axis : definition_.axes) {
      if (!axis.is_listed()) {
        const std::string key = "parameters." + axis.key_path();
        const auto written = std::ranges::find(definition_.written, key, &WrittenValue::key_path);
        refuse(*written,
               "a grid needs values; list them, add `step` or `times` to the range, or "
               "choose a method that draws");
      }
      combinations *= static_cast<double>(axis.values.size());
    }
    if (combinations > most_sweep_points) {
      refuse_whole("parameters", "have more than " + std::to_string(most_sweep_points) +
                                     " combinations; list fewer values or choose a method that "
                                     "draws");
    }
  }

  SweepDefinition definition_;
  WrittenValue points_;
};

}  // namespace

SweepDefinition parse_sweep(const std::string& yaml, const std::string& name) {
  return DefinitionReader(name).read(yaml);
}

SweepDefinition read_sweep(const std::filesystem::path& file) {
  return parse_sweep(read_text_file(file, "give a sweep (YAML)"), file.string());
}

}  // namespace synfire
