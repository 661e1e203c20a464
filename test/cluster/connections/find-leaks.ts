import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paths } from '../../../tools/control-plane/write-credentials.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import type { RunningOperator } from '../control-plane/start-operator.ts';
import type { ConnectionDesk } from './connection-desk.ts';

/** Places, by name, that hold a value which was seen in a Secret, plain or in base64. Empty is good. */
export async function findLeaks(
  desks: readonly ConnectionDesk[],
  operators: readonly RunningOperator[],
): Promise<readonly string[]> {
  const values = desks.flatMap(({ seen }) => [...seen]);
  const needles = values.flatMap((value) => [value, ...encodings(value)]);
  const places = await readPlaces(desks, operators);
  return [...places].filter(([, text]) => needles.some((needle) => text.includes(needle))).map(([place]) => place);
}

/** Everything that a value could get into, apart from Secrets. */
async function readPlaces(
  desks: readonly ConnectionDesk[],
  operators: readonly RunningOperator[],
): Promise<ReadonlyMap<string, string>> {
  const cluster = sharedCluster();
  const places = new Map<string, string>();
  const keep = async (path: string): Promise<void> => {
    const { status, body } = await cluster.request({ path });
    if (status !== 200) throw new Error(`${path}: ${status}`);
    places.set(path, JSON.stringify(body));
  };
  for (const { namespace } of desks) {
    await keep(`/apis/connect.pim.dev/v1beta1/namespaces/${namespace}/connections`);
    await keep(`/apis/events.k8s.io/v1/namespaces/${namespace}/events`);
  }
  await keep('/api/v1/namespaces/connection-system/configmaps');
  await keep('/apis/coordination.k8s.io/v1/namespaces/connection-system/leases');
  for (const [i, { lines }] of operators.entries()) places.set(`the log of operator ${i + 1}`, lines.join('\n'));
  const running = operators.at(-1);
  if (running) places.set('the metrics', await readMetrics(running));
  places.set('the audit log', await readFile(join(cluster.description.directory, paths.auditLog), 'utf8'));
  return places;
}

/** Of an operator that a test has ended there are none. */
async function readMetrics({ admin }: RunningOperator): Promise<string> {
  const answer = await fetch(`${admin}/metrics`).catch(() => undefined);
  return (await answer?.text()) ?? '';
}

/** base64 as it stands in a Secret, and inside a longer text at each of the three offsets. */
function encodings(value: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + value).toString('base64');
    // The first and the last group also depend on what stands beside the value.
    return encoded.slice(offset === 0 ? 0 : 4, -4);
  });
}
