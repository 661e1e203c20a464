import type { AkeneoEndpoint } from '../../api/akeneo-endpoints.ts';
import type { FlowCounts } from '../../api/flow-report.ts';
import type { Connection } from '../../api/generated/connection.ts';
import { type FlowKind, findFlowKind } from '../../flows/find-flow-kind.ts';
import type { FlowError } from '../../flows/moved.ts';
import type { CallDecision } from '../calls/decide-call.ts';
import type { ReadRequest } from '../request/read-request.ts';
import type { ReplyObserver } from '../upstream/reply-observer.ts';
import { FlowObserver } from './flow-observer.ts';

/** What a call moved, and for whom. */
export interface RecordedFlow {
  readonly connection: Connection;
  readonly counts: Partial<FlowCounts>;
  readonly errors: readonly FlowError[];
  /** As in `PATCH /api/rest/v1/products/{code}`. */
  readonly route: string;
}

export interface FlowWatcherOptions {
  /** The Connection as it is now; `undefined` when it is gone. */
  readonly find: (uid: string) => Connection | undefined;
  readonly record: (flow: RecordedFlow) => void;
}

/** Chooses the calls whose replies are counted. */
export interface FlowWatcher {
  /** `undefined` for most calls: nothing is looked at then. */
  watch(decision: Extract<CallDecision, { allowed: true }>, request: ReadRequest): ReplyObserver | undefined;
}

/**
 * Counts for tracked Connections whose own client id and username made the call. Whether a Connection is tracked is asked
 * again when the reply is through, so that what ends after tracking did is not counted.
 */
export function buildFlowWatcher({ find, record }: FlowWatcherOptions): FlowWatcher {
  return {
    watch({ caller, routes }, { method }) {
      const [endpoint] = routes.endpoints;
      if (caller === undefined || endpoint === undefined) return undefined;
      const { uid } = caller.user.metadata;
      if (caller.client.metadata.uid !== uid) return undefined;
      const kind = findKind(caller.user, method, endpoint);
      if (kind === undefined) return undefined;
      const product = endpoint.path.endsWith('}') ? routes.parameters[0] : undefined;
      return new FlowObserver(kind, product, (moved) => {
        const connection = find(uid);
        if (connection === undefined || findKind(connection, method, endpoint) !== kind) return;
        record({ connection, ...moved, route: `${method} ${endpoint.path}` });
      });
    },
  };
}

function findKind({ spec }: Connection, method: string, endpoint: AkeneoEndpoint): FlowKind | undefined {
  return spec.tracked === true ? findFlowKind(spec.flowType, method, endpoint) : undefined;
}
