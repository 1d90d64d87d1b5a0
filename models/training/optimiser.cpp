// SPDX-License-Identifier: Apache-2.0
#include "models/training/optimiser.hpp"

#include <algorithm>
#include <cmath>

namespace synfire::training {

Optimiser::Optimiser(std::vector<NamedTensor>& parameters, const OptimiserSettings& settings)
    : parameters_(&parameters), settings_(settings) {
  for (const NamedTensor& parameter : parameters) {
    const at::Tensor zeros = at::zeros(parameter.value.sizes());
    moments_.push_back({parameter.name + ".first_moment", zeros, false});
    moments_.push_back({parameter.name + ".second_moment", zeros.clone(), false});
  }
}

void Optimiser::update(double learning_rate, std::int64_t step) {
  double square = 0.0;
  for (const NamedTensor& parameter : *parameters_) {
    const at::Tensor& gradient = parameter.value.grad();
    if (gradient.defined()) square += gradient.square().sum().item<double>();
  }
  const double shorten = std::min(1.0, settings_.largest_norm / (std::sqrt(square) + 1e-12));
  const double correct1 = 1.0 - std::pow(settings_.beta1, static_cast<double>(step));
  const double correct2 = 1.0 - std::pow(settings_.beta2, static_cast<double>(step));
  for (std::size_t i = 0; i < parameters_->size(); ++i) {
    NamedTensor& parameter = (*parameters_)[i];
    if (!parameter.value.grad().defined()) continue;
    const at::Tensor gradient = parameter.value.grad() * shorten;
    at::Tensor value = parameter.value.detach();  // shares storage
    at::Tensor& first = moments_[2 * i].value;
    at::Tensor& second = moments_[2 * i + 1].value;
    first.mul_(settings_.beta1).add_(gradient, 1.0 - settings_.beta1);
    second.mul_(settings_.beta2).addcmul_(gradient, gradient, 1.0 - settings_.beta2);
    if (parameter.decays) value.mul_(1.0 - learning_rate * settings_.weight_decay);
    const at::Tensor root = (second / correct2).sqrt_().add_(settings_.epsilon);
    value.addcdiv_(first, root, -learning_rate / correct1);
    parameter.value.mutable_grad().reset();
  }
}

}  // namespace synfire::training
