import type { RotationToken } from '../../credentials/mark.ts';
import { isHandled } from '../../credentials/outstanding-requests.ts';

const most = 16;

/**
 * Adds requests to those that were acted on; the oldest go when there are more than 16, but never one that still
 * stands on the object: it would fire again.
 */
export function recordHandled(
  handled: readonly RotationToken[],
  added: readonly RotationToken[],
  standing: readonly RotationToken[],
): readonly RotationToken[] {
  const all = [...handled.filter((pair) => !isHandled(added, pair)), ...added];
  let excess = all.length - most;
  return all.filter((pair) => excess <= 0 || isHandled(standing, pair) || excess-- <= 0);
}
