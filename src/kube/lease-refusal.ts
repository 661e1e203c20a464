import { isKubeError } from './kube-error.ts';

/** The API server does not let us use Leases, or their namespace is missing. The message is for a person. */
export class LeaseRefusedError extends Error {
  override readonly name = 'LeaseRefusedError';
}

/** Refusals in a row that are waited for. */
const most = 5;

/**
 * How often in a row the API server has refused, this error included; 0 for any other trouble. One that has just started
 * refuses for a moment what it will allow; one that goes on is not persuaded by waiting: then this throws
 * `LeaseRefusedError`.
 */
export function countRefusal(error: unknown, before: number, namespace: string): number {
  if (!isKubeError(error, 'Forbidden', 'NotFound')) return 0;
  if (before < most) return before + 1;
  throw new LeaseRefusedError(
    `Leases in namespace ${namespace} cannot be used (${error.sentence}): install the manifests first, or start with --no-leader-election.`,
  );
}
