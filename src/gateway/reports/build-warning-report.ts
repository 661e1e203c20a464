import type { WarningReport } from '../../api/flow-report.ts';
import type { Connection } from '../../api/generated/connection.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds: as long as the store keeps them. */
const within = 30 * 24 * 3_600_000;

/** Warnings of these Connections, newest first. */
export async function buildWarningReport(
  store: Pick<Store, 'listWarnings' | 'listAllWarnings'>,
  connections: readonly Connection[],
): Promise<WarningReport> {
  const byUid = new Map(connections.map(({ metadata }) => [metadata.uid, metadata]));
  const [only] = byUid.keys();
  const listed =
    byUid.size === 1 && only !== undefined
      ? await store.listWarnings(only, within)
      : await store.listAllWarnings(within);
  return {
    warnings: listed.flatMap(({ connection, kind, detail, at }) => {
      const metadata = byUid.get(connection);
      if (metadata === undefined) return [];
      const { namespace, name } = metadata;
      return [{ uid: connection, namespace, name, kind, detail, at: new Date(at).toISOString() }];
    }),
  };
}
