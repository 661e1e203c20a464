import { onTestFinished } from 'vitest';
import type { KubeClient } from '../../../src/kube/kube-client.ts';
import { Lease, type LeaseTiming } from '../../../src/kube/lease.ts';
import type { LeaseObject } from '../../../src/kube/lease-record.ts';
import type { Scope } from '../../../src/kube/lease-scope.ts';
import { leasesPath } from '../../../src/kube/resource-paths.ts';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';

/** A third of what it is in a pod, and still more than a busy machine stands still. A Lease holds whole seconds. */
export const timing: LeaseTiming = { duration: 5_000, renewDeadline: 4_000, retryPeriod: 250 };

export interface Contender {
  readonly lease: Lease;
  /** Why it is out, when it lost the Lease. */
  readonly lost: string[];
  /** Resolves when it leads. */
  readonly leading: Promise<void>;
  /** Leaves without a word, as after SIGKILL: nothing is renewed or released. */
  vanish(): void;
}

/** Wants the Lease of a scope. `client` is its own way to the API server: cut it and it is alone. */
export function enterLease(client: KubeClient, namespace: string, scope: Scope): Contender {
  const stop = new AbortController();
  const lost: string[] = [];
  let gone = false;
  const own: KubeClient = {
    ...client,
    replace: (path, body, options) => (gone ? new Promise(() => {}) : client.replace(path, body, options)),
  };
  const lease = new Lease(own, {
    namespace,
    prefix: 'connection-operator',
    scope,
    timing,
    onLost: (sentence) => lost.push(sentence),
  });
  const leading = lease.acquire(stop.signal);
  leading.catch(() => {});
  onTestFinished(async () => {
    stop.abort();
    if (!gone) await lease.release();
  });
  return {
    lease,
    lost,
    leading,
    vanish() {
      gone = true;
    },
  };
}

export async function readLeases(cluster: Cluster, namespace: string): Promise<LeaseObject[]> {
  const { body } = await cluster.request<{ items: LeaseObject[] }>({ path: leasesPath(namespace) });
  return body.items;
}
