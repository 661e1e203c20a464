import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import { applyAsFlux } from '../../tools/gitops/apply-as-flux.ts';
import { findGitops } from '../../tools/gitops/ask-gitops.ts';
import { runCli } from './cli/run-cli.ts';
import { useOperator } from './connections/use-operator.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { writeAs } from './manifests/write-as.ts';

/** How long two tools apply beside each other: `GITOPS_MINUTES=10` for ten minutes, else 20 times as fast as it goes. */
const minutes = Number(process.env.GITOPS_MINUTES ?? 0);
const minute = 60_000;
const cluster = sharedCluster();
const scene = useOperator();
const rotate = 'connect.pim.dev/rotate';

beforeAll(() => findGitops((line) => process.stderr.write(`${line}\n`)), 20 * minute);

/** As it stands in Git. */
const fromGit = (name: string, metadata: object = {}): object => ({
  ...buildConnection(name, { label: 'Shared', flowType: 'Source' }),
  metadata: { name, namespace: scene.desk.namespace, labels: { team: 'shop' }, ...metadata },
});

/** Everything that a fight would change. */
async function readWorld(name: string) {
  const { desk } = scene;
  const { metadata, status } = await desk.read(name);
  const { resourceVersion } = metadata as { resourceVersion?: string };
  const writes = (await desk.operatorWrites()).filter((write) => write.name?.startsWith(name)).length;
  const { metadata: secret } = await desk.secret(`${name}-credentials`);
  return { resourceVersion, status, writes, secret, texts: await desk.texts(`${name}-credentials`) };
}

/** Waits until the operator has acted on so many tokens and is at rest. */
async function waitForHandled(name: string, count: number): Promise<Connection> {
  const rotated = await scene.desk.waitUntil(name, ({ status }) =>
    expect(status?.rotation?.handled).toHaveLength(count),
  );
  await scene.desk.settle();
  return rotated;
}

test(
  'Argo CD and kubectl apply the same Connection again and again: no conflict, no write, no rotation unasked',
  async () => {
    const path = `${collectionPath('Connection', scene.desk.namespace)}/shared`;
    const apply = async (manager: string, object: object, force: boolean): Promise<number> => {
      const query = `?fieldManager=${manager}&force=${force}`;
      const contentType = 'application/apply-patch+yaml';
      const request = { method: 'PATCH', path: `${path}${query}`, body: object, contentType } as const;
      return (await writeAs(cluster, cluster.kubeconfig, request)).status;
    };
    // As self-heal does, and as `kubectl apply --server-side` does.
    const applyBoth = async (): Promise<readonly number[]> => [
      await apply('argocd-controller', fromGit('shared'), true),
      await apply('kubectl', fromGit('shared', { annotations: { [rotate]: 'monday' } }), false),
    ];
    expect(await applyBoth()).toEqual([201, 200]);
    await waitForHandled('shared', 1);
    const before = await readWorld('shared');

    const end = Date.now() + minutes * minute;
    let rounds = 0;
    for (; rounds < 20 || Date.now() < end; rounds++) {
      expect(await applyBoth()).toEqual([200, 200]);
      if (minutes > 0) await pause(1_000);
    }
    await scene.desk.settle();
    expect(await readWorld('shared')).toEqual(before);
    if (minutes > 0) process.stderr.write(`${rounds} rounds in ${minutes} minutes, no write\n`);
  },
  (minutes + 3) * minute,
);

test('self-heal that takes an annotation away and puts an old one back rotates nothing', async () => {
  const { desk } = scene;
  await desk.issue('healed');
  await desk.request('healed', rotate, 'one');
  await desk.request('healed', rotate, 'two');
  const texts = await desk.texts('healed-credentials');
  for (const token of [null, 'one', null, 'two', 'one']) await desk.annotate('healed', { [rotate]: token });
  await desk.settle();
  expect(await desk.texts('healed-credentials')).toEqual(texts);
});

