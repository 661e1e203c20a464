import type { KubeClient, ObjectList, Query } from './kube-client.ts';
import { isKubeError } from './kube-error.ts';

export interface WholeListRequest {
  readonly path: string;
  readonly query: Query;
  /** Objects in one answer. */
  readonly pageSize: number;
  readonly signal: AbortSignal;
  /** The list begins, or begins anew because a page expired: forget what was read. */
  readonly onBegin: (resourceVersion: string) => void;
  /** Called while the next page is on its way. */
  readonly onPage: (items: readonly unknown[]) => void;
}

/**
 * Reads a list in pages and returns its resourceVersion, from which a watch goes on. All pages show one moment. Reads
 * the newest state (no `resourceVersion` in the query, see DESIGN.md). When the token for the next page expires, it
 * begins anew, and the second time it asks for everything at once.
 */
export async function readWholeList(client: KubeClient, request: WholeListRequest): Promise<string> {
  for (const limit of [request.pageSize, request.pageSize]) {
    try {
      return await readPages(client, request, limit);
    } catch (error) {
      if (!isKubeError(error, 'Gone')) throw error;
    }
  }
  return await readPages(client, request, undefined);
}

async function readPages(client: KubeClient, request: WholeListRequest, limit: number | undefined): Promise<string> {
  const read = (token?: string): Promise<ObjectList<unknown>> =>
    client.list(request.path, { ...request.query, limit, continue: token }, { signal: request.signal });
  let page = await read();
  const { resourceVersion } = page;
  request.onBegin(resourceVersion);
  while (page.continue !== undefined) {
    const next = read(page.continue);
    // It may fail before it is waited for.
    next.catch(() => {});
    request.onPage(page.items);
    page = await next;
  }
  request.onPage(page.items);
  return resourceVersion;
}
