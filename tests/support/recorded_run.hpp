// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "analysis/recorder.hpp"
#include "analysis/recording.hpp"
#include "models/model_file.hpp"
#include "models/spikedecoder/architecture.hpp"
#include "models/tokenizer.hpp"
#include "sim/records.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/price_table.hpp"
#include "topology/spike_table.hpp"

namespace synfire::test {

/// Everything a simulation reported, and whom to tell as well.
class RecordLog final : public Probe {
 public:
  explicit RecordLog(Probe& next) : next_(&next) {}

  void on_spikes(std::span<const SpikeRecord> batch) override;
  void on_steps(std::span<const StepRecord> batch) override;
  void on_packets(std::span<const PacketRecord> batch) override;
  void on_potentials(const PotentialRecord& record) override;
  void on_token(const TokenRecord& token) override;

  std::vector<SpikeRecord> spikes_of(PopulationId population) const;
  std::vector<RecordedPotential> potentials_of(PopulationId population) const;

  std::vector<SpikeRecord> spikes;
  std::vector<StepRecord> steps;
  std::vector<PacketRecord> packets;
  std::vector<std::pair<PopulationId, RecordedPotential>> potentials;
  std::vector<TokenRecord> tokens;  ///< without their logits
  std::vector<std::vector<std::int32_t>> logits;

 private:
  Probe* next_;
};

bool equal(std::span<const SpikeRecord> a, std::span<const SpikeRecord> b);
bool equal(std::span<const StepRecord> a, std::span<const StepRecord> b);
bool equal(std::span<const PacketRecord> a, std::span<const PacketRecord> b);
bool equal(std::span<const RecordedPotential> a, std::span<const RecordedPotential> b);

/// A small random decoder on a small random chip, run over a few random tokens with a recorder
/// and a log beside it. The first token is left without a name; packets and the potentials of the
/// first LIF population are recorded.
class RecordedRun {
 public:
  explicit RecordedRun(std::uint64_t seed);
  /// Of this shape, which must have a LIF population.
  RecordedRun(std::uint64_t seed, const DecoderArchitecture& architecture);

  /// The chip gets these faults (fewer dead links if it has not so many).
  void inject(const FaultDescription& faults);
  /// The chip gets routers and links of this GraphML text, neurocores as many as it had.
  void use_graph(const std::string& graphml);

  /// The chip gets the prices of this table.
  void price_by(const PriceTable& table) { chip_ = with_prices(std::move(chip_), table); }

  /// Runs and writes `file`; `before_finish` is called when all rows are flushed.
  void record(const std::filesystem::path& file, bool is_complete = true,
              const std::function<void()>& before_finish = {});
  /// Runs and destroys the recorder without finishing.
  void record_without_finish(const std::filesystem::path& file);

  /// Tells `probe` what a timing-only replay of `table` does with the same tokens; its totals.
  SimulationTotals replay(const SpikeTable& table, Probe& probe) const;

  RunDescription description() const;
  const Model& model() const { return model_; }
  const Network& network() const { return model_.network; }
  const ChipDescription& chip() const { return chip_; }
  const Mapping& mapping() const { return mapping_; }
  std::span<const Token> tokens() const { return tokens_; }
  PopulationId spiking_population() const;

  /// Of the last run.
  const RecordLog& log() const { return *log_; }
  const SimulationTotals& totals() const { return totals_; }

 private:
  SimulationTotals run_tokens(const SpikeTable* replay, Probe& probe,
                              const std::function<void(std::uint32_t)>& before_push) const;
  void simulate(Recorder& recorder);

  Model model_;
  ChipDescription chip_;
  Mapping mapping_;
  std::vector<Token> tokens_;
  std::unique_ptr<RecordLog> log_;
  SimulationTotals totals_;
  std::optional<InjectedFaults> injected_;
};

}  // namespace synfire::test
