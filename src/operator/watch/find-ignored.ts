import type { Connection } from '../../api/generated/connection.ts';
import type { RotationToken } from '../../credentials/mark.ts';
import { isHandled, readRequests } from '../../credentials/outstanding-requests.ts';
import type { Change } from '../../kube/list-watch.ts';

/**
 * Requests that this change put on the Connection and that were acted on long ago: a value that Git or self-heal put
 * back. They do nothing, and people are told so once.
 */
export function findIgnored({ type, object, previous }: Change<Connection>): readonly RotationToken[] {
  if (type !== 'modified' || !previous || previous === object) return [];
  const before = readRequests(previous);
  const handled = previous.status?.rotation?.handled ?? [];
  return readRequests(object).filter((request) => !isHandled(before, request) && isHandled(handled, request));
}
