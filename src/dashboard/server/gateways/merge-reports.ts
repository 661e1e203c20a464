import type {
  ConnectionFlow,
  ErrorReport,
  FlowCounts,
  FlowHour,
  FlowReport,
  ReportedConnection,
  ReportedWarning,
  WarningReport,
} from '../../../api/flow-report.ts';

const maxErrors = 100;

/** Adds up what several gateways with stores of their own counted. */
export function mergeFlows(reports: readonly FlowReport[]): FlowReport {
  const connections = new Map<string, ConnectionFlow>();
  const hours = new Map<string, FlowHour>();
  for (const report of reports) {
    for (const flow of report.connections) connections.set(flow.uid, addCounts(flow, connections.get(flow.uid)));
    for (const flow of report.hours) hours.set(flow.hour, addCounts(flow, hours.get(flow.hour)));
  }
  return {
    connections: [...connections.values()].sort(compareNames),
    hours: [...hours.values()].sort((a, b) => a.hour.localeCompare(b.hour)),
  };
}

export function mergeErrors(reports: readonly ErrorReport[]): ErrorReport {
  return {
    errors: reports
      .flatMap(({ errors }) => errors)
      .sort(compareTimes)
      .slice(0, maxErrors),
  };
}

/** Of the same warning the newest. */
export function mergeWarnings(reports: readonly WarningReport[]): WarningReport {
  const newest = new Map<string, ReportedWarning>();
  for (const warning of reports.flatMap(({ warnings }) => warnings).sort(compareTimes)) {
    const key = JSON.stringify([warning.uid, warning.kind, warning.detail]);
    if (!newest.has(key)) newest.set(key, warning);
  }
  return { warnings: [...newest.values()] };
}

function addCounts<T extends FlowCounts>(flow: T, known: FlowCounts | undefined): T {
  if (known === undefined) return flow;
  return {
    ...flow,
    created: flow.created + known.created,
    updated: flow.updated + known.updated,
    sent: flow.sent + known.sent,
    business: flow.business + known.business,
    technical: flow.technical + known.technical,
  };
}

function compareNames(a: ReportedConnection, b: ReportedConnection): number {
  return a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name);
}

/** Newest first. */
function compareTimes(a: { readonly at: string }, b: { readonly at: string }): number {
  return b.at.localeCompare(a.at);
}
