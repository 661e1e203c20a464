import type { ApiSession } from './api-session.ts';

/** Answered requests since the API server started, by `VERB resource/subresource code`. */
export type RequestCounts = ReadonlyMap<string, number>;

const writes = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);
/** Leader election and events are no writes of the work; reviews and tokens store nothing. */
const beside = /^(leases|events|subjectaccessreviews|selfsubject\w+|tokenreviews|serviceaccounts\/token)$/;

/** Reads the counter `apiserver_request_total`, writes only. */
export async function countWrites(session: ApiSession): Promise<RequestCounts> {
  const { text } = await session.send('GET', '/metrics');
  const counts = new Map<string, number>();
  for (const [, labels = '', value = '0'] of text.matchAll(/^apiserver_request_total\{([^}]*)\} (\S+)$/gm)) {
    const label = (name: string): string => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const what = [label('resource'), label('subresource')].filter((part) => part !== '').join('/');
    if (!writes.has(label('verb')) || beside.test(what)) continue;
    const key = `${label('verb')} ${what} ${label('code')}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(value));
  }
  return counts;
}

/** What was counted in between. */
export function countBetween(before: RequestCounts, after: RequestCounts): RequestCounts {
  const grown = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return new Map(grown.filter(([, count]) => count > 0));
}

export function sumOf(counts: RequestCounts, matches: (key: string) => boolean = () => true): number {
  return [...counts].reduce((sum, [key, count]) => (matches(key) ? sum + count : sum), 0);
}

export function formatCounts(counts: RequestCounts): string {
  return [...counts].map(([key, count]) => `${count} ${key}`).join(', ') || 'none';
}
