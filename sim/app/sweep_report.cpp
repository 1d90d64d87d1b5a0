// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/summary.hpp"
#include "sim/app/support.hpp"
#include "sim/app/sweep_options.hpp"

namespace synfire::app {
namespace {

constexpr std::size_t most_lines = 20;

std::size_t failed_rows(const SweepTable& table) {
  return static_cast<std::size_t>(std::ranges::count_if(table.rows, &SweepRow::has_failed));
}

std::size_t column_of(const SweepHeader& header, const std::string& metric) {
  return static_cast<std::size_t>(std::ranges::find(header.metrics, metric) -
                                  header.metrics.begin());
}

/// Objectives, then `key path value` of every parameter.
std::string front_line(const SweepHeader& header, const SweepRow& row) {
  std::string line = "   ";
  for (const std::string& objective : header.objectives) {
    const std::size_t column = column_of(header, objective);
    const std::string& unit = header.metric_units[column];
    line += fmt::format(" {:>12}",
                        engineering(row.metrics[column], unit == "1" || unit == "J s" ? "" : unit));
  }
  line += " ";
  for (std::size_t i = 0; i < header.parameters.size(); ++i) {
    const std::string& path = header.parameters[i];
    line += fmt::format("{} {}={}", i == 0 ? "" : ",", path, value_as_written(path, row.values[i]));
  }
  return line + "\n";
}

std::vector<std::size_t> front_of(const SweepTable& table, std::uint32_t workload) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (table.is_on_front[i] && table.rows[i].workload == workload) front.push_back(i);
  }
  const SweepHeader& header = table.header;
  std::ranges::stable_sort(front, {}, [&](std::size_t i) {
    return table.rows[i].metrics[column_of(header, header.objectives.front())];
  });
  return front;
}

std::string front_text(const SweepTable& table, std::uint32_t workload) {
  const std::vector<std::size_t> front = front_of(table, workload);
  std::string text = fmt::format("\nPareto front of workload {}: {}\n",
                                 table.header.workloads[workload], counted(front.size(), "chip"));
  for (std::size_t i = 0; i < std::min(front.size(), most_lines); ++i) {
    text += front_line(table.header, table.rows[front[i]]);
  }
  if (front.size() > most_lines) {
    text += fmt::format("    and {} more; they are in the table\n", front.size() - most_lines);
  }
  return text;
}

/// The commonest reasons first.
std::string failure_text(const SweepTable& table) {
  std::vector<std::pair<std::size_t, std::string>> reasons;
  for (const SweepRow& row : table.rows) {
    if (!row.has_failed()) continue;
    const auto found =
        std::ranges::find(reasons, row.error, &std::pair<std::size_t, std::string>::second);
    if (found == reasons.end()) {
      reasons.emplace_back(1, row.error);
    } else {
      ++found->first;
    }
  }
  std::ranges::stable_sort(reasons, std::greater<>(), &std::pair<std::size_t, std::string>::first);
  std::string text;
  constexpr std::size_t most_reasons = 3;
  for (std::size_t i = 0; i < std::min(reasons.size(), most_reasons); ++i) {
    text += fmt::format("    {} x {}\n", reasons[i].first, reasons[i].second.substr(0, 90));
  }
  return text;
}

}  // namespace

std::string sweep_text(const SweepTable& table) {
  std::string objectives;
  for (const std::string& name : table.header.objectives) {
    objectives += (objectives.empty() ? "" : ", ") + name;
  }
  std::string text =
      fmt::format("{:<22}{}, {} failed\n", "rows", table.rows.size(), failed_rows(table)) +
      failure_text(table) + fmt::format("{:<22}{}\n", "objectives", objectives);
  for (std::uint32_t i = 0; i < table.header.workloads.size(); ++i) text += front_text(table, i);
  text.pop_back();
  return text;
}

std::string sweep_json(const SweepTable& table) {
  const SweepHeader& header = table.header;
  nlohmann::ordered_json object{{"complete", table.is_complete},
                                {"rows", table.rows.size()},
                                {"failed", failed_rows(table)},
                                {"parameters", header.parameters},
                                {"objectives", header.objectives}};
  for (std::size_t i = 0; i < header.parameters.size(); ++i) {
    object["units"][header.parameters[i]] = header.units[i];
  }
  for (std::size_t i = 0; i < header.metrics.size(); ++i) {
    object["units"][header.metrics[i]] = header.metric_units[i];
  }
  object["front"] = nlohmann::ordered_json::array();
  for (std::uint32_t workload = 0; workload < header.workloads.size(); ++workload) {
    for (const std::size_t i : front_of(table, workload)) {
      const SweepRow& row = table.rows[i];
      nlohmann::ordered_json entry{
          {"workload", header.workloads[workload]}, {"point", row.point}, {"round", row.round}};
      for (std::size_t j = 0; j < header.parameters.size(); ++j) {
        if (is_choice(header.units[j])) {
          entry[header.parameters[j]] = sweep_value(row.values[j], header.units[j]);
        } else {
          entry[header.parameters[j]] = row.values[j];
        }
      }
      for (std::size_t j = 0; j < header.metrics.size(); ++j) {
        entry[header.metrics[j]] = row.metrics[j];
      }
      object["front"].push_back(std::move(entry));
    }
  }
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace synfire::app
