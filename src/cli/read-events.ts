import type { Connection } from '../api/generated/connection.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { eventsPath } from '../kube/resource-paths.ts';
import type { OpenCluster } from './open-cluster.ts';

/** An event about a Connection. */
export interface ShownEvent {
  /** RFC 3339. */
  readonly time: string;
  readonly type: string;
  readonly reason: string;
  readonly note: string;
}

interface RawEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly note?: string;
  readonly eventTime?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
  readonly regarding?: { readonly kind?: string; readonly uid?: string };
  readonly series?: { readonly lastObservedTime?: string };
}

/** Newest first; empty for whoever may not read events. */
export async function readEvents({ client }: OpenCluster, { metadata }: Connection): Promise<readonly ShownEvent[]> {
  try {
    const { items } = await client.list<RawEvent>(eventsPath(metadata.namespace), {
      fieldSelector: `regarding.kind=Connection,regarding.name=${metadata.name}`,
    });
    return items
      .filter(({ regarding }) => regarding?.uid === metadata.uid)
      .map(({ type, reason, note, eventTime, deprecatedLastTimestamp, series }) => ({
        time: series?.lastObservedTime ?? eventTime ?? deprecatedLastTimestamp ?? '',
        type: type ?? '',
        reason: reason ?? '',
        note: note ?? '',
      }))
      .sort((a, b) => b.time.localeCompare(a.time));
  } catch (error) {
    if (isKubeError(error, 'Forbidden')) return [];
    throw error;
  }
}
