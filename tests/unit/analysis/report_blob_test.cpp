// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/report_blob.hpp"

#include <sstream>

#include <catch2/catch.hpp>

namespace synfire::detail {

TEST_CASE("Report blob: columns are differences as zigzag varints") {
  const std::vector<ReportColumn> columns{{1, 3, 2}, {-1, 199, 199}};
  CHECK(encode_columns(columns) == std::string("\x02\x04\x01\x01\x90\x03\x00", 7));
  const std::vector<ReportColumn> far{{std::int64_t{1} << 40U}};
  CHECK(encode_columns(far) == std::string("\x80\x80\x80\x80\x80\x40", 6));
}

TEST_CASE("Report blob: base64 is that of RFC 4648") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("Report blob: pieces say where they lie") {
  std::ostringstream output;
  ReportBlob blob(output);
  const BlobPiece first = blob.add(ReportColumn{1, 2, 3});
  const BlobPiece second = blob.add(ReportColumn{});
  CHECK(first.at == 0);
  CHECK(first.rows == 3);
  CHECK(second.at == first.characters);
  CHECK(second.rows == 0);
  CHECK(output.str().size() == first.characters + second.characters);
}

}  // namespace synfire::detail
