import { LRUCache } from 'lru-cache';
import type { Connection } from '../../api/generated/connection.ts';
import { codeOf } from '../../credentials/code.ts';
import type { KubeLog } from '../../kube/kube-log.ts';
import type { WarningKind } from '../metrics/call-counts.ts';
import type { Store, Warning } from '../store/store.ts';
import type { TokenReports } from './token-context.ts';

export interface WarningReportsOptions {
  readonly store: Pick<Store, 'recordWarning'>;
  readonly log: Pick<KubeLog, 'warn'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** For metrics, together with the log line. The connection is the one whose page warns: of a pair, the client's. */
  readonly onWarning: (kind: WarningKind, connection: Connection) => void;
}

/** What was warned of, and when. */
interface Seen {
  /** Days since the epoch, UTC. */
  readonly day: number;
  readonly at: number;
}

const dayLength = 24 * 3_600_000;
/** How exact the time is that pages show, in milliseconds: one write to the store each. */
const refreshEvery = 10 * 60_000;
/** Kinds of trouble that this process remembers to have reported; one that was pushed out asks the store again. */
const mostSeen = 20_000;

/**
 * Warnings of retired values and wrong pairs: each a log line and a metric once a UTC day over all gateways that share
 * the store, and a row in the store that says when it happened last. While the store is away they are said all the same,
 * once a day by each gateway.
 */
export function buildWarningReports(options: WarningReportsOptions): Pick<TokenReports, 'retired' | 'wrongPair'> {
  const { store, log, clock, onWarning } = options;
  const seen = new LRUCache<string, Seen>({ max: mostSeen });

  const report = (key: string, warnings: readonly Omit<Warning, 'at'>[], say: () => void): void => {
    const at = clock();
    const day = Math.floor(at / dayLength);
    const known = seen.get(key);
    const isFirst = known?.day !== day;
    if (!isFirst && at - known.at < refreshEvery) return;
    seen.set(key, { day, at });
    const unlessSince = isFirst ? day * dayLength : at - refreshEvery + 1;
    const record = async (): Promise<void> => {
      const recorded = await Promise.all(
        warnings.map((warning) => store.recordWarning({ ...warning, at }, unlessSince)),
      );
      if (isFirst && recorded.includes(true)) say();
    };
    record().catch(() => isFirst && say());
  };

  return {
    retired(connection, part, version) {
      const { uid } = connection.metadata;
      const detail = `${part} ${version}`;
      report(`${uid} ${detail}`, [{ connection: uid, kind: 'retiredValue', detail }], () => {
        log.warn({ ...fieldsOf(connection), part, version }, 'an old value is still in use, and refused');
        onWarning('retiredValue', connection);
      });
    },
    wrongPair(client, user) {
      const [clientUid, userUid] = [client.metadata.uid, user.metadata.uid];
      const warnings = [
        { connection: clientUid, kind: 'otherUsername', detail: user.status?.username ?? '' },
        { connection: userUid, kind: 'otherClientId', detail: client.status?.clientId ?? '' },
      ] as const;
      report(`${clientUid} ${userUid}`, warnings, () => {
        const { namespace, code } = fieldsOf(user);
        const fields = { ...fieldsOf(client), userNamespace: namespace, userCode: code };
        log.warn(fields, 'a client id is used with the username of another connection');
        onWarning('wrongPair', client);
      });
    },
  };
}

function fieldsOf(connection: Connection): { readonly namespace: string; readonly code: string } {
  return { namespace: connection.metadata.namespace, code: codeOf(connection) };
}
