// SPDX-License-Identifier: Apache-2.0
#include "sim/app/support.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>

#include <sys/resource.h>
#include <unistd.h>

#include "sim/app/exit_code.hpp"
#include "sim/pending_file.hpp"

namespace synfire::app {
namespace {

constexpr const char* pretrained_folder = "pretrained";

// A signal handler can reach nothing else.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t interrupted = 0;
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::array<char, 4096> last_line{};
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t last_line_size = 0;

/// Where the shipped models lie: installed, or in the source tree.
std::filesystem::path shipped_folder() {
  std::error_code error;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
  auto installed =
      executable.parent_path().parent_path() / "share/synfire/models" / pretrained_folder;
  if (std::filesystem::is_directory(installed, error)) return installed;
  return std::filesystem::path(SYNFIRE_SOURCE_DIR) / "models" / pretrained_folder;
}

void note_interrupt(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

[[noreturn]] void end_with_last_line(int /*signal*/) {
  const auto size = static_cast<std::size_t>(last_line_size);
  static_cast<void>(::write(STDERR_FILENO, last_line.data(), size) + 1);  // nothing can be done
  ::_exit(run_failed);
}

}  // namespace

std::vector<std::string> shipped_models() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(shipped_folder(), error)) {
    if (entry.path().extension() == ".h5") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

std::filesystem::path find_model(const std::string& name_or_path) {
  std::filesystem::path path = name_or_path;
  if (path.has_parent_path() || path.has_extension() || std::filesystem::exists(path)) return path;
  const std::vector<std::string> names = shipped_models();
  if (std::ranges::find(names, name_or_path) != names.end()) {
    return shipped_folder() / (name_or_path + ".h5");
  }
  std::string known;
  for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
  throw IoError(name_or_path, "is neither a file nor a shipped model; there are: " + known);
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void check_writable(const std::string& destination) {
  if (destination.empty() || destination == "-") return;
  const std::filesystem::path folder =
      std::filesystem::absolute(destination).lexically_normal().parent_path();
  if (std::filesystem::is_directory(destination)) {
    throw IoError(destination, "is a directory; name a file");
  }
  if (std::filesystem::exists(destination) && !std::filesystem::is_regular_file(destination)) {
    throw IoError(destination, "is a device or pipe, which cannot be replaced; name a file");
  }
  if (!std::filesystem::is_directory(folder)) {
    throw IoError(destination, "its directory does not exist; make it or choose another");
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    throw IoError(destination, "its directory cannot be written; choose another");
  }
}

void write_text(const std::string& destination, const std::string& text) {
  if (destination == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw WriteError("standard output", "cannot be written");
    }
    return;
  }
  PendingFile pending(destination);
  std::ofstream file(pending.path(), std::ios::binary);
  file << text << '\n' << std::flush;
  if (!file) {
    throw WriteError(destination, "cannot be written; is the disk full?");
  }
  file.close();
  pending.publish();
}

std::int64_t checked_count(const char* option, std::int64_t value, std::int64_t minimum,
                           std::int64_t maximum) {
  if (value >= minimum && value <= maximum) return value;
  const bool is_small = value < minimum;
  throw ConfigError(option, std::to_string(value) + " is too " + (is_small ? "small" : "large") +
                                "; give " + std::to_string(is_small ? minimum : maximum) +
                                (is_small ? " or more" : " or less"));
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw IoError(folder.string(), "cannot be made: " + failure.message());
}

void check_distinct(const std::string& output, const std::vector<std::string>& others) {
  if (output.empty() || output == "-") return;
  std::error_code error;
  const auto whole = [&](const std::string& name) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(name, error), error);
  };
  for (const std::string& other : others) {
    if (other.empty() || other == "-") continue;
    if (whole(output) != whole(other) && !std::filesystem::equivalent(output, other, error)) {
      continue;
    }
    throw IoError(output, "is an input or another output of this command; name another file");
  }
}

std::int64_t peak_memory_bytes() {
  constexpr std::int64_t bytes_per_kibibyte = 1024;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * bytes_per_kibibyte;
}

std::int64_t resident_memory_bytes() {
  std::int64_t all_pages = 0;
  std::int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  return resident_pages * ::sysconf(_SC_PAGESIZE);
}

std::string command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!text.empty()) text.pop_back();
  std::ranges::replace(text, '\0', ' ');
  return text;
}

std::string utc_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

void watch_for_interrupt() {
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
}

bool is_interrupted() {
  return interrupted != 0;
}

void end_on_interrupt(const std::string& line) {
  const std::size_t size = std::min(line.size(), last_line.size() - 1);
  std::copy_n(line.begin(), size, last_line.begin());
  last_line[size] = '\n';
  last_line_size = static_cast<std::sig_atomic_t>(size + 1);
  std::signal(SIGINT, end_with_last_line);
  std::signal(SIGTERM, end_with_last_line);
}

}  // namespace synfire::app
