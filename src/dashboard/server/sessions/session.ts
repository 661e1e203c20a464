import type { SessionMode } from '../../../api/dashboard-api.ts';
import type { KubeClient } from '../../../kube/kube-client.ts';
import type { Viewer } from './viewer.ts';

/** What a session is made of. */
export interface SessionFields {
  /** Value of the cookie. */
  readonly id: string;
  /** Value of the header that a change has to carry. */
  readonly csrf: string;
  readonly mode: SessionMode;
  readonly viewer: Viewer;
  /** Calls the cluster as the viewer, and as nobody else. */
  readonly client: KubeClient;
  readonly token: TokenHolder;
}

/** The token of a viewer, in memory and nowhere else. `undefined`: they have none (a client certificate). */
export interface TokenHolder {
  current: string | undefined;
}

/** Somebody who is signed in. */
export class Session {
  readonly id: string;
  readonly csrf: string;
  readonly mode: SessionMode;
  readonly viewer: Viewer;
  readonly client: KubeClient;
  readonly #token: TokenHolder;
  readonly #ending = new AbortController();
  /** Streams that are open. */
  streams = 0;
  /** Milliseconds since 1970: no request is answered from then on. */
  until: number;

  constructor(fields: SessionFields, until: number) {
    this.id = fields.id;
    this.csrf = fields.csrf;
    this.mode = fields.mode;
    this.viewer = fields.viewer;
    this.client = fields.client;
    this.#token = fields.token;
    this.until = until;
  }

  /** Fires when the session ends; `reason` is a sentence for the viewer. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** For the gateways. */
  get token(): string | undefined {
    return this.#token.current;
  }

  /** Goes on with the token that a proxy renewed, of the same user. */
  renew(token: string, until: number): void {
    this.#token.current = token;
    this.until = until;
  }

  /** Forgets the token and ends everything that is under way. */
  end(reason: string): void {
    if (this.ended.aborted) return;
    this.#ending.abort(reason);
    this.#token.current = undefined;
  }
}
