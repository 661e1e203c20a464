import { inject } from 'vitest';
import { type Cluster, openCluster } from '../../../tools/control-plane/open-cluster.ts';

let opened: Cluster | undefined;

/**
 * The control plane that all test files use side by side, with CRDs and manifests applied. Whatever a test makes
 * stands in namespaces of its own; whoever stops the API server or changes something cluster-wide that others would
 * notice starts a control plane of their own.
 */
export function sharedCluster(): Cluster {
  opened ??= openCluster(inject('sharedCluster'));
  return opened;
}
