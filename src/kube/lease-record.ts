import type { KubeObject } from './kube-object.ts';
import { leaseLabel, leaseNamespaces, type Scope, writeScope } from './lease-scope.ts';

/** A `coordination.k8s.io/v1` Lease. */
export interface LeaseObject extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    /** Times are RFC 3339 with microseconds, by the holder's clock; shown, never compared. */
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export interface LeaseHolder {
  readonly name: string;
  readonly namespace: string;
  readonly identity: string;
  readonly scope: Scope;
  /** Milliseconds. */
  readonly duration: number;
}

/** Nobody holds a Lease whose holder is empty: it was given back. */
export function isTaken(lease: LeaseObject): boolean {
  return (lease.spec?.holderIdentity ?? '') !== '';
}

/** Milliseconds for which the Lease counts after a renewal, as its holder says. */
export function readDuration(lease: LeaseObject): number {
  return (lease.spec?.leaseDurationSeconds ?? 15) * 1000;
}

/** The Lease as `holder` takes or renews it; `current` is what is there, absent: nothing. */
export function buildLease(holder: LeaseHolder, current?: LeaseObject): object {
  const now = writeMicroTime();
  const renewed = current?.spec?.holderIdentity === holder.identity;
  const transitions = current?.spec?.leaseTransitions ?? 0;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...current?.metadata,
      name: holder.name,
      namespace: holder.namespace,
      labels: { ...current?.metadata.labels, [leaseLabel]: holder.scope === undefined ? 'all' : 'namespaces' },
      annotations: { ...current?.metadata.annotations, [leaseNamespaces]: writeScope(holder.scope) },
    },
    spec: {
      holderIdentity: holder.identity,
      leaseDurationSeconds: Math.max(1, Math.round(holder.duration / 1000)),
      acquireTime: renewed ? current?.spec?.acquireTime : now,
      renewTime: now,
      leaseTransitions: renewed || current === undefined ? transitions : transitions + 1,
    },
  };
}

/** The Lease without a holder. */
export function buildFreeLease(current: LeaseObject): object {
  const spec = { ...current.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: writeMicroTime() };
  return { ...current, apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec };
}

function writeMicroTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
