import type { Exchange } from './exchange.ts';

/** So many bytes are handed over at once. */
const slice = 65_536;

/**
 * Writes a body that is known as a whole, as fast as the client takes it, and ends the reply. Breaks off when the client
 * takes nothing in for so long. Call it once, right after `start`.
 *
 * @param idle milliseconds
 * @returns whether all of it went through
 */
export function writeSlowly(exchange: Exchange, parts: readonly Uint8Array[], idle: number): Promise<boolean> {
  return new Promise((resolve) => {
    const slices = cut(parts);
    let hasEnded = false;
    const timer = setTimeout(() => exchange.abort(), idle);
    const go = (): void => {
      timer.refresh();
      if (hasEnded) return;
      for (const bytes of slices) if (!exchange.write(bytes)) return;
      hasEnded = true;
      exchange.end();
    };
    exchange.onClose((whole) => {
      clearTimeout(timer);
      resolve(whole);
    });
    exchange.onDrain(go);
    go();
  });
}

/** One iterator for all calls: a `return` in the loop above would close a generator. */
function cut(parts: readonly Uint8Array[]): Iterable<Uint8Array> {
  let [part, at] = [0, 0];
  const next = (): IteratorResult<Uint8Array> => {
    const bytes = parts[part];
    if (bytes === undefined) return { done: true, value: undefined };
    const value = bytes.subarray(at, at + slice);
    at += slice;
    if (at >= bytes.length) [part, at] = [part + 1, 0];
    return { done: false, value };
  };
  return { [Symbol.iterator]: () => ({ next }) };
}
