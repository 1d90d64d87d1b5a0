// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace synfire {

enum class PopulationId : std::uint32_t {};
enum class ProjectionId : std::uint32_t {};
/// Index of a part of a population that lies on one neurocore.
enum class SliceId : std::uint32_t {};
enum class CoreId : std::uint32_t {};
enum class RouterId : std::uint32_t {};
enum class LinkId : std::uint32_t {};
/// Algorithmic time step of a whole run: token * T + step within the token. Not hardware time.
enum class TimeStep : std::uint64_t {};

/// The number behind an id, for indexing.
template <typename Id>
  requires std::is_enum_v<Id>
constexpr auto index(Id id) {
  return static_cast<std::underlying_type_t<Id>>(id);
}

}  // namespace synfire
