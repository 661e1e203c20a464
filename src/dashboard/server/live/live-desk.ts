import { isKubeError } from '../../../kube/kube-error.ts';
import { type Answer, refuse } from '../answer.ts';
import type { ApiCall } from '../api/api-route.ts';
import { isRefusal, readNamespaces } from '../api/read-parameters.ts';
import { signedOut } from '../translate-kube-error.ts';
import type { EventStream } from './event-stream.ts';
import { findSources } from './find-sources.ts';
import { followSource } from './follow-source.ts';

/** Streams of one session, and of all of them. */
const limits = { perSession: 12, total: 500 };

/** Answers `live` for everybody and counts who is connected. */
export class LiveDesk {
  #open = 0;

  /** An answer where there is no stream; else it resolves when the stream ends. */
  async answer({ session, query, openStream }: ApiCall): Promise<Answer | undefined> {
    const namespaces = readNamespaces(query);
    if (isRefusal(namespaces)) return namespaces;
    if (session.streams >= limits.perSession || this.#open >= limits.total) {
      return refuse(429, 'TooMany', 'Too many pages are open. Close one and try again.');
    }
    session.streams += 1;
    this.#open += 1;
    try {
      const sources = await findSources(session.client, namespaces);
      if (session.ended.aborted) return refuse(401, 'SignedOut', signedOut);
      await this.#follow(openStream(), session, sources);
    } finally {
      session.streams -= 1;
      this.#open -= 1;
    }
    return undefined;
  }

  async #follow(
    stream: EventStream,
    session: ApiCall['session'],
    sources: Awaited<ReturnType<typeof findSources>>,
  ): Promise<void> {
    const signal = AbortSignal.any([stream.closed, session.ended]);
    const { client } = session;
    try {
      await stream.send('sources', { sources });
      await Promise.all(sources.map((source) => followSource({ client, source, stream, signal })));
      await stream.end('ended', { message: readReason(session) });
    } catch (error) {
      // The token is not good any more. The session ends with what is thrown here.
      if (isKubeError(error)) await stream.end('ended', { message: signedOut });
      throw error;
    }
  }
}

function readReason({ ended }: ApiCall['session']): string {
  return typeof ended.reason === 'string' ? ended.reason : signedOut;
}
