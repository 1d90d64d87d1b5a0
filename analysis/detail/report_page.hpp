// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace synfire::detail {

/// The built page of analysis/report, before and after the place for data.
struct ReportPage {
  std::string before;
  std::string after;
};

/// Throws  IoError if the file cannot be read or is no such page.
ReportPage read_report_page(const std::filesystem::path& path);

}  // namespace synfire::detail
