// SPDX-License-Identifier: Apache-2.0
// Packed columns: base64 of zlib of zigzag varints of differences (analysis/detail/report_blob.hpp).

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Columns of `rows` values each. Exact up to 2^53. */
export function decodeColumns(bytes: Uint8Array, columns: number, rows: number): Float64Array[] {
  const result: Float64Array[] = [];
  let at = 0;
  for (let column = 0; column < columns; ++column) {
    const values = new Float64Array(rows);
    let value = 0;
    for (let row = 0; row < rows; ++row) {
      let byte = bytes[at++];
      let zigzag = byte & 0x7f;
      for (let scale = 128; byte >= 0x80; scale *= 128) {
        byte = bytes[at++];
        zigzag += (byte & 0x7f) * scale;
      }
      value += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      values[row] = value;
    }
    result.push(values);
  }
  if (at !== bytes.length) throw new Error('report: a packed table is damaged');
  return result;
}

export async function unpack(text: string, columns: number, rows: number): Promise<Float64Array[]> {
  return decodeColumns(await inflate(bytesOf(text)), columns, rows);
}
