import { startProgram } from '../../tools/start-program.ts';
import { readSystemClock, type SeenEvent } from './watch-alone.ts';

/** Events of a watch, by `performance.now()` of this process. */
export class SeenEvents {
  readonly #events: readonly SeenEvent[];
  readonly #offset = readSystemClock() - performance.now();

  constructor(events: readonly SeenEvent[]) {
    this.#events = events;
  }

  /** When the version was shown that a write returned. */
  momentOf(uid: string, resourceVersion: string): number {
    return this.#find((event) => event.uid === uid && event.resourceVersion === resourceVersion);
  }

  /** When the object was shown first after a moment. */
  momentAfter(uid: string, moment: number): number {
    return this.#find((event) => event.uid === uid && event.moment - this.#offset > moment);
  }

  #find(matches: (event: SeenEvent) => boolean): number {
    const event = this.#events.find(matches);
    if (event === undefined) throw new Error('the bare watch never showed a change');
    return event.moment - this.#offset;
  }
}

/** Starts `watch-alone.ts`; `stop` returns what it saw. */
export async function startWatch(kubeconfig: string): Promise<{ stop(): Promise<SeenEvents> }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const program = startProgram({
    file: 'bench/revocation/watch-alone.ts',
    args: [kubeconfig],
    onLine: (line) => line === 'watching' && resolve(),
  });
  void program.exited.then(() => reject(new Error(`the bare watch ended:\n${program.lines.join('\n')}`)));
  await promise;
  return {
    async stop() {
      await program.stop();
      const line = program.lines.findLast((text) => text.startsWith('['));
      return new SeenEvents(JSON.parse(line ?? '[]') as SeenEvent[]);
    },
  };
}