describe('Flux, by its own code', () => {
  const flux = (name: string, times = 1) =>
    applyAsFlux(
      cluster.kubeconfig,
      Array.from({ length: times }, () => fromGit(name)),
    );
  const annotate = (name: string, token: string, ...flags: readonly string[]) =>
    cluster.kubectl([
      ...['annotate', 'connection', name, `${rotate}=${token}`, '--overwrite'],
      ...['-n', scene.desk.namespace, ...flags],
    ]);
  const tokenOf = async (name: string): Promise<string | undefined> =>
    (await scene.desk.read(name)).metadata.annotations?.[rotate];

  test('finds nothing to do in a Connection that an operator has issued', async () => {
    expect(await flux('fluxed')).toEqual(['created']);
    await scene.desk.waitFor('fluxed', 'Issued');
    await scene.desk.settle();
    const before = await readWorld('fluxed');
    expect(await flux('fluxed', 5)).toEqual(Array(5).fill('unchanged'));
    expect(await readWorld('fluxed')).toEqual(before);
  });

  test('takes away what kubectl annotate wrote, which was acted on once all the same', async () => {
    expect(await annotate('fluxed', 'by-kubectl')).toMatchObject({ code: 0 });
    await waitForHandled('fluxed', 1);
    const texts = await scene.desk.texts('fluxed-credentials');
    expect(await flux('fluxed', 2)).toEqual(['configured', 'unchanged']);
    expect(await tokenOf('fluxed')).toBeUndefined();
    await scene.desk.settle();
    expect(await scene.desk.texts('fluxed-credentials')).toEqual(texts);
  });

  test('leaves alone what was written with --field-manager=connection-cli', async () => {
    expect(await annotate('fluxed', 'by-hand', '--field-manager=connection-cli')).toMatchObject({ code: 0 });
    expect(await flux('fluxed', 3)).toEqual(Array(3).fill('unchanged'));
    expect(await tokenOf('fluxed')).toBe('by-hand');
    await waitForHandled('fluxed', 2);
  });

  test('leaves alone what kubectl connection wrote, so that a rotation which it asks for cannot be lost', async () => {
    await scene.stop();
    const args = ['rotate', 'fluxed', '--no-wait', '-n', scene.desk.namespace];
    expect(await runCli(args, { kubeconfig: cluster.kubeconfig })).toMatchObject({ code: 0 });
    expect(await flux('fluxed', 3)).toEqual(Array(3).fill('unchanged'));
    await scene.start();
    const { status } = await waitForHandled('fluxed', 3);
    expect(status?.rotation?.handled?.map(({ token }) => token)).toContain(await tokenOf('fluxed'));
  });

  test('leaves a Connection suspended that kubectl connection has suspended', async () => {
    const place = { kubeconfig: cluster.kubeconfig };
    await runCli(['suspend', 'fluxed', '-n', scene.desk.namespace], place);
    expect(await flux('fluxed', 2)).toEqual(Array(2).fill('unchanged'));
    expect((await scene.desk.waitFor('fluxed', 'Suspended')).spec.suspend).toBe(true);
    await runCli(['resume', 'fluxed', '-n', scene.desk.namespace], place);
    expect(await flux('fluxed')).toEqual(['unchanged']);
    await scene.desk.waitFor('fluxed', 'Issued');
  });

  test('puts back what somebody changed of the manifest, and rotates nothing', async () => {
    const texts = await scene.desk.texts('fluxed-credentials');
    await cluster.kubectl([
      ...['patch', 'connection', 'fluxed', '-n', scene.desk.namespace],
      ...['--type=merge', '-p', '{"spec": {"label": "Mine", "suspend": true}}'],
    ]);
    expect(await flux('fluxed', 2)).toEqual(['configured', 'unchanged']);
    const { spec } = await scene.desk.waitFor('fluxed', 'Issued');
    expect(spec).toMatchObject({ label: 'Shared' });
    expect(spec.suspend ?? false).toBe(false);
    expect(await scene.desk.texts('fluxed-credentials')).toEqual(texts);
  });
});
