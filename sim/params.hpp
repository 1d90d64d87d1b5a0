// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/units.hpp"

namespace synfire {

/// A unit: one of it is `factor` base units.
struct Unit {
  std::string_view name;
  std::int64_t factor = 1;
};

/// A kind of value and how it is written: a number with a unit, or one of several words.
/// Every value is an int64: a number in base units (the first unit's), or the index of a word.
struct Quantity {
  std::string_view name;  ///< for example `time`
  /// Ascending; names of equal units follow each other. A first name that is empty: a plain number.
  std::span<const Unit> units;
  std::span<const std::string_view> choices{};  ///< the words, if it is a choice
  std::string_view zero_word{};                 ///< a word for 0, such as `unlimited`
  bool is_count = false;                        ///< units are the singular and plural of a noun
};

/// Quantities that configuration files use. Base units: ps, aJ, nW, Mb/s, bit, parts per billion
/// (rates), 0.001 % (ratios).
namespace quantity {
inline constexpr std::array<Unit, 5> time_units = {
    {{"ps", 1}, {"ns", 1'000}, {"us", 1'000'000}, {"ms", 1'000'000'000}, {"s", 1'000'000'000'000}}};
inline constexpr std::array<Unit, 6> energy_units = {{{"aJ", 1},
                                                      {"fJ", 1'000},
                                                      {"pJ", 1'000'000},
                                                      {"nJ", 1'000'000'000},
                                                      {"uJ", 1'000'000'000'000},
                                                      {"mJ", 1'000'000'000'000'000}}};
inline constexpr std::array<Unit, 4> power_units = {
    {{"nW", 1}, {"uW", 1'000}, {"mW", 1'000'000}, {"W", 1'000'000'000}}};
inline constexpr std::array<Unit, 5> bandwidth_units = {
    {{"Mb/s", 1}, {"Gb/s", 1'000}, {"B/ns", 8'000}, {"GB/s", 8'000}, {"TB/s", 8'000'000}}};
inline constexpr std::array<Unit, 5> memory_units = {
    {{"bit", 1}, {"bits", 1}, {"B", 8}, {"KiB", 8'192}, {"MiB", 8'388'608}}};
inline constexpr std::array<Unit, 3> rate_units = {{{"ppb", 1}, {"ppm", 1'000}, {"%", 10'000'000}}};
inline constexpr std::array<Unit, 2> ratio_units = {{{"0.001%", 1}, {"%", 1'000}}};
inline constexpr std::array<Unit, 2> tile_units = {{{"tile", 1}, {"tiles", 1}}};
inline constexpr std::array<Unit, 2> neurocore_units = {{{"neurocore", 1}, {"neurocores", 1}}};
inline constexpr std::array<Unit, 2> neuron_units = {{{"neuron", 1}, {"neurons", 1}}};
inline constexpr std::array<Unit, 2> axon_units = {{{"axon", 1}, {"axons", 1}}};
inline constexpr std::array<Unit, 2> lane_units = {{{"lane", 1}, {"lanes", 1}}};
inline constexpr std::array<Unit, 2> step_units = {{{"step", 1}, {"steps", 1}}};
inline constexpr std::array<Unit, 2> chip_units = {{{"chip", 1}, {"chips", 1}}};
inline constexpr std::array<Unit, 2> child_units = {{{"child", 1}, {"children", 1}}};
inline constexpr std::array<Unit, 2> channel_units = {{{"channel", 1}, {"channels", 1}}};
inline constexpr std::array<Unit, 2> packet_units = {{{"packet", 1}, {"packets", 1}}};
inline constexpr std::array<Unit, 2> link_units = {{{"link", 1}, {"links", 1}}};
inline constexpr std::array<Unit, 2> seed_units = {{{"", 1}, {"seed", 1}}};

inline constexpr Quantity time{"time", time_units};
inline constexpr Quantity energy{"energy", energy_units};
inline constexpr Quantity power{"power", power_units};
inline constexpr Quantity bandwidth{"bandwidth", bandwidth_units, {}, "unlimited"};
inline constexpr Quantity memory{"memory size", memory_units};
inline constexpr Quantity rate{"rate", rate_units};
inline constexpr Quantity ratio{"ratio", ratio_units};
inline constexpr Quantity tiles{"number of tiles", tile_units, {}, {}, true};
inline constexpr Quantity neurocores{"number of neurocores", neurocore_units, {}, {}, true};
inline constexpr Quantity neurons{"number of neurons", neuron_units, {}, {}, true};
inline constexpr Quantity axons{"number of axons", axon_units, {}, {}, true};
inline constexpr Quantity lanes{"number of lanes", lane_units, {}, {}, true};
inline constexpr Quantity steps{"number of time steps", step_units, {}, {}, true};
inline constexpr Quantity chips{"number of chips", chip_units, {}, {}, true};
inline constexpr Quantity children{"number of children", child_units, {}, {}, true};
inline constexpr Quantity channels{"number of virtual channels", channel_units, {}, {}, true};
inline constexpr Quantity packets{"number of packets", packet_units, {}, {}, true};
inline constexpr Quantity links{"number of links", link_units, {}, {}, true};
inline constexpr Quantity seed{"seed", seed_units, {}, {}, true};
}  // namespace quantity

/// Whether a count may be written without its noun, as on a command line; other units never may.
enum class CountRule : std::uint8_t { needs_unit, may_omit_unit };

/// A parameter described once: for parsing, range errors, output and the printed reference.
struct ParameterInfo {
  std::string key_path;  ///< for example `link.horizontal.latency`
  const Quantity* quantity = nullptr;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::optional<std::int64_t> fallback;  ///< if the file may leave it out
  std::string sentence;
};

/// A parameter that lies in a `Struct`.
template <typename Struct>
struct Parameter : ParameterInfo {
  std::function<std::int64_t(const Struct&)> get;
  std::function<void(Struct&, std::int64_t)> set;
};

/// Exact value in base units of a text such as `4.1 ns`; decimal arithmetic, no rounding.
///
/// Throws  ConfigError (place: key path: fact; remedy) if the text is not a value of the quantity,
///         lacks its unit, is no whole number of base units, or lies outside the range.
std::int64_t parse_value(const ParameterInfo& parameter, std::string_view text,
                         const std::string& place, CountRule rule = CountRule::needs_unit);

/// The value in the unit that reads best; parse_value gives it back exactly.
std::string format_value(const Quantity& quantity, std::int64_t value);

/// One line of a printed reference: key path, quantity, range, default, sentence.
std::string reference_line(const ParameterInfo& parameter);

namespace detail {
template <typename Value>
std::int64_t to_base_units(const Value& value) {
  if constexpr (std::is_same_v<Value, Duration>) {
    return value.count();
  } else if constexpr (std::is_same_v<Value, Energy>) {
    return value.in_attojoules();
  } else {
    return static_cast<std::int64_t>(value);
  }
}

template <typename Value>
Value from_base_units(std::int64_t value) {
  if constexpr (std::is_same_v<Value, Energy>) {
    return Energy::attojoules(value);
  } else {
    return static_cast<Value>(value);
  }
}
}  // namespace detail

/// A table entry; `access` maps a Struct& (const or not) to the integer, Duration, Energy or
/// enumeration that the parameter is.
template <typename Struct, typename Access>
Parameter<Struct> make_parameter(ParameterInfo info, Access access) {
  Parameter<Struct> parameter{std::move(info), nullptr, nullptr};
  parameter.get = [access](const Struct& from) { return detail::to_base_units(access(from)); };
  parameter.set = [access](Struct& into, std::int64_t value) {
    auto& field = access(into);
    field = detail::from_base_units<std::remove_reference_t<decltype(field)>>(value);
  };
  return parameter;
}

}  // namespace synfire
