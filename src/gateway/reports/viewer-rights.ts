import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { group } from '../../api/names.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isKubeError, KubeError } from '../../kube/kube-error.ts';
import { selfSubjectAccessReviewsPath } from '../../kube/resource-paths.ts';
import type { ReportScope } from './read-report-query.ts';

/** Whether a viewer may `get` Connections. `unknown`: the API server does not know the token. */
export type ViewerRight = 'allowed' | 'denied' | 'unknown' | 'unavailable';

export interface ViewerRights {
  /** Asks the API server with the viewer's own token; never rejects. */
  check(token: string, scope: ReportScope): Promise<ViewerRight>;
}

export interface ViewerRightsOptions {
  /** A client that is whoever the token belongs to, and nobody else. */
  readonly open: (token: string) => Pick<KubeClient, 'create' | 'close'>;
  /** Milliseconds on a clock that never goes backwards. */
  readonly uptime: () => number;
}

/** Milliseconds that an answer is good for: a right that is taken away shows no longer than that. */
const kept = 10_000;
const mostKept = 10_000;
/** Questions to the API server at once; more are told to come back. */
const mostUnderWay = 32;
const patience = 5_000;

interface Known {
  readonly until: number;
  readonly right: Promise<ViewerRight>;
}

/**
 * Asks by SelfSubjectAccessReview, made with the viewer's token. Remembers answers for some seconds under a hash of
 * token and question; the token itself is kept nowhere.
 */
export function buildViewerRights({ open, uptime }: ViewerRightsOptions): ViewerRights {
  const known = new LRUCache<string, Known>({ max: mostKept });
  let underWay = 0;

  const ask = async (token: string, { namespace = '', name = '' }: ReportScope): Promise<ViewerRight> => {
    underWay++;
    const client = open(token);
    try {
      const resourceAttributes = { group, resource: 'connections', verb: 'get', namespace, name };
      const review = await client.create<{ readonly status?: { readonly allowed?: boolean } }>(
        selfSubjectAccessReviewsPath(),
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes },
        },
        { timeout: patience },
      );
      return review.status?.allowed === true ? 'allowed' : 'denied';
    } catch (error) {
      return readFailure(error);
    } finally {
      underWay--;
      void client.close();
    }
  };

  return {
    async check(token, scope) {
      const key = createHash('sha256')
        .update(JSON.stringify([token, scope.namespace, scope.name]))
        .digest('base64');
      const now = uptime();
      const found = known.get(key);
      if (found !== undefined && now < found.until) return found.right;
      if (underWay >= mostUnderWay) return 'unavailable';
      const right = ask(token, scope);
      known.set(key, { until: now + kept, right });
      const answer = await right;
      if (answer === 'unavailable' && known.get(key)?.right === right) known.delete(key);
      return answer;
    },
  };
}

function readFailure(error: unknown): ViewerRight {
  if (isKubeError(error, 'Unauthorized')) return 'unknown';
  // Whoever may not even ask may not see anything.
  if (isKubeError(error, 'Forbidden')) return 'denied';
  if (error instanceof KubeError) return 'unavailable';
  throw error;
}
