import type { ConnectionStatus } from '../../../../src/api/generated/connection.ts';
import type { SecretDraft } from '../../../../src/api/secret.ts';
import type { CallOptions, KubeClient } from '../../../../src/kube/kube-client.ts';
import { KubeError } from '../../../../src/kube/kube-error.ts';
import type { ModelServer } from './model-server.ts';

/** A call that waits to be let through. */
export interface HeldCall {
  readonly isWrite: boolean;
  /** Method and kind, for the story of a failing run. */
  readonly what: string;
  /** Whether the call reaches the server and its answer gets lost. */
  losesAnswer?: boolean;
}

/**
 * The client of one operator. Every call first waits at `gate`, so that a test decides when it reaches the server, or
 * that it never does; what an operator sends is shown to `onBody`.
 */
export function buildModelClient(
  by: string,
  server: ModelServer,
  gate: (call: HeldCall) => Promise<HeldCall>,
  onBody: (body: object) => void,
): KubeClient {
  const unused = (): never => {
    throw new Error('not part of the model');
  };
  const send = async (call: HeldCall, act: () => object | undefined): Promise<object | undefined> => {
    const { losesAnswer } = await gate(call);
    const answer = act();
    if (losesAnswer) throw new KubeError({ code: 'Timeout', status: 0, sentence: 'no answer' });
    return answer;
  };
  return {
    get: async <T>(path: string) => {
      const { kind, key } = parse(path);
      const read = () => (kind === 'secret' ? server.readSecret(key) : server.readConnection(key));
      return (await send({ isWrite: false, what: `get ${kind}` }, read)) as T;
    },
    create: async <T>(_path: string, body: object, { dryRun = false }: CallOptions = {}) => {
      onBody(body);
      const call = { isWrite: !dryRun, what: dryRun ? 'rehearse create' : 'create secret' };
      return (await send(call, () => server.createSecret(by, body as SecretDraft, dryRun))) as T;
    },
    replace: async <T>(path: string, body: object, { dryRun = false }: CallOptions = {}) => {
      onBody(body);
      const { kind, key } = parse(path);
      const call = { isWrite: !dryRun, what: dryRun ? 'rehearse replace' : `replace ${kind}` };
      const write = () =>
        kind === 'secret'
          ? server.replaceSecret(by, body as SecretDraft, dryRun)
          : server.replaceStatus(by, key, body as { metadata: object; status: ConnectionStatus });
      return (await send(call, write)) as T;
    },
    delete: async (path, preconditions) => {
      await send({ isWrite: true, what: 'delete secret' }, () => {
        server.deleteSecret(by, parse(path).key, preconditions);
        return undefined;
      });
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
