/** Work that is done one piece at a time for each key, in the order in which it came. */
export interface Turns {
  /** The result of `work` once its turn came; `full` at once when too many wait for this key already. */
  take<T>(key: string, work: () => Promise<T>): Promise<T | 'full'>;
}

/** `mostWaiting` pieces may wait for one key, beside the one that is being done. */
export function buildTurns(mostWaiting: number): Turns {
  const lines = new Map<string, (() => void)[]>();
  return {
    async take(key, work) {
      const line = lines.get(key);
      if (line === undefined) lines.set(key, []);
      else if (line.length >= mostWaiting) return 'full';
      else await new Promise<void>((resolve) => line.push(resolve));
      try {
        return await work();
      } finally {
        // The line stays while there is somebody in it, so nobody who comes now goes first.
        const next = lines.get(key)?.shift();
        if (next) next();
        else lines.delete(key);
      }
    },
  };
}
