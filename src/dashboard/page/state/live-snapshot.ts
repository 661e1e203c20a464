import type { LiveSource } from '../../../api/dashboard-api.ts';
import type { Connection } from '../../../api/generated/connection.ts';
import type { ConnectionGroup } from '../../../api/generated/connection-group.ts';
import type { ConnectionRole } from '../../../api/generated/connection-role.ts';

/** How a source is: its list is on the way, it is live, the viewer may not list it, or it may be old. */
export type SourceState = 'loading' | 'live' | 'denied' | 'trouble';

/** A source, and the sentence about it where there is one. */
export interface SourceStatus extends LiveSource {
  readonly state: SourceState;
  readonly message?: string;
}

/** Everything that the stream has told so far. A new object with every change, its parts only when they changed. */
export interface LiveSnapshot {
  /** `reconnecting`: the stream broke; what is here may be old. */
  readonly link: 'connecting' | 'open' | 'reconnecting';
  readonly sources: readonly SourceStatus[];
  /** By `namespace/name`. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** By name. */
  readonly roles: ReadonlyMap<string, ConnectionRole>;
  readonly groups: ReadonlyMap<string, ConnectionGroup>;
}

export const emptySnapshot: LiveSnapshot = {
  link: 'connecting',
  sources: [],
  connections: new Map(),
  roles: new Map(),
  groups: new Map(),
};

/** Where an object stands in its map: `namespace/name`, or the name of what has no namespace. */
export function keyOf({
  metadata,
}: {
  readonly metadata: { readonly namespace?: string; readonly name: string };
}): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** Whether the lists of this kind are still on the way. */
export function isLoading({ link, sources }: LiveSnapshot, kind: LiveSource['kind']): boolean {
  const own = sources.filter((source) => source.kind === kind);
  return own.length === 0 ? link !== 'open' || sources.length === 0 : own.some(({ state }) => state === 'loading');
}

/** Whether something that is shown may be old: the stream broke, or the cluster does not answer. */
export function findTrouble({ link, sources }: LiveSnapshot): string | undefined {
  if (link === 'reconnecting') return 'The connection to the dashboard broke. What you see may be old; trying again.';
  return sources.find(({ state }) => state === 'trouble')?.message;
}
