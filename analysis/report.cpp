// SPDX-License-Identifier: Apache-2.0
#include "analysis/report.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "analysis/recording.hpp"
#include "analysis/report_data.hpp"
#include "sim/error.hpp"
#include "sim/pending_file.hpp"

namespace synfire {
namespace {

/// Where the data belong in the page.
constexpr std::string_view marker = "<!--synfire-data-->";

std::string read_page(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw IoError(path.string(), "cannot be read");
  const auto first = page.find(marker);
  if (first == std::string::npos || page.find(marker, first + 1) != std::string::npos) {
    throw IoError(path.string(),
                  "is not a report page: it has not one place for data; build again");
  }
  return page;
}

}  // namespace

void write_report(const std::vector<std::filesystem::path>& recordings,
                  const std::filesystem::path& page_path, const std::filesystem::path& output,
                  const ReportProgress& progress) {
  // All are opened before the first is written: a mistake costs no time.
  std::vector<std::unique_ptr<Recording>> opened;
  opened.reserve(recordings.size());
  for (const auto& path : recordings) opened.push_back(std::make_unique<Recording>(path));
  const std::string page = read_page(page_path);
  const auto place = page.find(marker);
  PendingFile pending(output);
  std::ofstream file(pending.path(), std::ios::binary);
  file.exceptions(std::ios::badbit | std::ios::failbit);
  try {
    file << page.substr(0, place);
    for (std::size_t i = 0; i < opened.size(); ++i) {
      write_report_data(*opened[i], i, file, [&](double share) {
        if (progress)
          progress((static_cast<double>(i) + share) / static_cast<double>(opened.size()));
      });
    }
    file << page.substr(place + marker.size());
    file.close();
  } catch (const std::ios::failure&) {
    throw WriteError(output.string(), "cannot be written; is the disk full?");
  }
  pending.publish();
}

}  // namespace synfire
