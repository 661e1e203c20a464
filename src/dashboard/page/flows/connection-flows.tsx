import { ChartNoAxesColumn } from 'lucide-react';
import type { JSX } from 'react';
import type { Connection } from '../../../api/generated/connection.ts';
import { EmptyState } from '../controls/empty-state.tsx';
import { Panel } from '../controls/panel.tsx';
import { Problem } from '../controls/problem.tsx';
import { Spinner } from '../controls/spinner.tsx';
import { useNow } from '../controls/use-now.ts';
import { usePage } from '../state/page-context.tsx';
import { useFlows } from '../state/use-reports.ts';
import { FlowPanel } from './flow-panel.tsx';
import { flowTopics } from './flow-series.ts';
import { countHours } from './flow-window.ts';
import { SilentGateways } from './silent-gateways.tsx';

/** What flows through one connection, in its own charts. */
export function ConnectionFlows({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata, spec } = connection;
  const { session } = usePage();
  const now = useNow();
  const flows = useFlows(countHours(now), metadata.namespace, metadata.name);
  const why = findReason(connection, session.flows);
  if (why !== undefined) {
    return (
      <Panel title="Data flows">
        <EmptyState icon={ChartNoAxesColumn} title="Nothing is counted">
          {why}
        </EmptyState>
      </Panel>
    );
  }
  if (flows.isPending) {
    return (
      <Panel title="Data flows">
        <Spinner words="Asking the gateways" />
      </Panel>
    );
  }
  if (flows.isError) {
    return (
      <Panel title="Data flows">
        <Problem error={flows.error} retry={() => flows.refetch()} />
      </Panel>
    );
  }
  return (
    <>
      <SilentGateways silent={flows.data.silent} />
      {flowTopics
        .filter(({ flowType }) => flowType === spec.flowType)
        .map((topic) => (
          <FlowPanel key={topic.title} topic={topic} hours={flows.data.hours} span="week" now={now} />
        ))}
    </>
  );
}

function findReason({ spec }: Connection, hasGateway: boolean): string | undefined {
  if (!hasGateway) return 'This dashboard has no gateway to ask: start it with --gateway.';
  if (spec.flowType === 'Other')
    return 'Connections of flow type Other are not tracked: choose Source or Destination in Settings.';
  if (spec.tracked !== true) return 'Switch on "Track in Data flows" in Settings, and it is counted from then on.';
  return undefined;
}
