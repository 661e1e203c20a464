import type { ConnectionStatus } from '../../api/generated/connection.ts';
import { managerName } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import type { Problem } from './problem.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Replacements of a Secret that somebody deleted or edited, in a row. */
export interface Reissues {
  readonly count: number;
  /** Milliseconds since the epoch of the last one. */
  readonly last: number;
}

/**
 * The row of reissues that the next one would continue; a row is over after an hour of peace. A time to come was written
 * by a clock that was wrong: waiting for it might take for ever.
 */
export function readReissues(status: ConnectionStatus | undefined, now: number): Reissues {
  const { count = 0, last } = status?.credentials?.reissues ?? {};
  const at = last === undefined ? 0 : Date.parse(last);
  return count > 0 && at <= now && now - at <= hour + waitAfter(count) ? { count, last: at } : { count: 0, last: 0 };
}

/** When the Secret may be replaced again: at once twice, then 1, 2, 4 … 60 minutes after the last time. */
export function nextReissueAt({ count, last }: Reissues): number {
  return last + waitAfter(count);
}

function waitAfter(count: number): number {
  return count < 2 ? 0 : Math.min(2 ** (count - 2), 60) * minute;
}

/** What a contested Secret is told, naming the field manager that wrote it last. */
export function contestedProblem(secret: Secret | undefined, until: number): Problem {
  const what = secret
    ? `${lastWriter(secret)} keeps writing other values into Secret ${secret.metadata.name}`
    : 'Somebody keeps deleting the Secret';
  const message = `${what}: stop that first. It is replaced again at ${new Date(until).toISOString()}; until then the values issued last stay valid.`;
  return { reason: 'SecretContested', message };
}

function lastWriter(secret: Secret): string {
  const entries = [...(secret.metadata.managedFields ?? [])].sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
  const manager = entries.findLast((entry) => entry.manager !== managerName)?.manager;
  return manager === undefined ? 'Somebody' : `Field manager ${JSON.stringify(manager)}`;
}
