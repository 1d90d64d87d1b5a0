// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "sim/error.hpp"

namespace synfire::app {

/// The work itself failed after its input was accepted: exit status 1 instead of 2.
class RunFailure : public Error {
 public:
  using Error::Error;
};

/// The model that runs unless another is named.
inline constexpr const char* default_model = "moby-dick";

/// Names of the shipped models, ascending: those beside an installed executable (share/synfire/) or
/// in the source tree that this executable was built from.
std::vector<std::string> shipped_models();

/// A shipped model by its name, or a model file by its path.
///
/// Throws  IoError for a bare name (no folder, no ending) that is no shipped model's.
std::filesystem::path find_model(const std::string& name_or_path);

/// Writes `text` and a line break to standard output (`-`) or, whole or not at all, to a file.
///
/// Throws  WriteError if the disk or the pipe does not take it, IoError if the file cannot get its
///         name.
void write_text(const std::string& destination, const std::string& text);

/// `1 presentation`, `2 presentations`.
std::string counted(std::uint64_t count, const std::string& noun);

/// Throws IoError, before any work is done, if `destination` is a file that cannot be written.
void check_writable(const std::string& destination);

/// Makes a folder and those above it, unless they are there. Throws IoError if that cannot be.
void make_folder(const std::filesystem::path& folder);

/// Throws IoError if the file `output` is one of `others` (inputs, other outputs).
void check_distinct(const std::string& output, const std::vector<std::string>& others);

/// `value` if it lies in minimum..maximum; throws ConfigError naming the option otherwise.
std::int64_t checked_count(const char* option, std::int64_t value, std::int64_t minimum,
                           std::int64_t maximum = std::numeric_limits<std::uint32_t>::max());

/// More threads than any one machine of today has.
inline constexpr std::int64_t most_threads = 1024;

/// Largest resident set of this process so far, in bytes.
std::int64_t peak_memory_bytes();

/// Resident set of this process now, in bytes.
std::int64_t resident_memory_bytes();

/// How this process was called; empty where the system does not say.
std::string command_line();

/// The time of day, for example 2026-11-22T01:16:57Z.
std::string utc_date();

/// From here on Ctrl-C (SIGINT) and SIGTERM only set a flag; a second one ends the process.
void watch_for_interrupt();
bool is_interrupted();

/// From here on SIGINT and SIGTERM end the process at once, with this line on standard error and
/// exit status 1. For ranks, to whom Open MPI's mpirun leaves a millisecond between SIGTERM and
/// SIGKILL.
void end_on_interrupt(const std::string& line);

/// Seconds of wall time since construction.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace synfire::app
