import { ChartNoAxesColumn } from 'lucide-react';
import type { JSX } from 'react';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { ConnectionFlow } from '../../../api/flow-report.ts';
import { EmptyState } from '../controls/empty-state.tsx';
import { Problem } from '../controls/problem.tsx';
import { ScreenHead } from '../controls/screen-head.tsx';
import { Segments } from '../controls/segments.tsx';
import { Spinner } from '../controls/spinner.tsx';
import { useNow } from '../controls/use-now.ts';
import { useLive, usePage } from '../state/page-context.tsx';
import { useFlows } from '../state/use-reports.ts';
import { FlowPanel, type FlowSpan } from './flow-panel.tsx';
import { flowTopics } from './flow-series.ts';
import { FlowTable } from './flow-table.tsx';
import { countHours, readTimeZone } from './flow-window.ts';
import { SilentGateways } from './silent-gateways.tsx';

const spans = [
  { value: 'week', words: '7 days' },
  { value: 'today', words: 'Today' },
] as const;

/** What flows through all tracked connections, or through one of them. */
export function FlowsScreen(): JSX.Element {
  const { session } = usePage();
  const [parameters, setParameters] = useSearchParams();
  const [span, setSpan] = useState<FlowSpan>('week');
  const now = useNow();
  const hours = countHours(now);
  const chosen = parameters.get('of') ?? '';
  const [namespace, name] = chosen === '' ? [] : chosen.split('/');
  const all = useFlows(hours);
  const shown = useFlows(hours, namespace, name);
  const tracked = all.data?.connections ?? [];
  const choose = (key: string): void => setParameters(key === '' ? {} : { of: key }, { replace: true });

  return (
    <>
      <ScreenHead
        title="Data flows"
        words={`Products created, updated and sent by tracked connections, and their errors. Days are those of your time zone (${readTimeZone()}).`}
        action={
          session.flows ? <Segments label="Span" segments={spans} value={span} whenChosen={setSpan} /> : undefined
        }
      />
      {!session.flows ? (
        <div className="panel">
          <EmptyState icon={ChartNoAxesColumn} title="No gateway to ask">
            Gateways count what flows. Start the dashboard with --gateway and the address of their admin port, such as
            http://connection-gateway.connection-system:9090.
          </EmptyState>
        </div>
      ) : shown.isPending ? (
        <Spinner words="Asking the gateways" />
      ) : shown.isError ? (
        <div className="panel">
          <Problem error={shown.error} retry={() => shown.refetch()} />
        </div>
      ) : (
        <>
          <SilentGateways silent={shown.data.silent} />
          <ConnectionChoice tracked={tracked} chosen={chosen} choose={choose} />
          {tracked.length === 0 && chosen === '' ? (
            <div className="panel">
              <EmptyState icon={ChartNoAxesColumn} title="No connection is tracked">
                Open a connection of flow type Source or Destination and switch on “Track in Data flows” in its
                settings.
              </EmptyState>
            </div>
          ) : (
            <Charts hours={shown.data.hours} span={span} now={now} chosen={chosen} tracked={tracked} />
          )}
          {chosen === '' && tracked.length > 0 && (
            <div className="mt-5">
              <FlowTable flows={tracked} />
            </div>
          )}
        </>
      )}
    </>
  );
}

interface ConnectionChoiceProps {
  readonly tracked: readonly ConnectionFlow[];
  readonly chosen: string;
  readonly choose: (key: string) => void;
}

function ConnectionChoice({ tracked, chosen, choose }: ConnectionChoiceProps): JSX.Element {
  const { connections } = useLive();
  const nameOf = (key: string): string => connections.get(key)?.spec.label ?? key;
  const keys = tracked.map(({ namespace, name }) => `${namespace}/${name}`);
  const all = keys.includes(chosen) || chosen === '' ? keys : [...keys, chosen];
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3">
      <label className="select select-sm w-full sm:w-80">
        <span className="label">Connection</span>
        <select value={chosen} onChange={(event) => choose(event.target.value)}>
          <option value="">All tracked ({keys.length})</option>
          {all.map((key) => (
            <option key={key} value={key}>
              {nameOf(key)} ({key})
            </option>
          ))}
        </select>
      </label>
      {chosen !== '' && (
        <Link href={`/connections/${chosen}`} className="link text-sm text-primary">
          Open {nameOf(chosen)}
        </Link>
      )}
    </div>
  );
}

interface ChartsProps extends Omit<Parameters<typeof FlowPanel>[0], 'topic'> {
  readonly chosen: string;
  readonly tracked: readonly ConnectionFlow[];
}

/** All of them, or those of the flow type of the connection that is chosen. */
function Charts({ chosen, tracked, ...charts }: ChartsProps): JSX.Element {
  const { connections } = useLive();
  const flowType = connections.get(chosen)?.spec.flowType;
  const topics = flowTopics.filter((topic) => flowType === undefined || topic.flowType === flowType);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      {topics.map((topic) => (
        <div key={topic.title} className={topics.length === 3 ? 'min-w-0 last:lg:col-span-2' : 'min-w-0'}>
          <FlowPanel topic={topic} {...charts} />
        </div>
      ))}
    </div>
  );
}
