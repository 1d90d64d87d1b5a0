// SPDX-License-Identifier: Apache-2.0
#include "analysis/report_data.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/detail/report_blob.hpp"
#include "analysis/detail/report_json.hpp"
#include "analysis/detail/report_tables.hpp"
#include "analysis/recorded_summary.hpp"
#include "analysis/recorder.hpp"

namespace synfire {
namespace {

using detail::ReportBlob;
using detail::ReportColumn;
using detail::ReportJson;

constexpr int format_version = 1;

/// Columns token, id, position, is_given, injected, finished; id -1: without a name.
ReportJson write_tokens(const Recording& recording, ReportBlob& blob) {
  std::array<ReportColumn, 6> columns;
  for (const RecordedToken& token : recording.tokens()) {
    columns[0].push_back(token.token);
    columns[1].push_back(token.id == unnamed_token ? -1 : std::int64_t{token.id});
    columns[2].push_back(token.position);
    columns[3].push_back(token.is_given ? 1 : 0);
    columns[4].push_back(token.injected.time_since_epoch().count());
    columns[5].push_back(token.finished.time_since_epoch().count());
  }
  return detail::json_of(blob.add(columns));
}

std::uint64_t rows_of(const Recording& recording) {
  std::uint64_t rows = recording.total_spike_count() + recording.step_count();
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    rows += recording.potential_count(PopulationId{i});
  }
  return std::max<std::uint64_t>(rows, 1);
}

/// The keys of `run --json`, but for what the run took of the machine.
ReportJson summary_json(const RunSummary& summary) {
  ReportJson json = ReportJson::parse(to_json(summary));
  for (const char* key : {"wall_s", "events_per_wall_s", "peak_rss_bytes"}) json.erase(key);
  return json;
}

/// JSON inside of a script element must not seem to end it.
std::string harmless(const ReportJson& json) {
  const std::string text = json.dump(-1, ' ', true, ReportJson::error_handler_t::replace);
  std::string result;
  for (const char character : text) {
    if (character == '<') {
      result += R"(\u003c)";
    } else {
      result += character;
    }
  }
  return result;
}

}  // namespace

void write_report_data(const Recording& recording, std::size_t index, std::ostream& output,
                       const ReportProgress& progress) {
  std::uint64_t done = 0;
  const auto advance = [&, rows = rows_of(recording)](std::uint64_t more) {
    done += more;
    progress(static_cast<double>(done) / static_cast<double>(rows));
  };
  const std::optional<RunSummary> summary = recorded_summary(recording);
  ReportJson run{{"format", format_version}};
  run.update(detail::description_json(recording));
  run["notes"] = detail::notes_json(recording);
  run["end_ps"] = detail::end_of(recording);
  run["summary"] = summary ? summary_json(*summary) : ReportJson(nullptr);
  run["energy"] = summary ? detail::energy_json(recording, *summary) : ReportJson(nullptr);
  run["twins"] = summary ? detail::twins_json(recording) : ReportJson::array();
  run["network"] = detail::network_json(recording, summary ? &*summary : nullptr);
  const std::string number = std::to_string(index);
  output << "<script type=\"text/plain\" id=\"blob-" << number << "\">";
  ReportBlob blob(output);
  run["tokens"] = write_tokens(recording, blob);
  run["spikes"] = detail::write_spikes(recording, blob, advance);
  run["potentials"] = detail::write_potentials(recording, blob, advance);
  run["layer_actions"] = detail::write_layer_actions(recording, blob);
  run["link_use"] = detail::write_link_use(recording, blob);
  run["steps"] = detail::write_steps(recording, blob, advance);
  output << "</script>\n<script type=\"application/json\" id=\"run-" << number << "\">"
         << harmless(run) << "</script>\n";
}

}  // namespace synfire
