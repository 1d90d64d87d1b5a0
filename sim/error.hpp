// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace synfire {

/// A mistake in what the user gave us (file, argument, mapping): one line, `place: fact; remedy`.
/// Bugs are not errors; they are `SYNFIRE_ASSERT`.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A value that is missing, unknown, ill-typed or out of range.
/// `key_path` is the dotted path of the value, for example `link.horizontal.latency`.
class ConfigError : public Error {
 public:
  ConfigError(std::string key_path, const std::string& fact);
  /// `place` (for example `chip.yaml:12`) stands before the key path; may be empty.
  ConfigError(const std::string& place, std::string key_path, const std::string& fact);
  std::string key_path;
};

/// A network that does not fit a chip. Names the population and the resource that ran out.
class MappingError : public Error {
 public:
  MappingError(std::string population, std::string resource, const std::string& fact);
  std::string population;
  std::string resource;
};

/// A graph of routers that cannot carry the traffic asked of it.
class TopologyError : public Error {
 public:
  TopologyError(std::uint32_t router, const std::string& fact);
  /// About the graph as a whole.
  explicit TopologyError(const std::string& fact);
  std::optional<std::uint32_t> router;
};

/// A file that cannot be read, written or believed.
class IoError : public Error {
 public:
  IoError(std::string path, const std::string& fact);
  std::string path;
};

/// A file or stream that stopped taking what was written to it (disk full): the request was sound,
/// the work failed.
class WriteError : public IoError {
 public:
  using IoError::IoError;
};

/// The event queue ran empty while neurocores still wait; the text says who waits for whom.
class DeadlockError : public Error {
 public:
  using Error::Error;
};

namespace detail {
[[noreturn]] void assertion_failed(const char* condition, const char* message, const char* file,
                                   int line);
}  // namespace detail

}  // namespace synfire

/// Aborts with a message when `condition` is false; active unless NDEBUG is defined.
#ifdef NDEBUG
#define SYNFIRE_ASSERT(condition, message) static_cast<void>(0)
#else
#define SYNFIRE_ASSERT(condition, message) \
  ((condition) ? static_cast<void>(0)      \
               : ::synfire::detail::assertion_failed(#condition, message, __FILE__, __LINE__))
#endif
