// SPDX-License-Identifier: Apache-2.0
#include "analysis/recording.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "analysis/detail/recording_faults.hpp"
#include "analysis/detail/recording_layout.hpp"
#include "analysis/detail/recording_link_use.hpp"
#include "analysis/detail/recording_totals.hpp"
#include "analysis/detail/recording_twins.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::array<const char*, 2> sonata_columns{"timestamps", "node_ids"};
constexpr std::array<const char*, 3> spike_columns{"time_ps", "token", "time_step"};
constexpr std::array<const char*, 5> step_columns{"slice", "token", "time_step", "started_ps",
                                                  "ended_ps"};
constexpr std::array<const char*, 5> potential_columns{"time_ps", "token", "time_step", "node_ids",
                                                       "potential"};
constexpr std::array<const char*, 7> packet_columns{
    "sent_ps", "arrived_ps", "token", "time_step", "source", "neuron", "destination"};
constexpr std::array<const char*, 7> token_columns{
    "token", "id", "position", "is_given", "injected_ps", "finished_ps", "logits"};
constexpr std::size_t columns_without_logits = token_columns.size() - 1;

bool is_recording(const Hdf5File& file) {
  return file.contains("/synfire") && file.has_attribute("/synfire", "format") &&
         file.attribute_shape("/synfire", "format").type == Hdf5Type::string &&
         file.read_string_attribute("/synfire", "format") == detail::recording_format;
}

}  // namespace

Recording::Recording(const std::filesystem::path& path) : file_(Hdf5File::open(path)) {
  read_signature();
  read_populations();
  read_slices();
  check_tables();
}

void Recording::refuse(const std::string& place, const std::string& fact) const {
  throw IoError(path().string(), place + ": " + fact + "; the file is damaged");
}

void Recording::read_signature() {
  if (!is_recording(file_)) throw IoError(path().string(), "is not a recording of synfire");
  const auto version = file_.read_attribute<std::uint32_t>("/synfire", "version");
  if (version != std::vector<std::uint32_t>{detail::recording_version}) {
    throw IoError(path().string(), "has a recording format that this version does not read");
  }
  if (file_.contains(detail::recovery_group)) {
    throw IoError(path().string(),
                  "is what a run has written so far; `synfire info --recover` makes it readable");
  }
  const auto complete = file_.read_attribute<std::uint8_t>("/synfire", "complete");
  if (complete.size() != 1) refuse("/synfire", "attribute 'complete' is not one number");
  is_complete_ = complete.front() != 0;
}

void Recording::read_populations() {
  time_steps_ = file_.read_scalar<std::uint32_t>("/synfire/network/time_steps");
  const std::vector<std::string> names = file_.read_strings("/synfire/network/names");
  const std::vector<std::string> models = file_.read_strings("/synfire/network/models");
  const std::vector<std::string> layers = file_.read_strings("/synfire/network/layers");
  const auto sizes = file_.read<std::uint32_t>("/synfire/network/sizes");
  if (models.size() != names.size() || layers.size() != names.size() ||
      sizes.size() != names.size()) {
    refuse("/synfire/network", "its columns differ in length");
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    RecordedPopulation population{names[i], sizes[i], NeuronModel::lif, layers[i]};
    try {
      population.model = neuron_model_from_string(models[i]);
    } catch (const ConfigError& error) {
      refuse("/synfire/network/models", error.what());
    }
    if (names[i].empty()) refuse("/synfire/network/names", "holds an empty name");
    populations_.push_back(std::move(population));
  }
}

void Recording::read_slices() {
  const std::string group = "/synfire/counts/slices/";
  const auto population = file_.read<std::uint32_t>(group + "population");
  const auto core = file_.read<std::uint32_t>(group + "core");
  const auto begin = file_.read<std::uint32_t>(group + "begin");
  const auto end = file_.read<std::uint32_t>(group + "end");
  if (core.size() != population.size() || begin.size() != population.size() ||
      end.size() != population.size()) {
    refuse("/synfire/counts/slices", "its columns differ in length");
  }
  for (std::size_t i = 0; i < population.size(); ++i) {
    if (population[i] >= populations_.size() || begin[i] > end[i] ||
        end[i] > populations_[population[i]].size) {
      refuse("/synfire/counts/slices", "slice " + std::to_string(i) + " has no such neurons");
    }
    slices_.push_back({PopulationId{population[i]}, begin[i], end[i], CoreId{core[i]}});
  }
}

std::uint64_t Recording::checked_rows(const std::string& group,
                                      std::span<const char* const> columns) const {
  const std::uint64_t rows = file_.shape(group + "/" + columns.front()).rows();
  for (const char* column : columns) {
    const Hdf5Shape shape = file_.shape(group + "/" + column);
    const std::size_t rank = std::string(column) == "logits" ? 2 : 1;
    if (shape.rows() != rows || shape.extents.size() != rank) {
      refuse(group + "/" + column, "has not the shape of the columns beside it");
    }
  }
  return rows;
}

