// SPDX-License-Identifier: Apache-2.0
#include "sim/error.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace synfire {

ConfigError::ConfigError(std::string key, const std::string& fact)
    : Error(key + ": " + fact), key_path(std::move(key)) {}

ConfigError::ConfigError(const std::string& place, std::string key, const std::string& fact)
    : Error((place.empty() ? "" : place + ": ") + key + ": " + fact), key_path(std::move(key)) {}

MappingError::MappingError(std::string population_name, std::string resource_name,
                           const std::string& fact)
    : Error(population_name + ": " + fact),
      population(std::move(population_name)),
      resource(std::move(resource_name)) {}

TopologyError::TopologyError(std::uint32_t router_id, const std::string& fact)
    : Error("router " + std::to_string(router_id) + ": " + fact), router(router_id) {}

TopologyError::TopologyError(const std::string& fact) : Error(fact) {}

IoError::IoError(std::string file, const std::string& fact)
    : Error(file + ": " + fact), path(std::move(file)) {}

namespace detail {
void assertion_failed(const char* condition, const char* message, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: internal error: %s (%s)\n", file, line, message, condition);
  std::abort();
}
}  // namespace detail

}  // namespace synfire
