// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/detail/record_block.hpp"
#include "sim/hdf5_column.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/records.hpp"

namespace synfire::detail {

/// A column with the rows that HDF5 has not got yet.
template <Hdf5Element T>
class BufferedColumn {
 public:
  static constexpr std::uint64_t chunk_rows = 4096;

  BufferedColumn(Hdf5File& file, const std::string& dataset, const std::string& units)
      : column_(file, dataset, {.type = hdf5_type_of<T>(), .chunk_rows = chunk_rows}) {
    file.write_string_attribute(dataset, "units", units);
  }
  /// Of rows of `width` values.
  BufferedColumn(Hdf5File& file, const std::string& dataset, const std::string& units,
                 std::uint64_t width)
      : column_(file, dataset,
                {.type = hdf5_type_of<T>(),
                 .width = width,
                 .is_matrix = true,
                 .chunk_rows = matrix_chunk_rows}) {
    file.write_string_attribute(dataset, "units", units);
  }

  void push(T value) { buffer_.push_back(value); }
  void push(std::span<const T> values) {
    buffer_.insert(buffer_.end(), values.begin(), values.end());
  }
  bool is_full() const { return buffer_.size() >= chunk_rows; }
  void write() {
    column_.append(std::span<const T>(buffer_));
    buffer_.clear();
  }
  std::uint64_t written_rows() const { return column_.rows(); }

 private:
  static constexpr std::uint64_t matrix_chunk_rows = 16;

  Hdf5Column column_;
  std::vector<T> buffer_;
};

/// Spikes of one population: SONATA's columns, and beside them ours.
class SpikeTable {
 public:
  SpikeTable(Hdf5File& file, const std::string& population);
  /// Its place in the file; so with all tables.
  const std::string& name() const { return name_; }
  void add(const SpikeRecord& spike);
  void write();
  std::uint64_t written_rows() const { return node_ids_.written_rows(); }

 private:
  std::string name_;
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
  static std::string name();
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

/// Deliveries of packets (/synfire/packets).
class PacketTable {
 public:
  explicit PacketTable(Hdf5File& file);
  static std::string name();
  void add(const PacketRecord& packet);
  void write();
  std::uint64_t written_rows() const { return sources_.written_rows(); }

 private:
  BufferedColumn<std::int64_t> sent_;
  BufferedColumn<std::int64_t> arrived_;
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::uint16_t> steps_;
  BufferedColumn<std::uint32_t> sources_;
  BufferedColumn<std::uint32_t> neurons_;
  BufferedColumn<std::uint32_t> destinations_;
};

/// Membrane potentials of one population, one row per neuron and step.
class PotentialTable {
 public:
  PotentialTable(Hdf5File& file, const std::string& population);
  const std::string& name() const { return name_; }
  void add(const PotentialRecord& record, std::span<const std::int32_t> potentials);
  void write();
  std::uint64_t written_rows() const { return neurons_.written_rows(); }

 private:
  std::string name_;
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
  static std::string name();
  /// `logits`: [tokens][vocabulary].
  void add(std::span<const TokenRow> tokens, std::span<const std::int32_t> logits);
  void write();
  std::uint64_t written_rows() const { return ids_.written_rows(); }

 private:
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::uint32_t> ids_;
  BufferedColumn<std::uint32_t> positions_;
  BufferedColumn<std::uint8_t> given_;
  BufferedColumn<std::int64_t> injected_;
  BufferedColumn<std::int64_t> finished_;
  std::optional<BufferedColumn<std::int32_t>> logits_;
};

/// What the layers did between two moments (/synfire/layer_actions).
class LayerActionTable {
 public:
  LayerActionTable(Hdf5File& file, std::size_t layers);
  static std::string name();
  /// `counts`: [rows][layers][kinds of actions].
  void add(std::span<const MomentRow> rows, std::span<const std::int64_t> counts);
  void write();
  std::uint64_t written_rows() const { return tokens_.written_rows(); }

 private:
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::int64_t> times_;
  BufferedColumn<std::int64_t> actions_;
};

}  // namespace synfire::detail
