// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "models/alphabet.hpp"
#include "models/training/decoder_shape.hpp"

namespace synfire::training {

/// What the switches of a decoder are called on the command line, in ablations and in provenance.
inline const std::map<std::string, Attention> attention_names = {
    {"leaky", Attention::leaky}, {"published", Attention::published}, {"none", Attention::none}};
inline const std::map<std::string, Norm> norm_names = {
    {"batch", Norm::batch}, {"power", Norm::power}, {"layer", Norm::layer}};
inline const std::map<std::string, TokenCode> token_code_names = {{"ngram", TokenCode::ngram},
                                                                  {"one-hot", TokenCode::one_hot},
                                                                  {"two-hot", TokenCode::two_hot},
                                                                  {"binary", TokenCode::binary},
                                                                  {"learned", TokenCode::learned}};
inline const std::map<std::string, PositionCode> position_code_names = {
    {"none", PositionCode::none},
    {"linear", PositionCode::linear},
    {"binary", PositionCode::binary},
    {"static", PositionCode::sinusoidal},
    {"learned", PositionCode::learned}};
inline const std::map<std::string, ResidualForm> residual_names = {
    {"0", ResidualForm::real},
    {"1", ResidualForm::spiking_mlp},
    {"2", ResidualForm::spiking},
    {"first-block", ResidualForm::first_block}};
inline const std::map<std::string, HeadForm> head_names = {{"average", HeadForm::average},
                                                           {"accumulate", HeadForm::accumulate},
                                                           {"concatenate", HeadForm::concatenate},
                                                           {"final", HeadForm::final}};
inline const std::map<std::string, TextLevel> level_names = {{"char", TextLevel::character},
                                                             {"word", TextLevel::word}};
inline const std::map<std::string, Precision> precision_names = {{"bfloat16", Precision::bfloat16},
                                                                 {"float32", Precision::float32}};

template <class Value>
const std::string& name_of(const std::map<std::string, Value>& names, Value value) {
  for (const auto& [name, named] : names) {
    if (named == value) return name;
  }
  return names.begin()->first;
}

}  // namespace synfire::training
