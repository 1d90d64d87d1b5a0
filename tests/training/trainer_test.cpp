// SPDX-License-Identifier: Apache-2.0
#include "models/training/trainer.hpp"

#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

TEST_CASE("the learning rate rises to its peak and falls to zero") {
  TrainingSettings settings;
  settings.steps = 1000;
  settings.warm_up = 0.1;
  settings.learning_rate = 1.0;
  CHECK(learning_rate_at(settings, 50) == Approx(0.5));
  CHECK(learning_rate_at(settings, 100) == Approx(1.0));
  CHECK(learning_rate_at(settings, 550) == Approx(0.5));
  CHECK(learning_rate_at(settings, 1000) == Approx(0.0));
}

TEST_CASE("PowerNorm warms up in the first tenth, weights are rounded in the last") {
  TrainingSettings settings;
  settings.steps = 100;
  CHECK(pass_at(settings, 10).warming_up);
  CHECK_FALSE(pass_at(settings, 11).warming_up);
  CHECK_FALSE(pass_at(settings, 90).quantised);
  CHECK(pass_at(settings, 91).quantised);
}

}  // namespace
}  // namespace synfire::training
