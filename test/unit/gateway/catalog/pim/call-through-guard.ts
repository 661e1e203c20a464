import { buildRouteTable } from '../../../../../src/access/build-route-table.ts';
import { findRoutes } from '../../../../../src/access/find-routes.ts';
import type { Method } from '../../../../../src/access/read-method.ts';
import { readTarget } from '../../../../../src/access/read-target.ts';
import { Refusal } from '../../../../../src/access/refusal.ts';
import type { ConnectionGroupSpec } from '../../../../../src/api/generated/connection-group.ts';
import { buildCatalogGuard, type CatalogGuard } from '../../../../../src/gateway/catalog/catalog-guard.ts';
import { buildErrorBody, type CatalogCall } from '../../../../../src/gateway/catalog/catalog-plan.ts';
import type { SamplePim } from './sample-pim.ts';

export interface Said {
  readonly status: number;
  readonly text: string;
  /** Parsed, when it is JSON. */
  readonly json: Record<string, unknown>;
}

/** A guard in front of a sample PIM, and the little of a proxy that a call needs. */
export interface GuardedPim {
  readonly pim: SamplePim;
  readonly guard: CatalogGuard;
  call(group: ConnectionGroupSpec | undefined, method: Method, target: string, body?: string): Promise<Said>;
}

const table = buildRouteTable();

/** The call as the guard gets it. */
export function buildCall(method: Method, path: string, connection = 'uid-1'): CatalogCall {
  const target = readTarget(`/api/rest/v1/${path}`);
  if (target instanceof Refusal) throw new Error(target.message);
  return { method, target, routes: findRoutes(table, method, target), connection };
}

/** @param clock milliseconds */
export function buildGuardedPim(pim: SamplePim, clock: () => number = () => 0): GuardedPim {
  const guard = buildCatalogGuard({
    ask: async ({ path, query }) => pim.ask({ method: 'GET', path, query }),
    clock,
    cursorKeys: () => [Buffer.alloc(32, 1)],
  });
  return {
    pim,
    guard,
    call: async (group, method, path, body) => {
      const call = buildCall(method, path);
      const sent = body === undefined ? undefined : Buffer.from(body);
      const plan = await guard.decide(group, call, sent);
      if (plan.kind === 'refuse') return readSaid(plan.status, buildErrorBody(plan.status, plan.message));
      if (plan.kind === 'answer') return readSaid(plan.status, plan.body);
      const reply = pim.ask({ method: plan.method, path: plan.path, query: plan.query, body: plan.body });
      const shown = plan.filter === undefined ? reply : await plan.filter(reply.status, reply.body);
      return readSaid(shown.status, 'body' in shown ? shown.body : buildErrorBody(shown.status, shown.message));
    },
  };
}

function readSaid(status: number, body: Buffer): Said {
  const text = body.toString();
  try {
    return { status, text, json: JSON.parse(text) as Record<string, unknown> };
  } catch {
    return { status, text, json: {} };
  }
}
