import type { JSX } from 'react';
import { Link } from 'wouter';
import type { ConnectionFlow } from '../../../api/flow-report.ts';
import { FlowMark } from '../controls/flow-mark.tsx';
import { Panel } from '../controls/panel.tsx';
import { useLive } from '../state/page-context.tsx';

const whole = new Intl.NumberFormat('en');
/** More would be no table that somebody reads. */
const most = 200;

/** Sums of each tracked connection, those that moved most first. */
export function FlowTable({ flows }: { readonly flows: readonly ConnectionFlow[] }): JSX.Element {
  const { connections } = useLive();
  const sorted = flows.toSorted((a, b) => weigh(b) - weigh(a));
  return (
    <Panel
      title="By connection"
      words={flows.length > most ? `7 days; the ${most} that moved most` : '7 days, those that moved most first'}
    >
      <div className="-mx-5 overflow-x-auto">
        <table className="table table-sm min-w-xl">
          <thead>
            <tr>
              <th scope="col" className="pl-5">
                Connection
              </th>
              <th scope="col">Flow</th>
              {['Created', 'Updated', 'Sent', 'Business errors'].map((words) => (
                <th key={words} scope="col" className="text-right last:pr-5">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, most).map(({ uid, namespace, name, created, updated, sent, business }) => {
              const spec = connections.get(`${namespace}/${name}`)?.spec;
              const isSource = spec?.flowType !== 'Destination';
              return (
                <tr key={uid}>
                  <th scope="row" className="pl-5 font-normal">
                    <Link href={`/connections/${namespace}/${name}`} className="font-medium hover:underline">
                      {spec?.label ?? name}
                    </Link>
                    <span className="block text-xs text-muted">{namespace}</span>
                  </th>
                  <td>{spec !== undefined && <FlowMark flowType={spec.flowType} />}</td>
                  <td className="text-right tabular-nums">{isSource ? whole.format(created) : '–'}</td>
                  <td className="text-right tabular-nums">{isSource ? whole.format(updated) : '–'}</td>
                  <td className="text-right tabular-nums">{isSource ? '–' : whole.format(sent)}</td>
                  <td className="pr-5 text-right tabular-nums">
                    {!isSource ? (
                      '–'
                    ) : business > 0 ? (
                      <Link href={`/connections/${namespace}/${name}/errors`} className="link text-error">
                        {whole.format(business)}
                      </Link>
                    ) : (
                      0
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function weigh({ created, updated, sent }: ConnectionFlow): number {
  return created + updated + sent;
}
