// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_page.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "analysis/detail/report_page.hpp"
#include "analysis/sweep_levels.hpp"
#include "analysis/sweep_metrics.hpp"
#include "sim/error.hpp"
#include "sim/pending_file.hpp"

namespace synfire {
namespace {

using Json = nlohmann::ordered_json;

Json parameters_json(const SweepTable& table) {
  Json list = Json::array();
  for (std::size_t i = 0; i < table.header.parameters.size(); ++i) {
    list.push_back({{"name", table.header.parameters[i]}, {"unit", table.header.units[i]}});
  }
  return list;
}

Json metrics_json(const SweepHeader& header) {
  Json list = Json::array();
  for (std::size_t i = 0; i < header.metrics.size(); ++i) {
    const auto known = std::ranges::find(sweep_metrics(), header.metrics[i], &SweepMetric::name);
    const bool is_known = known != sweep_metrics().end();
    list.push_back({{"name", header.metrics[i]},
                    {"unit", header.metric_units[i]},
                    {"is_maximised", is_known && known->is_maximised},
                    {"sentence", is_known ? std::string(known->sentence) : ""}});
  }
  return list;
}

Json row_json(const SweepTable& table, std::size_t i) {
  const SweepRow& row = table.rows[i];
  Json shown = Json::array();
  for (std::size_t j = 0; j < row.values.size(); ++j) {
    shown.push_back(value_as_written(table.header.parameters[j], row.values[j]));
  }
  return {{"round", row.round},       {"point", row.point},
          {"workload", row.workload}, {"values", row.values},
          {"shown", shown},           {"metrics", row.metrics},
          {"error", row.error},       {"is_on_front", bool(table.is_on_front[i])}};
}

/// Per workload, objective and parameter.
Json sensitivity_json(const SweepTable& table) {
  const SweepHeader& header = table.header;
  Json workloads = Json::array();
  for (std::uint32_t workload = 0; workload < header.workloads.size(); ++workload) {
    const std::vector<std::size_t> rows = measured_rows(table, workload);
    Json objectives = Json::array();
    for (const std::string& name : header.objectives) {
      const auto metric = static_cast<std::size_t>(std::ranges::find(header.metrics, name) -
                                                   header.metrics.begin());
      Json shares = Json::array();
      for (std::size_t i = 0; i < header.parameters.size(); ++i) {
        shares.push_back(rows.empty() ? 0 : sensitivity(table, rows, i, metric));
      }
      objectives.push_back(std::move(shares));
    }
    workloads.push_back(std::move(objectives));
  }
  return workloads;
}

}  // namespace

std::string sweep_page_data(const SweepTable& table, const std::string& name) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < table.rows.size(); ++i) rows.push_back(row_json(table, i));
  const auto chip = std::ranges::find_if(
      table.header.facts, [](const std::string& fact) { return fact.starts_with("chip name: "); });
  const Json data{
      {"file", name},
      {"chip", chip == table.header.facts.end() ? "" : chip->substr(chip->find(": ") + 2)},
      {"parameters", parameters_json(table)},
      {"metrics", metrics_json(table.header)},
      {"objectives", table.header.objectives},
      {"workloads", table.header.workloads},
      {"sensitivity", sensitivity_json(table)},
      {"rows", rows}};
  std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  // No text of the data may end the element that it lies in.
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos;) {
    text.replace(at, 1, "\\u003c");
  }
  return text;
}

void write_sweep_page(const SweepTable& table, const std::string& name,
                      const std::filesystem::path& page_path, const std::filesystem::path& output) {
  const detail::ReportPage page = detail::read_report_page(page_path);
  PendingFile pending(output);
  std::ofstream file(pending.path(), std::ios::binary);
  file << page.before << "<script type=\"application/json\" id=\"sweep\">"
       << sweep_page_data(table, name) << "</script>\n"
       << page.after;
  file.close();
  if (!file) throw WriteError(output.string(), "cannot be written; is the disk full?");
  pending.publish();
}

}  // namespace synfire
