import type { Part } from '../../api/names.ts';
import type { UpkeepInput } from './upkeep-input.ts';

/**
 * What an operator that died left of a part:
 * - `undelivered`: a version whose value never reached the Secret, so nobody has it;
 * - `carried`: a value that stays, but whose Secret was deleted to be created anew.
 */
export type Unfinished = 'undelivered' | 'carried';

/** What is unfinished about this part; `undefined` when nothing is, or when somebody has touched the value since. */
export function findUnfinished({ observed, status, match, held }: UpkeepInput, part: Part): Unfinished | undefined {
  const newest = status.credentials[part]?.at(-1);
  if (newest?.pending !== true || (match[part] !== 'other' && match[part] !== 'follow')) return undefined;
  if (newest.expires !== undefined) return held ? undefined : 'carried';
  const mark = held?.content.mark;
  const wasDelivered = match[part] === 'other' && mark?.versions[part] === newest.version;
  // Only a mark whose key is there can be wrong; one of a lost key says nothing.
  return wasDelivered && observed.keys.get(mark.key) !== undefined ? undefined : 'undelivered';
}
