// SPDX-License-Identifier: Apache-2.0
#include "analysis/report.hpp"

#include <fstream>
#include <memory>
#include <string>

#include "analysis/detail/report_page.hpp"
#include "analysis/recording.hpp"
#include "analysis/report_data.hpp"
#include "sim/error.hpp"
#include "sim/pending_file.hpp"

namespace synfire {
void write_report(const std::vector<std::filesystem::path>& recordings,
                  const std::filesystem::path& page_path, const std::filesystem::path& output,
                  const ReportProgress& progress) {
  // All are opened before the first is written: a mistake costs no time.
  std::vector<std::unique_ptr<Recording>> opened;
  opened.reserve(recordings.size());
  for (const auto& path : recordings) opened.push_back(std::make_unique<Recording>(path));
  const detail::ReportPage page = detail::read_report_page(page_path);
  PendingFile pending(output);
  std::ofstream file(pending.path(), std::ios::binary);
  file.exceptions(std::ios::badbit | std::ios::failbit);
  try {
    file << page.before;
    for (std::size_t i = 0; i < opened.size(); ++i) {
      write_report_data(*opened[i], i, file, [&](double share) {
        if (progress)
          progress((static_cast<double>(i) + share) / static_cast<double>(opened.size()));
      });
    }
    file << page.after;
    file.close();
  } catch (const std::ios::failure&) {
    throw WriteError(output.string(), "cannot be written; is the disk full?");
  }
  pending.publish();
}

}  // namespace synfire
