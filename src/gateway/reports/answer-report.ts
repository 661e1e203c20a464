import type { IncomingMessage } from 'node:http';
import { type ErrorReport, flowPaths } from '../../api/flow-report.ts';
import type { Connection } from '../../api/generated/connection.ts';
import type { AdminAnswer } from '../../process/start-admin-server.ts';
import type { Directory } from '../directory/directory.ts';
import { type Store, StoreError } from '../store/store.ts';
import { buildFlowReport } from './build-flow-report.ts';
import { buildWarningReport } from './build-warning-report.ts';
import { findSeen } from './find-seen.ts';
import { type ReportQuery, readReportQuery } from './read-report-query.ts';
import type { ViewerRights } from './viewer-rights.ts';

export interface ReportParts {
  readonly directory: Pick<Directory, 'connections'>;
  readonly store: Store;
  readonly rights: ViewerRights;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

type Query = Extract<ReportQuery, { kind: 'query' }>;
type Report = (parts: ReportParts, connections: readonly Connection[], query: Query) => Promise<object | undefined>;

const week = 7 * 24 * 3_600_000;
const mostErrors = 100;

const reports: ReadonlyMap<string, Report> = new Map<string, Report>([
  [flowPaths.flows, ({ store, clock }, seen, { hours }) => buildFlowReport(store, seen, hours, clock())],
  [flowPaths.errors, ({ store }, [connection]) => buildErrorReport(store, connection)],
  [flowPaths.warnings, ({ store }, seen) => buildWarningReport(store, seen)],
]);

/**
 * Answers `/flows`, `/errors` and `/warnings` of the admin port with what the bearer of the request's token may see.
 * `undefined`: another path.
 */
export async function answerReport(parts: ReportParts, request: IncomingMessage): Promise<AdminAnswer | undefined> {
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const report = reports.get(path);
  if (report === undefined) return undefined;
  if (request.method !== 'GET') return fail(405, 'This is for GET.', { allow: 'GET' });
  const token = readToken(request);
  if (token === undefined) {
    return fail(401, 'Send a token of the cluster in "Authorization: Bearer".', { 'www-authenticate': 'Bearer' });
  }
  const asked = readReportQuery(query);
  if (asked.kind === 'wrong') return fail(400, asked.message);
  if (path === flowPaths.errors && asked.scope.name === undefined) {
    return fail(400, 'The parameters "namespace" and "name" are needed.');
  }
  const seen = await findSeen(parts.directory, parts.rights, token, asked.scope);
  if (seen.kind !== 'seen') return refuse(seen.kind);
  try {
    const found = await report(parts, seen.connections, asked);
    if (found === undefined) return fail(404, 'There is no such Connection at this gateway.');
    return build(200, found);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return fail(503, 'The store gives no answer. Try again later.', { 'retry-after': '5' });
  }
}

async function buildErrorReport(store: Store, connection: Connection | undefined): Promise<ErrorReport | undefined> {
  if (connection === undefined) return undefined;
  const listed = await store.listErrors(connection.metadata.uid, week, mostErrors);
  return { errors: listed.map(({ at, error }) => ({ at: new Date(at).toISOString(), ...error })) };
}

function refuse(right: 'denied' | 'unknown' | 'unavailable'): AdminAnswer {
  switch (right) {
    case 'unknown':
      return fail(401, 'The API server does not know this token. Sign in again.', { 'www-authenticate': 'Bearer' });
    case 'denied':
      return fail(403, 'You may not get these Connections: ask for the right "get" on connections.connect.pim.dev.');
    default:
      return fail(503, 'Your rights cannot be asked for at the moment. Try again later.', { 'retry-after': '5' });
  }
}

/** One header with one token. Node joins a second Authorization to nothing: it drops it, so both are looked for. */
function readToken({ rawHeaders }: IncomingMessage): string | undefined {
  const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'authorization');
  const [value = ''] = values;
  return values.length === 1 ? /^bearer +([\w.~+/=-]+)$/i.exec(value)?.[1] : undefined;
}

function fail(code: number, message: string, headers: Readonly<Record<string, string>> = {}): AdminAnswer {
  return { ...build(code, { code, message }), headers: { ...always, ...headers } };
}

function build(status: number, body: object): AdminAnswer {
  return { status, type: 'application/json', body: JSON.stringify(body), headers: always };
}

/** What a viewer may see is nobody else's. */
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;
