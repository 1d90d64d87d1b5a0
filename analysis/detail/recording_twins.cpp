// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_twins.hpp"

#include <string>

#include "analysis/detail/recording_layout.hpp"
#include "analysis/detail/recording_totals.hpp"
#include "sim/error.hpp"

namespace synfire::detail {
namespace {

std::string group_of(TwinKind kind) {
  return "/synfire/twins/" + std::string(to_string(kind)) + "/";
}

void write_times(Hdf5File& file, const std::string& dataset, std::span<const TwinTokenTimes> tokens,
                 TimePoint TwinTokenTimes::*time) {
  std::vector<std::int64_t> values;
  for (const TwinTokenTimes& token : tokens) {
    values.push_back((token.*time).time_since_epoch().count());
  }
  write_with_units<std::int64_t>(file, dataset, {values.size()}, values, "ps");
}

std::vector<TwinTokenTimes> read_times(const Hdf5File& file, const std::string& group) {
  const auto injected = file.read<std::int64_t>(group + "injected_ps");
  const auto finished = file.read<std::int64_t>(group + "finished_ps");
  if (injected.size() != finished.size()) {
    throw IoError(file.path().string(), group + ": its columns differ in length");
  }
  std::vector<TwinTokenTimes> tokens;
  for (std::size_t i = 0; i < injected.size(); ++i) {
    tokens.push_back({TimePoint{picoseconds(injected[i])}, TimePoint{picoseconds(finished[i])}});
  }
  return tokens;
}

}  // namespace

void write_twins(Hdf5File& file, std::span<const TwinReport> twins) {
  for (const TwinReport& twin : twins) {
    const std::string group = group_of(twin.kind);
    write_use(file, {group, group}, twin.totals);
    write_with_units<std::int64_t>(file, group + "activation_bits", {},
                                   std::span(&twin.activation_bits, 1), "bit");
    write_times(file, group + "tokens/injected_ps", twin.tokens, &TwinTokenTimes::injected);
    write_times(file, group + "tokens/finished_ps", twin.tokens, &TwinTokenTimes::finished);
  }
}

std::vector<RecordedTwin> read_twins(const Hdf5File& file, std::uint64_t slices) {
  std::vector<RecordedTwin> twins;
  for (const TwinKind kind : {TwinKind::quantised, TwinKind::artificial}) {
    const std::string group = group_of(kind);
    if (!file.contains(group + "activation_bits")) continue;
    twins.push_back({kind, file.read_scalar<std::int64_t>(group + "activation_bits"),
                     read_use(file, {group, group}, slices), read_times(file, group + "tokens/")});
  }
  return twins;
}

}  // namespace synfire::detail
