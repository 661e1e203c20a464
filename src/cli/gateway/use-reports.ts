import { type ErrorReport, type FlowReport, flowPaths, type WarningReport } from '../../api/flow-report.ts';
import type { OpenCluster } from '../open-cluster.ts';
import type { CommandLine } from '../read-command-line.ts';
import { findViewerToken } from './find-viewer-token.ts';
import { reachGateway } from './reach-gateway.ts';

/** Which Connections are asked about. */
export interface ReportScope {
  /** Absent: all. */
  readonly namespace?: string | undefined;
  /** Absent: all of the namespace. */
  readonly name?: string | undefined;
}

/** One report, or a sentence that says why it is missing. */
export type Report<T> = { readonly value: T } | { readonly missing: string };

/** What a gateway tells of flows, errors and warnings. */
export interface Reports {
  readFlows(scope: ReportScope, hours: number): Promise<Report<FlowReport>>;
  readErrors(scope: ReportScope): Promise<Report<ErrorReport>>;
  readWarnings(scope: ReportScope): Promise<Report<WarningReport>>;
}

interface Closable {
  close(): Promise<void>;
}

/** Longest wait for a report, in milliseconds. */
const patience = 15_000;

/** Opens the reports for the time of `work`. A gateway that cannot be asked is no error: every report then says why. */
export async function useReports<T>(
  cluster: OpenCluster,
  line: CommandLine,
  work: (reports: Reports) => Promise<T>,
): Promise<T> {
  const reports = await openReports(cluster, line);
  try {
    return await work(reports);
  } finally {
    await reports.close();
  }
}

async function openReports(cluster: OpenCluster, line: CommandLine): Promise<Reports & Closable> {
  const reach = await reachGateway(cluster, line, 'admin');
  if ('missing' in reach) return buildMissing(reach.missing);
  const viewer = await findViewerToken(cluster, line).catch(async (error: unknown) => {
    await reach.close();
    throw error;
  });
  if ('missing' in viewer) {
    await reach.close();
    return buildMissing(viewer.missing);
  }
  const [origin = ''] = reach.origins;
  const ask = <T>(path: string, query: Readonly<Record<string, string | undefined>>): Promise<Report<T>> =>
    readReport<T>(`${origin}${path}`, query, viewer.token);
  return {
    readFlows: (scope, hours) => ask(flowPaths.flows, { ...scope, hours: String(hours) }),
    readErrors: (scope) => ask(flowPaths.errors, { ...scope }),
    readWarnings: (scope) => ask(flowPaths.warnings, { ...scope }),
    close: () => reach.close(),
  };
}

function buildMissing(missing: string): Reports & Closable {
  const answer = async (): Promise<{ missing: string }> => ({ missing });
  return { readFlows: answer, readErrors: answer, readWarnings: answer, close: async () => {} };
}

async function readReport<T>(
  address: string,
  query: Readonly<Record<string, string | undefined>>,
  token: string,
): Promise<Report<T>> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    const answer = await fetch(`${address}?${new URLSearchParams(given)}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok && isReport(body)) return { value: body as T };
    const message = readMessage(body);
    const said = answer.ok
      ? 'something that is no report'
      : `${answer.status}${message === undefined ? '' : ` (${message})`}`;
    return { missing: `the gateway's admin port answered ${said}` };
  } catch {
    return { missing: `no answer from the gateway's admin port at ${new URL(address).origin}` };
  }
}

function isReport(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.values(body).some(Array.isArray);
}

function readMessage(body: unknown): string | undefined {
  const message = (body as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message.slice(0, 300) : undefined;
}
