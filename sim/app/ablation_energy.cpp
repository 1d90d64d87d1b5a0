// SPDX-License-Identifier: Apache-2.0
#include "sim/app/ablation_energy.hpp"

#include <string>

#include "analysis/arithmetic.hpp"
#include "models/training/ablation_table.hpp"

namespace synfire::app {
namespace {

/// Mean rate of the populations whose name ends so; 0 if there is none.
double mean_rate(const std::vector<training::FiringRate>& firing, const std::string& ending) {
  double sum = 0;
  int count = 0;
  for (const training::FiringRate& rate : firing) {
    if (!rate.population.ends_with(ending)) continue;
    sum += rate.mean;
    ++count;
  }
  return count == 0 ? 0.0 : sum / count;
}

double spiking(const DecoderShape& sizes, const DecoderRates& rates, std::int64_t tokens) {
  return arithmetic::spiking(sizes, rates, tokens);
}

}  // namespace

double arithmetic_energy(const training::DecoderShape& shape,
                         const std::vector<training::FiringRate>& firing) {
  const DecoderShape sizes{shape.width, shape.hidden, shape.blocks, shape.vocabulary, shape.steps};
  const auto tokens = static_cast<double>(shape.context);
  if (shape.is_artificial()) return arithmetic::artificial_corrected(sizes, shape.context) / tokens;
  if (shape.attention == training::Attention::leaky) return training::not_measured;
  const DecoderRates rates{.attention_input = mean_rate(firing, ".attention.input"),
                           .query = mean_rate(firing, ".attention.query"),
                           .attention_score = mean_rate(firing, ".attention.scores"),
                           .attention = mean_rate(firing, ".attention"),
                           .mlp_input = mean_rate(firing, ".mlp.input"),
                           .mlp_hidden = mean_rate(firing, ".mlp.hidden"),
                           .head_input = mean_rate(firing, "head.input")};
  const auto formula = shape.spike_degree == 2   ? arithmetic::partially_spiking
                       : shape.spike_degree == 3 ? arithmetic::spiking_but_head
                                                 : spiking;
  return formula(sizes, rates, shape.context) / tokens;
}

}  // namespace synfire::app
