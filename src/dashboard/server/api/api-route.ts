import type { Answer } from '../answer.ts';
import type { EventStream } from '../live/event-stream.ts';
import type { JsonObject } from '../request/read-json-body.ts';
import type { Session } from '../sessions/session.ts';

/** One call of the API, by somebody who is signed in. */
export interface ApiCall {
  readonly session: Session;
  /** What stands in the path where the pattern has a name: names of objects, valid ones. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
  /** `{}` for a read. */
  readonly body: JsonObject;
  /** Begins an answer that comes piece by piece. */
  readonly openStream: () => EventStream;
}

/**
 * Answers a call; `undefined` when a stream was the answer, and is over. What it throws is a `KubeError`, which is
 * translated, or a bug.
 */
export type ApiHandler = (call: ApiCall) => Promise<Answer | undefined>;

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A path under `/api/`, as in `connections/:namespace/:name`. */
export interface ApiRoute {
  readonly method: Method;
  readonly pattern: string;
  readonly handle: ApiHandler;
}

/** Names of namespaces and Connections; what is none is refused by the API server too, and reaches no path. */
const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export const isName = (text: unknown): text is string => typeof text === 'string' && namePattern.test(text);

/** The names in a path (without `/api/`) of this pattern; `undefined` when it is of another one. */
export function matchPattern(pattern: string, path: string): string[] | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const names: string[] = [];
  for (const [i, segment] of given.entries()) {
    if (!wanted[i]?.startsWith(':')) {
      if (segment !== wanted[i]) return undefined;
    } else if (isName(segment)) names.push(segment);
    else return undefined;
  }
  return names;
}
