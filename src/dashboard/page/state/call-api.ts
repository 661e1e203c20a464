import { csrfHeader, type DashboardError, type DashboardReason } from '../../../api/dashboard-api.ts';

/** An answer that is no success, or none at all (`Unavailable`). The message is for people. */
export class ApiFailure extends Error {
  readonly code: number;
  readonly reason: DashboardReason;
  /** Sentences by field, as in `spec.code`; empty when the answer names none. */
  readonly fields: ReadonlyMap<string, string>;

  constructor(error: DashboardError) {
    super(error.message);
    this.name = 'ApiFailure';
    this.code = error.code;
    this.reason = error.reason;
    this.fields = new Map((error.fields ?? []).map(({ field, message }) => [field, message]));
  }
}

let csrf = '';

/** Of the session, for every change from here on. */
export function rememberCsrf(token: string): void {
  csrf = token;
}

let tellSignedOut: (() => void) | undefined;

/** Calls this from now on whenever the server answers that nobody is signed in. Returns what ends that. */
export function whenSignedOut(act: () => void): () => void {
  tellSignedOut = act;
  return () => {
    tellSignedOut = undefined;
  };
}

export type ApiMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Calls the dashboard's server; `undefined` for 204. Throws `ApiFailure` and nothing else. */
export async function callApi<Answer>(method: ApiMethod, path: string, body?: unknown): Promise<Answer> {
  const response = await send(method, path, body);
  if (response.status === 204) return undefined as Answer;
  const answer = await readJson(response);
  if (response.ok && answer !== undefined) return answer as Answer;
  const failure = new ApiFailure(isError(answer) ? answer : describeStatus(response.status));
  if (failure.reason === 'SignedOut') tellSignedOut?.();
  throw failure;
}

async function send(method: ApiMethod, path: string, body: unknown): Promise<Response> {
  const change =
    method === 'GET'
      ? {}
      : { body: JSON.stringify(body ?? {}), headers: { 'content-type': 'application/json', [csrfHeader]: csrf } };
  try {
    return await fetch(path, { method, ...change });
  } catch {
    throw new ApiFailure({
      code: 503,
      reason: 'Unavailable',
      message: 'The dashboard does not answer. Check that it runs and that this browser reaches it, then try again.',
    });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function isError(answer: unknown): answer is DashboardError {
  return typeof answer === 'object' && answer !== null && 'message' in answer && 'reason' in answer;
}

/** For what something between page and server answered in its place. */
function describeStatus(status: number): DashboardError {
  return {
    code: status,
    reason: status === 401 ? 'SignedOut' : 'Unavailable',
    message: `Something in front of the dashboard answered with status ${status}. Try again, or ask who runs it.`,
  };
}
