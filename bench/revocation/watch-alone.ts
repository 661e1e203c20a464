import { apiVersion } from '../../src/api/names.ts';
import { ApiSession } from '../issue/api-session.ts';

/** What the program writes for each event when it is told to end: `moment` in milliseconds of the system's own clock. */
export interface SeenEvent {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly moment: number;
}

/** Milliseconds on a clock that all processes of a system share, and that nobody sets. */
export const readSystemClock = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * A program: watches Connections and does nothing with them, in a process of its own as a gateway is one. Says `watching`,
 * and what it saw when it is told to end, so that it takes no time from anybody before.
 */
async function watchAlone(kubeconfig: string): Promise<void> {
  const session = new ApiSession(kubeconfig);
  const events: SeenEvent[] = [];
  const all = `/apis/${apiVersion}/connections`;
  const { metadata } = await session.call<{ metadata: { resourceVersion: string } }>('GET', `${all}?limit=1`);
  await session.watch(all, {
    resourceVersion: metadata.resourceVersion,
    onObject: ({ metadata: { uid, resourceVersion } }) =>
      events.push({ uid, resourceVersion, moment: readSystemClock() }),
  });
  process.once('SIGTERM', () => {
    process.stdout.write(`${JSON.stringify(events)}\n`, () => process.exit(0));
  });
  process.stdout.write('watching\n');
}

if (import.meta.main) await watchAlone(process.argv[2] ?? '');