void Recording::check_tables() {
  for (const RecordedPopulation& population : populations_) {
    spike_counts_.push_back(0);
    potential_counts_.push_back(0);
    if (detail::sends_spikes(population.model)) {
      const std::string group = detail::spike_group(population.name);
      spike_counts_.back() = checked_rows(group, spike_columns);
      const std::string sonata = detail::sonata_group(population.name);
      if (checked_rows(sonata, sonata_columns) != spike_counts_.back()) {
        refuse(sonata, "has not as many rows as " + group);
      }
    }
    const std::string potentials = detail::potential_group(population.name);
    if (file_.contains(potentials)) {
      potential_counts_.back() = checked_rows(potentials, potential_columns);
    }
  }
  step_count_ = checked_rows("/synfire/steps", step_columns);
  token_count_ =
      checked_rows("/synfire/tokens",
                   std::span<const char* const>(token_columns)
                       .first(vocabulary() > 0 ? token_columns.size() : columns_without_logits));
  if (file_.contains(detail::link_use_group)) check_link_windows();
  if (file_.contains(detail::packet_group)) {
    packet_count_ = checked_rows(detail::packet_group, packet_columns);
  }
}

void Recording::check_link_windows() {
  const std::string group = detail::link_use_group;
  const std::uint64_t links = file_.shape("/synfire/counts/links/from").rows();
  const Hdf5Shape times = file_.shape(group + "/time_ps");
  link_window_count_ = times.rows();
  const std::vector<std::uint64_t> extents{times.rows(), links};
  if (file_.shape(group + "/tokens").extents != times.extents ||
      file_.shape(group + "/bits").extents != extents ||
      file_.shape(group + "/busy_ps").extents != extents) {
    refuse(group, "its columns are not those of the links");
  }
}

std::uint32_t Recording::vocabulary() const {
  const auto readout =
      std::ranges::find(populations_, NeuronModel::readout, &RecordedPopulation::model);
  return readout == populations_.end() ? 0 : readout->size;
}

std::optional<PopulationId> Recording::find(std::string_view population) const {
  const auto found = std::ranges::find(populations_, population, &RecordedPopulation::name);
  if (found == populations_.end()) return std::nullopt;
  return PopulationId{static_cast<std::uint32_t>(found - populations_.begin())};
}

std::vector<RecordedProjection> Recording::projections() const {
  const std::string group = "/synfire/network/projections";
  if (!file_.contains(group)) return {};
  const auto sources = file_.read<std::uint32_t>(group + "/source");
  const auto targets = file_.read<std::uint32_t>(group + "/target");
  const auto delays = file_.read<std::uint32_t>(group + "/delay");
  if (sources.size() != targets.size() || sources.size() != delays.size()) {
    refuse(group, "its columns differ in length");
  }
  std::vector<RecordedProjection> projections;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i] >= populations_.size() || targets[i] >= populations_.size()) {
      refuse(group, "row " + std::to_string(i) + " names no population");
    }
    projections.push_back({PopulationId{sources[i]}, PopulationId{targets[i]}, delays[i]});
  }
  return projections;
}

Alphabet Recording::alphabet() const {
  if (file_.contains("/synfire/model/words")) {
    return Alphabet::of_words(file_.read_strings("/synfire/model/words"));
  }
  const auto bytes = file_.read<std::uint8_t>("/synfire/model/alphabet");
  return std::string(bytes.begin(), bytes.end());
}

ChipDescription Recording::chip() const {
  GraphSource graph{.graphml = ""};
  if (file_.contains("/synfire/chip/graphml")) {
    graph.graphml = file_.read_string("/synfire/chip/graphml");
  }
  return parse_chip(chip_yaml(), path().string() + ": chip", {}, graph);
}

std::optional<InjectedFaults> Recording::faults() const {
  return detail::read_faults(file_, file_.read<std::uint32_t>("/synfire/network/sizes"));
}

bool Recording::has_run_value(const std::string& name) const {
  return file_.contains("/synfire/run/" + name);
}

std::string Recording::run_text(const std::string& name) const {
  return file_.read_string("/synfire/run/" + name);
}

std::int64_t Recording::run_integer(const std::string& name) const {
  return file_.read_scalar<std::int64_t>("/synfire/run/" + name);
}

double Recording::run_real(const std::string& name) const {
  return file_.read_scalar<double>("/synfire/run/" + name);
}

std::optional<std::string> Recording::provenance_text(const std::string& name) const {
  const std::string dataset = "/synfire/provenance/" + name;
  if (!file_.contains(dataset)) return std::nullopt;
  return file_.read_string(dataset);
}

std::uint64_t Recording::spike_count(PopulationId population) const {
  return spike_counts_[index(population)];
}

std::uint64_t Recording::total_spike_count() const {
  return std::accumulate(spike_counts_.begin(), spike_counts_.end(), std::uint64_t{0});
}

std::uint64_t Recording::potential_count(PopulationId population) const {
  return potential_counts_[index(population)];
}

std::optional<ArithmeticAccount> Recording::arithmetic_account() const {
  const std::string group = "/synfire/accounts/arithmetic";
  if (!file_.contains(group)) return std::nullopt;
  return ArithmeticAccount{
      .spiking = file_.read_scalar<double>(group + "/spiking"),
      .artificial_as_published = file_.read_scalar<double>(group + "/artificial_as_published"),
      .artificial_corrected = file_.read_scalar<double>(group + "/artificial_corrected"),
      .leaky_attention = file_.read_scalar<std::uint8_t>(group + "/leaky_attention") != 0};
}

std::optional<SimulationTotals> Recording::totals() const {
  if (!has_run_value("events")) return std::nullopt;
  return detail::read_totals(file_, file_.read_strings("/synfire/network/names"), slices_.size());
}

std::vector<RecordedTwin> Recording::twins() const {
  return detail::read_twins(file_, slices_.size());
}

}  // namespace synfire
