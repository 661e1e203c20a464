import type { DashboardReason, FieldError } from '../../api/dashboard-api.ts';
import type { KubeError, KubeErrorCode } from '../../kube/kube-error.ts';
import { type Answer, refuse } from './answer.ts';

const answers: Readonly<Record<KubeErrorCode, readonly [status: number, reason: DashboardReason]>> = {
  BadRequest: [400, 'BadRequest'],
  Unauthorized: [401, 'SignedOut'],
  Forbidden: [403, 'Forbidden'],
  NotFound: [404, 'NotFound'],
  AlreadyExists: [409, 'AlreadyExists'],
  Conflict: [409, 'Conflict'],
  Gone: [409, 'Conflict'],
  Invalid: [422, 'Invalid'],
  TooManyRequests: [503, 'Unavailable'],
  Unavailable: [502, 'Unavailable'],
  Timeout: [504, 'Unavailable'],
  Unknown: [502, 'Unavailable'],
};

/** Said when the cluster refuses a token that it took before. */
export const signedOut = 'The cluster does not accept your token any more. Sign in again.';

/** The cluster's no as an answer for the page. */
export function translateKubeError(error: KubeError): Answer {
  // Our own program could not read its address or credentials: no fault of who asks.
  if (error.code === 'Unauthorized' && error.status !== 401) return refuse(502, 'Unavailable', error.sentence);
  if (error.code === 'Unauthorized') return refuse(401, 'SignedOut', signedOut);
  const [status, reason] = answers[error.code];
  const answer = refuse(status, reason, error.sentence, readFields(error));
  if (error.retryAfter === undefined) return answer;
  return { ...answer, headers: { 'retry-after': String(Math.ceil(error.retryAfter / 1000)) } };
}

function readFields({ causes }: KubeError): readonly FieldError[] {
  return causes.map(({ field, sentence }) => ({ field, message: sentence }));
}
