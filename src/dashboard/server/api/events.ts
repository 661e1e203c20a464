import type { ConnectionEvent, EventList } from '../../../api/dashboard-api.ts';
import { eventsPath } from '../../../kube/resource-paths.ts';
import { type Answer, answerWith } from '../answer.ts';
import type { ApiCall } from './api-route.ts';

/** Events that are read, and those that are shown. The API server keeps them for an hour. */
const [read, shown] = [500, 100];

/** GET of the events about one Connection. */
export async function readEvents({ session, names }: ApiCall): Promise<Answer> {
  const [namespace = '', name = ''] = names;
  const fieldSelector = `regarding.kind=Connection,regarding.name=${name}`;
  const { items } = await session.client.list<RawEvent>(eventsPath(namespace), { fieldSelector, limit: read });
  const events = items.map(readEvent).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const list: EventList = { events: events.slice(0, shown) };
  return answerWith(list);
}

/** `events.k8s.io/v1`, with what older clients write. */
interface RawEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly note?: string;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly deprecatedCount?: number;
  readonly deprecatedLastTimestamp?: string | null;
  readonly metadata: { readonly creationTimestamp?: string };
}

function readEvent({ metadata, type, reason, note, series, ...event }: RawEvent): ConnectionEvent {
  const times = [series?.lastObservedTime, event.deprecatedLastTimestamp, event.eventTime, metadata.creationTimestamp];
  return {
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason: reason ?? '',
    note: note ?? '',
    at: times.find((time) => typeof time === 'string') ?? '',
    count: Math.max(1, series?.count ?? event.deprecatedCount ?? 1),
  };
}
