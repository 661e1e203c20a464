import type { Connection } from '../api/generated/connection.ts';

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
  return credentials?.uid === metadata.uid ? Date.parse(credentials.issuedAt) : Number.POSITIVE_INFINITY;
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
