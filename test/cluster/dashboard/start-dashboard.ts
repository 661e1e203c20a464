import { onTestFinished } from 'vitest';
import type { Session } from '../../../src/api/dashboard-api.ts';
import { type DashboardProgram, startDashboardProgram } from '../../../tools/dashboard-program.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';

/** What a dashboard answered. */
export interface DashboardAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Somebody who signed in, as their browser would ask. */
export interface DashboardUser {
  readonly session: Session;
  readonly cookie: string;
  ask<Body = unknown>(method: string, path: string, body?: object): Promise<DashboardAnswer<Body>>;
}

/** Starts `src/bin/dashboard.ts` on the shared cluster until the test is over. */
export async function runDashboard(gateways: readonly string[] = []): Promise<DashboardProgram> {
  // The administrator's kubeconfig: whatever it took from it but the address would show.
  const program = await startDashboardProgram({ kubeconfig: sharedCluster().kubeconfig, gateways });
  onTestFinished(async () => {
    await program.stop();
  });
  return program.ready();
}

export async function signIn({ origin }: DashboardProgram, token: string): Promise<DashboardUser> {
  const headers = { origin, 'content-type': 'application/json' };
  const answer = await fetch(`${origin}/api/session`, { method: 'POST', headers, body: JSON.stringify({ token }) });
  if (!answer.ok) throw new Error(`nobody signed in: ${answer.status} ${await answer.text()}`);
  const session = (await answer.json()) as Session;
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    session,
    cookie,
    async ask<Body>(method: string, path: string, body: object = {}) {
      const change = { ...headers, 'x-csrf-token': session.csrf };
      const reply = await fetch(`${origin}${path}`, {
        method,
        headers: { cookie, ...(method !== 'GET' && change) },
        ...(method !== 'GET' && { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
    },
  };
}
