// SPDX-License-Identifier: Apache-2.0
#include "topology/rank_rows.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace synfire {
namespace {

template <typename Row>
void append(std::vector<Row>& rows, std::span<const Row> more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

/// Two lists, each in order, become one.
template <typename Row, typename Before>
void merge_into(std::vector<Row>& rows, const std::vector<Row>& more, const Before& comes_before) {
  const auto middle = static_cast<std::ptrdiff_t>(rows.size());
  append(rows, std::span<const Row>(more));
  std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(), comes_before);
}

/// Rows of times before `end`, which come first.
template <typename Row, typename TimeOf>
std::vector<Row> taken_before(std::vector<Row>& rows, TimePoint end, const TimeOf& time_of) {
  const auto first_left =
      std::ranges::partition_point(rows, [&](const Row& row) { return time_of(row) < end; });
  std::vector<Row> taken(std::make_move_iterator(rows.begin()),
                         std::make_move_iterator(first_left));
  rows.erase(rows.begin(), first_left);
  return taken;
}

}  // namespace

void RankRows::on_spikes(std::span<const SpikeRecord> records) {
  append(spikes, records);
}

void RankRows::on_steps(std::span<const StepRecord> records) {
  append(steps, records);
}

void RankRows::on_potentials(const PotentialRecord& record) {
  potentials.push_back({record, {record.potentials.begin(), record.potentials.end()}});
}

void RankRows::on_token(const TokenRecord& record) {
  token = {record, {record.logits.begin(), record.logits.end()}};
}

Bytes RankRows::take() {
  ByteWriter writer;
  writer.put(spikes);
  writer.put(steps);
  writer.put(std::uint64_t{potentials.size()});
  for (const auto& [record, values] : potentials) {
    writer.put(record.time);
    writer.put(record.token);
    writer.put(record.step);
    writer.put(record.population);
    writer.put(record.first_neuron);
    writer.put(values);
  }
  spikes.clear();
  steps.clear();
  potentials.clear();
  return writer.bytes();
}

RankRows RankRows::from(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  RankRows rows;
  rows.spikes = reader.take_all<SpikeRecord>();
  rows.steps = reader.take_all<StepRecord>();
  rows.potentials.resize(reader.take<std::uint64_t>());
  for (auto& [record, values] : rows.potentials) {
    record.time = reader.take<TimePoint>();
    record.token = reader.take<std::uint32_t>();
    record.step = reader.take<std::uint16_t>();
    record.population = reader.take<PopulationId>();
    record.first_neuron = reader.take<std::uint32_t>();
    values = reader.take_all<std::int32_t>();
  }
  return rows;
}

RowMerger::RowMerger(const Mapping& mapping, std::size_t populations) : cores_(populations) {
  for (const PopulationSlice& slice : mapping.slices) {
    cores_[index(slice.population)].resize(slice.end, index(slice.core));
    core_of_slice_.push_back(index(slice.core));
  }
}

void RowMerger::add(RankRows rows) {
  merge_into(rows_.spikes, rows.spikes, [this](const SpikeRecord& a, const SpikeRecord& b) {
    if (a.time != b.time) return a.time < b.time;
    return core_of(a.population, a.neuron) < core_of(b.population, b.neuron);
  });
  merge_into(rows_.steps, rows.steps, [this](const StepRecord& a, const StepRecord& b) {
    if (a.ended != b.ended) return a.ended < b.ended;
    return core_of_slice_[index(a.slice)] < core_of_slice_[index(b.slice)];
  });
  using Row = RankRows::Potentials;
  merge_into(rows_.potentials, rows.potentials, [this](const Row& a, const Row& b) {
    if (a.record.time != b.record.time) return a.record.time < b.record.time;
    return core_of(a.record.population, a.record.first_neuron) <
           core_of(b.record.population, b.record.first_neuron);
  });
}

void RowMerger::hand_on(Probe& probe, TimePoint end) {
  for (auto& [record, values] :
       taken_before(rows_.potentials, end, [](const auto& row) { return row.record.time; })) {
    record.potentials = values;
    probe.on_potentials(record);
  }
  const auto spikes = taken_before(rows_.spikes, end, [](const auto& row) { return row.time; });
  if (!spikes.empty()) probe.on_spikes(spikes);
  const auto steps = taken_before(rows_.steps, end, [](const auto& row) { return row.ended; });
  if (!steps.empty()) probe.on_steps(steps);
}

}  // namespace synfire
