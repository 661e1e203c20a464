import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { dashboardPaths, type Merged } from '../../../api/dashboard-api.ts';
import type { ErrorReport, FlowReport, ReportedWarning, WarningReport } from '../../../api/flow-report.ts';
import { callApi } from './call-api.ts';
import { usePage } from './page-context.tsx';

/** Milliseconds between two looks at the gateways: counts reach their store every few seconds. */
const often = 10_000;
const seldom = 60_000;

function buildQuery(namespaces: readonly string[], parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters);
  for (const namespace of namespaces) query.append('namespace', namespace);
  return query.toString();
}

/** Which namespaces to ask for: all of them without a name where the viewer sees all. */
function useAsked(namespace: string | undefined): { readonly asked: readonly string[]; readonly isAskable: boolean } {
  const { session, namespaces, isNamed } = usePage();
  const named = isNamed ? namespaces : [];
  return {
    asked: namespace === undefined ? named : [namespace],
    isAskable: session.flows && (namespace !== undefined || !isNamed || named.length > 0),
  };
}

/** What moved in the last `hours`; of one Connection where it is named. */
export function useFlows(hours: number, namespace?: string, name?: string): UseQueryResult<Merged<FlowReport>> {
  const { asked, isAskable } = useAsked(namespace);
  const query = buildQuery(asked, { hours: String(hours), ...(name === undefined ? {} : { name }) });
  return useQuery({
    queryKey: ['flows', query],
    queryFn: () => callApi<Merged<FlowReport>>('GET', `${dashboardPaths.flows}?${query}`),
    enabled: isAskable,
    refetchInterval: often,
    placeholderData: (before) => before,
  });
}

/** Business errors of one Connection. */
export function useErrors(namespace: string, name: string): UseQueryResult<Merged<ErrorReport>> {
  const { isAskable } = useAsked(namespace);
  const query = buildQuery([namespace], { name });
  return useQuery({
    queryKey: ['errors', query],
    queryFn: () => callApi<Merged<ErrorReport>>('GET', `${dashboardPaths.errors}?${query}`),
    enabled: isAskable,
    refetchInterval: often,
  });
}

const none: ReadonlyMap<string, readonly ReportedWarning[]> = new Map();

/** What the gateways noticed, by uid of the Connection; empty where they cannot be asked. */
export function useReportedWarnings(): ReadonlyMap<string, readonly ReportedWarning[]> {
  const { asked, isAskable } = useAsked(undefined);
  const query = buildQuery(asked, {});
  const { data } = useQuery({
    queryKey: ['warnings', query],
    queryFn: async () => {
      const report = await callApi<Merged<WarningReport>>('GET', `${dashboardPaths.warnings}?${query}`);
      return Map.groupBy(report.warnings, ({ uid }) => uid);
    },
    enabled: isAskable,
    refetchInterval: seldom,
    retry: false,
  });
  return data ?? none;
}
