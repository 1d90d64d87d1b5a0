// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/report_page.hpp"

#include <fstream>
#include <iterator>
#include <string_view>

#include "sim/error.hpp"

namespace synfire::detail {

ReportPage read_report_page(const std::filesystem::path& path) {
  constexpr std::string_view marker = "<!--synfire-data-->";
  std::ifstream file(path, std::ios::binary);
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw IoError(path.string(), "cannot be read");
  const auto first = page.find(marker);
  if (first == std::string::npos || page.find(marker, first + 1) != std::string::npos) {
    throw IoError(path.string(),
                  "is not a report page: it has not one place for data; build again");
  }
  return {page.substr(0, first), page.substr(first + marker.size())};
}

}  // namespace synfire::detail
