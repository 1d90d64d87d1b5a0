// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_table.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analysis/pareto.hpp"
#include "analysis/sweep_metrics.hpp"
#include "sim/params.hpp"
#include "topology/chip_parameters.hpp"

namespace synfire {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : ",") + quoted(word);
  return line + "\n";
}

std::string named(const std::string& name, const std::string& unit) {
  return unit == "1" || is_choice(unit) ? name : name + " [" + unit + "]";
}

std::vector<std::string> csv_names(const SweepHeader& header) {
  std::vector<std::string> names{"round", "point", "workload"};
  for (std::size_t i = 0; i < header.parameters.size(); ++i) {
    names.push_back(named(header.parameters[i], header.units[i]));
  }
  for (std::size_t i = 0; i < header.metrics.size(); ++i) {
    names.push_back(named(header.metrics[i], header.metric_units[i]));
  }
  names.insert(names.end(), {"is_on_front", "error"});
  return names;
}

std::map<std::string, std::string> by_key(const std::vector<std::string>& facts) {
  std::map<std::string, std::string> values;
  for (const std::string& fact : facts) {
    const std::size_t colon = fact.find(": ");
    values[fact.substr(0, colon)] = colon == std::string::npos ? "" : fact.substr(colon + 2);
  }
  return values;
}

std::string value_of(const std::map<std::string, std::string>& facts, const std::string& key) {
  constexpr std::size_t longest = 60;
  const auto found = facts.find(key);
  if (found == facts.end()) return "absent";
  const std::string& value = found->second;
  return "`" + value.substr(0, longest) + (value.size() > longest ? "...`" : "`");
}

}  // namespace

std::vector<bool> rows_on_front(const SweepHeader& header, const std::vector<SweepRow>& rows) {
  std::vector<std::pair<std::size_t, double>> objectives;  // column, sign
  for (const std::string& name : header.objectives) {
    const auto place = std::ranges::find(header.metrics, name) - header.metrics.begin();
    const auto known = std::ranges::find(sweep_metrics(), name, &SweepMetric::name);
    const bool is_maximised = known != sweep_metrics().end() && known->is_maximised;
    objectives.emplace_back(place, is_maximised ? -1.0 : 1.0);
  }
  std::vector<bool> result(rows.size(), false);
  for (std::uint32_t workload = 0; workload < header.workloads.size(); ++workload) {
    std::vector<std::size_t> members;
    std::vector<Costs> costs;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].workload != workload || rows[i].has_failed()) continue;
      members.push_back(i);
      Costs cost;
      for (const auto& [column, sign] : objectives) cost.push_back(sign * rows[i].metrics[column]);
      costs.push_back(std::move(cost));
    }
    const std::vector<bool> is_on_front = on_pareto_front(costs);
    for (std::size_t i = 0; i < members.size(); ++i) result[members[i]] = is_on_front[i];
  }
  return result;
}

bool is_choice(const std::string& unit) {
  return unit.find('|') != std::string::npos;
}

std::string sweep_value(std::int64_t value, const std::string& unit) {
  if (!is_choice(unit)) return std::to_string(value);
  std::size_t begin = 0;
  for (; value > 0; --value) begin = unit.find('|', begin) + 1;
  return unit.substr(begin, unit.find('|', begin) - begin);
}

std::string value_as_written(const std::string& key_path, std::int64_t value) {
  const auto known = std::ranges::find(chip_parameters(), key_path, &ParameterInfo::key_path);
  return known == chip_parameters().end() ? std::to_string(value)
                                          : format_value(*known->quantity, value);
}

std::string to_csv(const SweepTable& table) {
  const SweepHeader& header = table.header;
  std::string text = joined(csv_names(header));
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const SweepRow& row = table.rows[i];
    std::vector<std::string> cells{std::to_string(row.round), std::to_string(row.point),
                                   header.workloads[row.workload]};
    for (std::size_t j = 0; j < row.values.size(); ++j) {
      cells.push_back(sweep_value(row.values[j], header.units[j]));
    }
    for (const double metric : row.metrics) {
      cells.push_back(row.has_failed() ? "" : fmt::format("{}", metric));
    }
    cells.emplace_back(table.is_on_front[i] ? "1" : "0");
    cells.push_back(row.error);
    text += joined(cells);
  }
  text.pop_back();
  return text;
}

std::string fact_difference(const std::vector<std::string>& before,
                            const std::vector<std::string>& now) {
  constexpr int most_shown = 3;
  const auto was = by_key(before);
  const auto is = by_key(now);
  auto keys = was;
  keys.insert(is.begin(), is.end());
  std::string text;
  int differences = 0;
  for (const auto& [key, ignored] : keys) {
    const auto old_value = was.find(key);
    const auto new_value = is.find(key);
    if (old_value != was.end() && new_value != is.end() && old_value->second == new_value->second) {
      continue;
    }
    if (++differences > most_shown) continue;
    text += (text.empty() ? "" : "; ") + key + " was " + value_of(was, key) + ", is " +
            value_of(is, key);
  }
  if (differences > most_shown) {
    text += "; and " + std::to_string(differences - most_shown) + " more";
  }
  return text;
}

}  // namespace synfire
