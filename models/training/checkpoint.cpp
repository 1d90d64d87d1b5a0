// SPDX-License-Identifier: Apache-2.0
#include "models/training/checkpoint.hpp"

#include <fstream>

#include "sim/error.hpp"

namespace synfire::training {
namespace {

constexpr std::uint64_t kMagic = 0x31544B4346594E53U;  // "SNYFCKT1"

template <class T>
void put(std::ostream& out, const T& value) {
  out.write(reinterpret_cast<const char*>(&value), sizeof value);
}
void put(std::ostream& out, const std::string& text) {
  put(out, static_cast<std::uint64_t>(text.size()));
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

template <class T>
T take(std::istream& in) {
  T value{};
  in.read(reinterpret_cast<char*>(&value), sizeof value);
  return value;
}
std::string take_text(std::istream& in) {
  constexpr std::uint64_t longest = 1U << 20U;
  const auto size = take<std::uint64_t>(in);
  if (!in || size > longest) return {};
  std::string text(size, '\0');
  in.read(text.data(), static_cast<std::streamsize>(size));
  return text;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const std::string& recipe,
                      std::int64_t step, const std::vector<NamedTensor>& tensors) {
  std::filesystem::path part = path;
  part += ".part";
  {
    std::ofstream out(part, std::ios::binary);
    put(out, kMagic);
    put(out, recipe);
    put(out, step);
    put(out, static_cast<std::uint64_t>(tensors.size()));
    for (const NamedTensor& tensor : tensors) {
      const at::Tensor value = tensor.value.detach().contiguous();
      put(out, tensor.name);
      put(out, static_cast<std::uint64_t>(value.numel()));
      out.write(static_cast<const char*>(value.data_ptr()),
                static_cast<std::streamsize>(value.nbytes()));
    }
    out.close();
    if (!out) throw WriteError(part.string(), "cannot be written; check space and permissions");
  }
  std::error_code failure;
  std::filesystem::rename(part, path, failure);
  if (failure) throw IoError(path.string(), "cannot be written: " + failure.message());
}

std::int64_t read_checkpoint(const std::filesystem::path& path, const std::string& recipe,
                             const std::vector<NamedTensor>& tensors) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw IoError(path.string(), "cannot be opened; train without --resume first");
  if (take<std::uint64_t>(in) != kMagic) throw IoError(path.string(), "is not a checkpoint");
  if (take_text(in) != recipe) {
    throw ConfigError("resume",
                      path.string() + " was made with other options; give the same ones as before");
  }
  const auto step = take<std::int64_t>(in);
  const auto count = take<std::uint64_t>(in);
  if (count != tensors.size()) throw IoError(path.string(), "holds another model");
  for (const NamedTensor& tensor : tensors) {
    at::Tensor value = tensor.value.detach();
    const std::string name = take_text(in);
    const auto size = take<std::uint64_t>(in);
    if (name != tensor.name || size != static_cast<std::uint64_t>(value.numel())) {
      throw IoError(path.string(), "does not hold " + tensor.name);
    }
    in.read(static_cast<char*>(value.data_ptr()), static_cast<std::streamsize>(value.nbytes()));
  }
  if (!in) throw IoError(path.string(), "ends too early");
  return step;
}

}  // namespace synfire::training
