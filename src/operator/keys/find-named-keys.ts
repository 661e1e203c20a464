import { parts, secretAnnotations } from '../../api/names.ts';
import { parseMark } from '../../credentials/mark.ts';
import type { ClusterCache } from '../observe/cluster-cache.ts';

/** Ids of the verifier keys that a verifier, accepted or retired, or the mark of a Secret names. */
export function findNamedKeys({
  connections,
  secrets,
}: Pick<ClusterCache, 'connections' | 'secrets'>): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { status } of connections.values()) {
    for (const part of parts) {
      for (const { key } of status?.credentials?.[part] ?? []) named.add(key);
      for (const { key } of status?.credentials?.retired?.[part] ?? []) named.add(key);
    }
  }
  for (const { metadata } of secrets.values()) {
    const mark = parseMark(metadata.annotations?.[secretAnnotations.issued]);
    if (mark) named.add(mark.key);
  }
  return named;
}
