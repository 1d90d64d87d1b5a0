// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "models/training/kernel.hpp"

/// How autograd functions call kernels: tensors as pointers, ranges on threads, sums over threads.
namespace synfire::training::detail {

template <class Real>
Real* data(const at::Tensor& tensor) {
  return tensor.defined() ? static_cast<Real*>(tensor.data_ptr()) : nullptr;
}

/// Calls body with a null pointer of the tensor's element type.
template <class Body>
void for_type(at::ScalarType type, const Body& body) {
  if (type == at::kBFloat16) {
    body(static_cast<Bfloat16*>(nullptr));
  } else {
    body(static_cast<float*>(nullptr));
  }
}

/// Splits [0, count) evenly over the threads; body(range index, begin, end). The split depends on
/// the number of threads alone, so results repeat.
template <class Body>
void for_ranges(std::int64_t count, const Body& body) {
  const std::int64_t threads = at::get_num_threads();
  at::parallel_for(0, threads, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      body(i, count * i / threads, count * (i + 1) / threads);
    }
  });
}

/// Two double-precision sums per channel and thread, added up in order of thread.
struct ThreadSums {
  explicit ThreadSums(std::int64_t channels)
      : sums(at::zeros({at::get_num_threads(), 2, channels}, at::kDouble)) {}
  double* first(std::int64_t thread) { return sums[thread][0].data_ptr<double>(); }
  double* second(std::int64_t thread) { return sums[thread][1].data_ptr<double>(); }
  at::Tensor total() const { return sums.sum(0); }
  at::Tensor sums;
};

/// What a gradient needs beside tensors; autograd's context carries it as a capsule.
template <class Record>
void keep(torch::autograd::AutogradContext* ctx, const c10::intrusive_ptr<Record>& record) {
  ctx->saved_data["record"] = c10::IValue::make_capsule(record);
}

template <class Record>
c10::intrusive_ptr<Record> kept(torch::autograd::AutogradContext* ctx) {
  return c10::static_intrusive_pointer_cast<Record>(ctx->saved_data["record"].toCapsule());
}

}  // namespace synfire::training::detail
