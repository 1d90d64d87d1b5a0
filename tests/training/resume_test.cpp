// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <memory>

#include <ATen/Parallel.h>

#include "models/training/ann_decoder.hpp"
#include "models/training/checkpoint.hpp"
#include "models/training/spiking_decoder.hpp"
#include "models/training/trainer.hpp"
#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

DecoderShape tiny_shape() {
  DecoderShape shape;
  shape.vocabulary = 7;
  shape.context = 12;
  shape.steps = 2;
  shape.groups = 2;
  shape.width = 32;
  shape.hidden = 48;
  shape.blocks = 2;
  shape.decay_shift = {1, 3};
  return shape;
}

Tokens some_text() {
  Tokens text;
  for (unsigned i = 0; i < 600; ++i) text.push_back(static_cast<Token>((i * i + i / 5) % 7));
  return text;
}

TrainingSettings settings_for(const test::TemporaryFolder& folder) {
  TrainingSettings settings;
  settings.steps = 20;
  settings.batch = 3;
  settings.context = tiny_shape().context;
  settings.dropout = 0.1;
  settings.report_steps = 5;
  settings.evaluation_steps = 10;
  settings.checkpoint = folder / "checkpoint";
  return settings;
}

std::unique_ptr<LanguageModel> fresh(int spike_degree, Norm norm) {
  DecoderShape shape = tiny_shape();
  shape.spike_degree = spike_degree;
  shape.norm = norm;
  if (shape.is_artificial()) {
    return std::make_unique<AnnDecoder>(shape, Precision::bfloat16, 4);
  }
  return std::make_unique<SpikingDecoder>(shape, Precision::bfloat16, 4);
}

/// Trains, stopping after `stop_after` steps (a multiple of report_steps).
std::int64_t run(LanguageModel& model, const TrainingSettings& settings, bool resume,
                 std::int64_t stop_after) {
  const Tokens text = some_text();
  const WindowSampler sampler({text}, settings.context, settings.seed);
  std::atomic<bool> stop{false};
  return train(model, sampler, text, settings, "tiny", resume, stop,
               [&](const Progress& progress) { stop = progress.step >= stop_after; });
}

bool same(LanguageModel& a, LanguageModel& b) {
  bool equal = true;
  for (std::size_t i = 0; i < a.parameters().size(); ++i) {
    equal = equal && at::equal(a.parameters()[i].value, b.parameters()[i].value);
  }
  for (std::size_t i = 0; i < a.buffers().size(); ++i) {
    equal = equal && at::equal(a.buffers()[i].value, b.buffers()[i].value);
  }
  return equal;
}

TEST_CASE("training that was stopped and resumed ends with the same weights, bit by bit") {
  const auto [degree, norm] = GENERATE(
      table<int, Norm>({{4, Norm::batch}, {4, Norm::power}, {2, Norm::layer}, {0, Norm::batch}}));
  const int threads = GENERATE(1, 2);
  at::set_num_threads(threads);
  const test::TemporaryFolder folder;
  const TrainingSettings settings = settings_for(folder);
  const auto whole = fresh(degree, norm);
  REQUIRE(run(*whole, settings, false, settings.steps) == settings.steps);
  const auto first = fresh(degree, norm);
  REQUIRE(run(*first, settings, false, 10) == 10);
  CHECK_FALSE(same(*whole, *first));
  const auto second = fresh(degree, norm);
  REQUIRE(run(*second, settings, true, settings.steps) == settings.steps);
  CHECK(same(*whole, *second));
}

TEST_CASE("a checkpoint of another recipe is refused") {
  const test::TemporaryFolder folder;
  const auto model = fresh(4, Norm::batch);
  const std::filesystem::path path = folder / "checkpoint";
  write_checkpoint(path, "one recipe", 3, model->parameters());
  CHECK(read_checkpoint(path, "one recipe", model->parameters()) == 3);
  CHECK_THROWS_AS(read_checkpoint(path, "another", model->parameters()), ConfigError);
}

TEST_CASE("a missing, foreign or truncated checkpoint is an IoError") {
  const test::TemporaryFolder folder;
  const auto model = fresh(4, Norm::batch);
  const std::filesystem::path path = folder / "checkpoint";
  CHECK_THROWS_AS(read_checkpoint(path, "r", model->parameters()), IoError);
  std::ofstream(path) << "something else entirely";
  CHECK_THROWS_AS(read_checkpoint(path, "r", model->parameters()), IoError);
  write_checkpoint(path, "r", 3, model->parameters());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK_THROWS_AS(read_checkpoint(path, "r", model->parameters()), IoError);
}

TEST_CASE("a checkpoint that cannot be written leaves the old one alone") {
  const auto model = fresh(4, Norm::batch);
  CHECK_THROWS_AS(write_checkpoint("/proc/synfire/checkpoint", "r", 1, model->parameters()),
                  IoError);
}

}  // namespace
}  // namespace synfire::training
