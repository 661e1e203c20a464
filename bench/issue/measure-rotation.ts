import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../src/api/generated/connection.ts';
import { apiVersion, rotationAnnotations } from '../../src/api/names.ts';
import type { Secret } from '../../src/api/secret.ts';
import { ApiSession } from './api-session.ts';
import type { BenchCluster } from './bench-cluster.ts';
import { buildForeignSecret, connectionsPath, type Place, type Sample, secretsPath } from './build-objects.ts';
import { createConnection, issue, readSample } from './measure-issue.ts';
import { Sightings } from './sightings.ts';
import { type BenchOperatorOptions, startBenchOperator } from './start-bench-operator.ts';

/** Between two measured things, in milliseconds: the last write of a rotation comes after its Secret. */
const pause = 30;

/** All in milliseconds. */
export interface RotationResult {
  /** From the answer to the annotation until a watch showed the new Secret. */
  readonly rotations: readonly number[];
  /** Bare: from the answer to the annotation until a watch showed the Connection with it; negative when that was first. */
  readonly deliveries: readonly number[];
  /** Bare: two Secret writes, one after the other, from sending the first until a watch showed the second. */
  readonly twoWrites: readonly number[];
}

/** Rotates one Connection of `connections` after the other, `rotations` in all, and does the bare writes in between. */
export async function measureRotation(
  cluster: BenchCluster,
  { connections, rotations }: { readonly connections: number; readonly rotations: number },
  options: BenchOperatorOptions,
): Promise<RotationResult> {
  const { session } = cluster;
  const operator = await startBenchOperator(cluster, options);
  const watching = new ApiSession(cluster.controlPlane.kubeconfig);
  try {
    await operator.line('synced');
    const places: Place[] = [];
    await issue(cluster, 'r', connections, async (place) => {
      places.push(place);
      await createConnection(session, place);
    });
    const seen = await watchBoth(watching);
    const result = { rotations: [] as number[], deliveries: [] as number[], twoWrites: [] as number[] };
    for (const place of places.slice(0, rotations)) {
      const sample = await readSample(session, place);
      await sleep(pause);
      const { rotation, delivery } = await rotate(session, seen, place, sample);
      result.rotations.push(rotation);
      result.deliveries.push(delivery);
      await sleep(pause);
      result.twoWrites.push(await writeTwice(session, seen, sample));
    }
    return result;
  } finally {
    watching.close();
    await operator.stop();
  }
}

async function watchBoth(session: ApiSession): Promise<Sightings> {
  const seen = new Sightings();
  for (const path of [`/apis/${apiVersion}/connections`, '/api/v1/secrets']) {
    const list = await session.call<{ metadata: { resourceVersion: string } }>('GET', `${path}?limit=1`);
    const { resourceVersion } = list.metadata;
    await session.watch(path, { resourceVersion, onObject: (object) => seen.note(object) });
  }
  return seen;
}

async function rotate(
  session: ApiSession,
  seen: Sightings,
  { namespace, name }: Place,
  { secret }: Sample,
): Promise<{ rotation: number; delivery: number }> {
  const rotated = seen.next(secret.metadata.uid);
  const patch = { metadata: { annotations: { [rotationAnnotations.rotate]: `bench-${name}` } } };
  const path = `${connectionsPath(namespace)}/${name}`;
  const written = await session.call<Connection>('PATCH', path, JSON.stringify(patch), 'application/merge-patch+json');
  const answered = performance.now();
  const rotation = (await rotated) - answered;
  return { rotation, delivery: (await seen.of(written)) - answered };
}

async function writeTwice(session: ApiSession, seen: Sightings, sample: Sample): Promise<number> {
  const { namespace, name } = sample.secret.metadata;
  const create = (other: string): Promise<Secret> =>
    session.call('POST', secretsPath(namespace), buildForeignSecret(sample, { namespace, name: `${name}-${other}` }));
  const began = performance.now();
  await create('first');
  const second = await create('second');
  return (await seen.of(second)) - began;
}
