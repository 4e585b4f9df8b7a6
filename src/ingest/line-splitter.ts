// Line splitter: bytes into lines, with a bound on the longest, for every way in that reads line by line.
// In: chunks of bytes. Out: lines without their ends.
// Pure over the given chunks.

const NEWLINE = 10;

/**
 * Lines without their `\n` (a `\r` before it stays; blanks are the reader's business), each at most `lineMax` bytes.
 * @returns null in the place of a longer line, whose bytes are dropped as they come
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>, lineMax: number): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= lineMax) parts.push(part);
    else parts = [];
  };
  const line = (): Buffer | null => {
    const whole = length > lineMax ? null : Buffer.concat(parts);
    parts = [];
    length = 0;
    return whole;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield line();
}
