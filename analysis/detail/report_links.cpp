// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "analysis/detail/report_tables.hpp"

namespace synfire::detail {
namespace {

constexpr std::uint64_t most_numbers = std::uint64_t{1} << 21U;  // some megabytes of a page

void append(std::vector<ReportColumn>& columns, const RecordedLinkWindow& window, bool is_new) {
  const std::size_t links = window.bits.size();
  if (columns.empty()) columns.resize(1 + 2 * links);
  if (is_new) {
    for (ReportColumn& column : columns) column.push_back(0);
  }
  columns[0].back() = window.time.time_since_epoch().count();
  for (std::size_t link = 0; link < links; ++link) {
    columns[1 + link].back() += window.bits[link];
    columns[1 + links + link].back() += window.busy[link].count();
  }
}

}  // namespace

ReportJson write_link_use(const Recording& recording, ReportBlob& blob) {
  const std::uint64_t windows = recording.link_window_count();
  if (windows == 0) return nullptr;
  const std::uint64_t links = recording.link_windows(0, 1).front().bits.size();
  const std::uint64_t joined = (windows * 2 * links) / most_numbers + 1;
  std::vector<ReportColumn> columns;
  for (std::uint64_t i = 0; i < windows; ++i) {
    append(columns, recording.link_windows(i, 1).front(), i % joined == 0);
  }
  return json_of(blob.add(columns));
}

}  // namespace synfire::detail
