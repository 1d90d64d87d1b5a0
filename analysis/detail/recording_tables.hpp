// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/hdf5_column.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/records.hpp"
#include "topology/action.hpp"

namespace synfire::detail {

/// A column with the rows that HDF5 has not got yet.
template <Hdf5Element T>
class BufferedColumn {
 public:
  static constexpr std::uint64_t chunk_rows = 8192;

  BufferedColumn(Hdf5File& file, const std::string& dataset, const std::string& units)
      : column_(file, dataset, {.type = hdf5_type_of<T>(), .chunk_rows = chunk_rows}) {
    file.write_string_attribute(dataset, "units", units);
  }

  void push(T value) { buffer_.push_back(value); }
  bool is_full() const { return buffer_.size() >= chunk_rows; }
  void write() {
    column_.append(std::span<const T>(buffer_));
    buffer_.clear();
  }
  std::uint64_t written_rows() const { return column_.rows(); }

 private:
  Hdf5Column column_;
  std::vector<T> buffer_;
};

/// Spikes of one population: SONATA's columns, and beside them ours.
class SpikeTable {
 public:
  SpikeTable(Hdf5File& file, const std::string& population);
  void add(const SpikeRecord& spike);
  void write();
  std::uint64_t written_rows() const { return node_ids_.written_rows(); }

 private:
  BufferedColumn<double> timestamps_;
  BufferedColumn<std::uint64_t> node_ids_;
  BufferedColumn<std::int64_t> times_;
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::uint16_t> steps_;
  TimePoint last_ = TimePoint::min();
};

/// Steps of slices (/synfire/steps).
class StepTable {
 public:
  explicit StepTable(Hdf5File& file);
  void add(const StepRecord& step);
  void write();
  std::uint64_t written_rows() const { return slices_.written_rows(); }

 private:
  BufferedColumn<std::uint32_t> slices_;
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::uint16_t> steps_;
  BufferedColumn<std::int64_t> started_;
  BufferedColumn<std::int64_t> ended_;
};

/// Membrane potentials of one population, one row per neuron and step.
class PotentialTable {
 public:
  PotentialTable(Hdf5File& file, const std::string& population);
  void add(const PotentialRecord& record);
  void write();
  std::uint64_t written_rows() const { return neurons_.written_rows(); }

 private:
  BufferedColumn<std::int64_t> times_;
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::uint16_t> steps_;
  BufferedColumn<std::uint32_t> neurons_;
  BufferedColumn<std::int32_t> potentials_;
};

/// Tokens that reached the host, with their logits (/synfire/tokens); `vocabulary` 0: without.
class TokenTable {
 public:
  TokenTable(Hdf5File& file, std::uint64_t vocabulary);
  void add(const TokenRecord& token, std::uint32_t id, std::uint32_t position, bool is_given);
  void write();
  std::uint64_t written_rows() const { return ids_.written_rows(); }

 private:
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::uint32_t> ids_;
  BufferedColumn<std::uint32_t> positions_;
  BufferedColumn<std::uint8_t> given_;
  BufferedColumn<std::int64_t> injected_;
  BufferedColumn<std::int64_t> finished_;
  std::optional<Hdf5Column> logits_;
  std::vector<std::int32_t> logit_buffer_;
};

/// What the layers did between two moments (/synfire/layer_actions).
class LayerActionTable {
 public:
  /// `layer_of_slice`: index of the layer of every slice.
  LayerActionTable(Hdf5File& file, std::vector<std::size_t> layer_of_slice, std::size_t layers);
  /// What was counted since the call before, when `tokens` tokens have been handed to the chip;
  /// nothing if no time has passed.
  void add(std::uint32_t tokens, TimePoint now, std::span<const ActionCounts> slices);
  void write();
  std::uint64_t written_rows() const { return tokens_.written_rows(); }

 private:
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::int64_t> times_;
  Hdf5Column actions_;
  std::vector<std::int64_t> action_buffer_;
  std::vector<std::size_t> layer_of_slice_;
  std::vector<std::int64_t> before_;  ///< [layers][actions]
  TimePoint last_{};
};

}  // namespace synfire::detail
