/** Bytes of one: what is read from the upstream at once, and what its links grow by. */
const size = 69_632;
/** Smaller ones cost little, and would waste most of one of these. */
const worthwhile = 16_384;
/** Of those that nobody needs so many are kept; a busy gateway has as many on their way. */
const most = 64;

const free: ArrayBufferLike[] = [];

/** A buffer of at least so many bytes, with anything in them. */
export function takeBuffer(length: number): Buffer {
  if (length <= worthwhile || length > size) return Buffer.allocUnsafeSlow(length);
  return Buffer.from(free.pop() ?? Buffer.allocUnsafeSlow(size).buffer);
}

/**
 * Takes a buffer, or a part of one, that came from `takeBuffer` and that nobody reads or writes any more, so that it is
 * used again: a new one for each chunk of a reply costs the garbage collector more than everything else that is done
 * with it. Whoever cannot be sure leaves it alone.
 */
export function giveBackBuffer({ buffer }: Buffer): void {
  if (buffer.byteLength === size && free.length < most) free.push(buffer);
}
