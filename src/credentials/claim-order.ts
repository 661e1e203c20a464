import type { Connection } from '../api/generated/connection.ts';
import { parts } from '../api/names.ts';

/**
 * Negative when `a` goes before `b` where both claim one code, client id or username: whoever was issued first, then
 * the older one, then by namespace and name. Operator and gateway share this rule; the other one has no valid
 * credentials.
 */
export function compareClaims(a: Connection, b: Connection): number {
  return (
    compareTimes(issuedAt(a), issuedAt(b)) ||
    compareTimes(Date.parse(a.metadata.creationTimestamp), Date.parse(b.metadata.creationTimestamp)) ||
    compareTexts(pathOf(a), pathOf(b))
  );
}

/** When the Connection was first issued, in milliseconds since the epoch; infinity when it never was. */
function issuedAt({ metadata, status }: Connection): number {
  const credentials = status?.credentials;
  if (credentials?.uid !== metadata.uid) return Number.POSITIVE_INFINITY;
  if (credentials.issuedAt !== undefined) return Date.parse(credentials.issuedAt);
  return Math.min(...parts.flatMap((part) => credentials[part]?.map(({ issued }) => Date.parse(issued)) ?? []));
}

function compareTimes(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function pathOf({ metadata }: Connection): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
