import { useMemo } from 'react';
import { useNow } from '../controls/use-now.ts';
import { useLive } from '../state/page-context.tsx';
import { useReportedWarnings } from '../state/use-reports.ts';
import { buildRow, type ConnectionRow } from './build-row.ts';

/** Every Connection that is known, by label. */
export function useRows(): readonly ConnectionRow[] {
  const { connections } = useLive();
  const reported = useReportedWarnings();
  const hour = Math.floor(useNow() / 3_600_000);
  return useMemo(() => {
    const now = hour * 3_600_000;
    const rows = [...connections.values()].map((connection) =>
      buildRow(connection, reported.get(connection.metadata.uid), now),
    );
    return rows.sort((a, b) => (a.order < b.order ? -1 : 1));
  }, [connections, reported, hour]);
}
