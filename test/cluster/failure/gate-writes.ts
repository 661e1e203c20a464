import type { CallOptions, KubeClient } from '../../../src/kube/kube-client.ts';

/** A write that changes a Connection's status or its Secret, about to be sent. */
export interface GatedWrite {
  /** Name of the Connection; its Secret is expected to be `<name>-credentials`. */
  readonly connection: string;
  /** Writes for this Connection that this client has had answered before. */
  readonly made: number;
}

/** What happens to a write: `send` sends it and comes back with its answer. */
export type Gate = <T>(write: GatedWrite, send: () => Promise<T>) => Promise<T>;

/**
 * A client whose writes for a Connection go through a gate, dry runs aside. All else (reads, watches, the Lease, events,
 * the key Secret) goes on as before.
 */
export function gateWrites(client: KubeClient, gate: Gate): KubeClient {
  const made = new Map<string, number>();
  const pass = async <T>(connection: string | undefined, call: CallOptions | undefined, send: () => Promise<T>) => {
    if (connection === undefined || call?.dryRun === true) return send();
    return gate({ connection, made: made.get(connection) ?? 0 }, async () => {
      const answer = await send();
      made.set(connection, (made.get(connection) ?? 0) + 1);
      return answer;
    });
  };
  return {
    ...client,
    create: (path, body, call) =>
      pass(findSubject(`${path}/${nameOf(body)}`), call, () => client.create(path, body, call)),
    replace: (path, body, call) => pass(findSubject(path), call, () => client.replace(path, body, call)),
    delete: (path, preconditions, call) =>
      pass(findSubject(path), call, () => client.delete(path, preconditions, call)),
  };
}

function findSubject(path: string): string | undefined {
  const [, status, secret] = /\/connections\/([^/]+)\/status$|\/secrets\/([^/]+)-credentials$/.exec(path) ?? [];
  return status ?? secret;
}

function nameOf(body: object): string {
  const { metadata } = body as { readonly metadata?: { readonly name?: string } };
  return metadata?.name ?? '';
}
