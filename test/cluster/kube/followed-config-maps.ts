import { expect, onTestFinished } from 'vitest';
import type { KubeClient } from '../../../src/kube/kube-client.ts';
import { isKubeError } from '../../../src/kube/kube-error.ts';
import type { KubeObject } from '../../../src/kube/kube-object.ts';
import { ListWatch, type ListWatchOptions } from '../../../src/kube/list-watch.ts';
import { resourcesPath } from '../../../src/kube/resource-paths.ts';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import { eventually } from '../control-plane/eventually.ts';

export interface Followed {
  readonly watch: ListWatch<KubeObject>;
  /** `added a`, `modified a`, `deleted a`, as they came. */
  readonly changes: string[];
  readonly counts: { lists: number; reconnects: number; gone: number };
  /** Waits until the store is what the API server has, then checks that the changes add up to it. */
  expectComplete(): Promise<void>;
}

/** Follows the ConfigMaps of a namespace with a list-watch and keeps account of its changes. */
export async function followConfigMaps(
  cluster: Cluster,
  client: KubeClient,
  namespace: string,
  options: Partial<ListWatchOptions<KubeObject>> = {},
): Promise<Followed> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const path = resourcesPath('', 'v1', 'configmaps', namespace);
  const changes: string[] = [];
  const counts = { lists: 0, reconnects: 0, gone: 0 };
  const folded = new Map<string, string>();
  const problems: string[] = [];
  const watch = new ListWatch<KubeObject>(client, {
    path,
    pageSize: 10,
    decode: (raw) => raw as KubeObject,
    onList: () => {
      counts.lists += 1;
    },
    onReconnect: (error) => {
      counts.reconnects += 1;
      if (isKubeError(error, 'Gone')) counts.gone += 1;
    },
    onChange: ({ type, object: { metadata }, previous }) => {
      changes.push(`${type} ${metadata.name}`);
      if (folded.get(metadata.name) !== previous?.metadata.resourceVersion) problems.push(`${type} ${metadata.name}`);
      if (type === 'deleted') folded.delete(metadata.name);
      else folded.set(metadata.name, metadata.resourceVersion);
    },
    ...options,
  });
  await watch.start(stop.signal);

  async function expectComplete(): Promise<void> {
    await eventually(async () => {
      const { body } = await cluster.request<{ items: KubeObject[] }>({ path });
      expect(describe(watch.store.values())).toEqual(describe(body.items));
    });
    expect(folded).toEqual(new Map(describe(watch.store.values())));
    expect(problems).toEqual([]);
  }
  return { watch, changes, counts, expectComplete };
}

function describe(objects: Iterable<KubeObject>): [string, string][] {
  return [...objects]
    .map(({ metadata }): [string, string] => [metadata.name, metadata.resourceVersion])
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

export interface Writer {
  /** Writes that were answered with a success. */
  readonly written: number;
  stop(): Promise<void>;
}

/** Writes ConfigMaps until told to stop: makes, changes and deletes; goes on while the API server is away. */
export function keepWriting(cluster: Cluster, namespace: string): Writer {
  const base = resourcesPath('', 'v1', 'configmaps', namespace);
  let writing = true;
  let written = 0;
  const work = async (): Promise<void> => {
    for (let step = 0; writing; step += 1) {
      const name = `map-${(step * 7) % 40}`;
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { step: `${step} ü€𝄞` } };
      const request =
        step % 3 === 0
          ? { method: 'DELETE' as const, path: `${base}/${name}` }
          : step % 3 === 1
            ? { method: 'POST' as const, path: base, body }
            : { method: 'PUT' as const, path: `${base}/${name}`, body };
      const answer = await cluster.request(request).catch(() => undefined);
      if (answer === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      else if (answer.status < 300) written += 1;
    }
  };
  const done = work();
  return {
    get written() {
      return written;
    },
    async stop() {
      writing = false;
      await done;
    },
  };
}
