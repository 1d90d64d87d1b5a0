// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/report_blob.hpp"

#include <string_view>

#include <zlib.h>

#include "sim/error.hpp"

namespace synfire::detail {
namespace {

constexpr unsigned bits_a_byte = 7;
constexpr std::uint64_t low_bits = 0x7f;
constexpr std::uint64_t more_follow = 0x80;

void append_varint(std::string& bytes, std::int64_t value) {
  auto rest = (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
  while (rest > low_bits) {
    bytes += static_cast<char>((rest & low_bits) | more_follow);
    rest >>= bits_a_byte;
  }
  bytes += static_cast<char>(rest);
}

}  // namespace

std::string encode_columns(std::span<const ReportColumn> columns) {
  std::string bytes;
  for (const ReportColumn& column : columns) {
    std::int64_t before = 0;
    for (const std::int64_t value : column) {
      append_varint(bytes, value - before);
      before = value;
    }
  }
  return bytes;
}

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  const int status =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_DEFAULT_COMPRESSION);
  if (status != Z_OK) throw Error("report: zlib cannot pack a block; is memory exhausted?");
  packed.resize(size);
  return packed;
}

std::string base64(const std::string& bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::size_t group = 3;
  std::string text;
  text.reserve((bytes.size() + group - 1) / group * 4);
  for (std::size_t first = 0; first < bytes.size(); first += group) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < group; ++i) {
      const std::size_t at = first + i;
      bits = bits << 8U | (at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0U);
    }
    for (std::size_t i = 0; i <= group; ++i) {
      const bool is_padding = first + i > bytes.size();
      text += is_padding ? '=' : digits[bits >> (18U - 6U * i) & 63U];
    }
  }
  return text;
}

BlobPiece ReportBlob::add(std::span<const ReportColumn> columns) {
  const std::string text = base64(deflated(encode_columns(columns)));
  const BlobPiece piece{written_, text.size(), columns.empty() ? 0 : columns.front().size()};
  output_ << text;
  written_ += text.size();
  return piece;
}

}  // namespace synfire::detail
