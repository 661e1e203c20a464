import type { ConnectionStatus } from '../../../../src/api/generated/connection.ts';
import type { SecretDraft } from '../../../../src/api/secret.ts';
import type { KubeClient } from '../../../../src/kube/kube-client.ts';
import type { ModelServer } from './model-server.ts';

/** A call that waits to be let through. */
export interface HeldCall {
  readonly isWrite: boolean;
  /** Method and kind, for the story of a failing run. */
  readonly what: string;
}

/**
 * The client of one operator. Every call first waits at `gate`, so that a test decides when it reaches the server, or
 * that it never does; what an operator sends is shown to `onBody`.
 */
export function buildModelClient(
  by: string,
  server: ModelServer,
  gate: (call: HeldCall) => Promise<void>,
  onBody: (body: object) => void,
): KubeClient {
  const unused = (): never => {
    throw new Error('not part of the model');
  };
  return {
    get: async <T>(path: string) => {
      const { kind, key } = parse(path);
      await gate({ isWrite: false, what: `get ${kind}` });
      return (kind === 'secret' ? server.readSecret(key) : server.readConnection(key)) as T;
    },
    create: async <T>(_path: string, body: object, call: { dryRun?: boolean | undefined } = {}) => {
      onBody(body);
      await gate({ isWrite: call.dryRun !== true, what: call.dryRun ? 'rehearse create' : 'create secret' });
      return server.createSecret(by, body as SecretDraft, call.dryRun) as T;
    },
    replace: async <T>(path: string, body: object, call: { dryRun?: boolean | undefined } = {}) => {
      onBody(body);
      const { kind, key } = parse(path);
      const what = kind === 'secret' ? 'replace secret' : 'write status';
      await gate({ isWrite: call.dryRun !== true, what: call.dryRun ? 'rehearse replace' : what });
      if (kind === 'secret') return server.replaceSecret(by, body as SecretDraft, call.dryRun) as T;
      return server.replaceStatus(by, key, body as { metadata: object; status: ConnectionStatus }) as T;
    },
    delete: async (path, preconditions) => {
      await gate({ isWrite: true, what: 'delete secret' });
      server.deleteSecret(by, parse(path).key, preconditions);
    },
    list: unused,
    patch: unused,
    watch: unused,
    clockSkew: () => undefined,
    close: async () => {},
  };
}

function parse(path: string): { readonly kind: 'secret' | 'connection'; readonly key: string } {
  const [, namespace = '', resource = '', name = ''] =
    /\/namespaces\/([^/]+)\/(secrets|connections)\/([^/]+)/.exec(path) ?? [];
  return { kind: resource === 'secrets' ? 'secret' : 'connection', key: `${namespace}/${name}` };
}
