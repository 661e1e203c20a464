import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import { createNamespace } from '../control-plane/create-namespace.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';

/** Where Connections of a test stand and which keys their operators use. */
export interface Stage {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly keySecret: { readonly namespace: string; readonly name: string };
}

/** The key Secret that operators use unless told otherwise. */
export const defaultKeys: Stage['keySecret'] = { namespace: 'connection-system', name: 'connection-keys' };

/** A namespace of its own, with the keys that everybody shares. */
export async function buildStage(cluster: Cluster = sharedCluster()): Promise<Stage> {
  return { cluster, namespace: await createNamespace(cluster), keySecret: defaultKeys };
}

/** A namespace of its own, and keys that no other test notices; nobody has created them yet. */
export async function buildStageWithKeys(cluster: Cluster = sharedCluster()): Promise<Stage> {
  const name = `test-keys-${randomBytes(5).toString('hex')}`;
  return { ...(await buildStage(cluster)), keySecret: { ...defaultKeys, name } };
}

/** Arguments for an operator of this stage. */
export function argumentsFor({ keySecret }: Stage): readonly string[] {
  return ['--connection-limit', '0', '--key-secret', `${keySecret.namespace}/${keySecret.name}`];
}
