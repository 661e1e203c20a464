/** A request of the gateway's own to the upstream. */
export interface UpstreamQuestion {
  /** Begins with a slash; escaped. */
  readonly path: string;
  /** Empty or from the `?` on; escaped. */
  readonly query: string;
}

/** What the upstream said, whole and uncompressed. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Asks the upstream with the gateway's own credentials: GET, `Accept: application/json`, no header of a client. Rejects
 * when there is no answer. A 401 is its own business: one new login, then it rejects.
 */
export type AskUpstream = (question: UpstreamQuestion) => Promise<UpstreamAnswer>;

/** The upstream could not be asked, or its answer tells nothing. The message is for logs and for the client. */
export class CatalogUnavailable extends Error {
  readonly code = 'CATALOG_UNAVAILABLE';
  readonly retry = true;
}

/** Asks, and turns whatever went wrong into one error. */
export async function askUpstream(ask: AskUpstream, question: UpstreamQuestion): Promise<UpstreamAnswer> {
  try {
    return await ask(question);
  } catch (cause) {
    throw new CatalogUnavailable('The upstream cannot be asked what the group may see.', { cause });
  }
}
