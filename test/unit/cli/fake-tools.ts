import type { OpenCluster } from '../../../src/cli/open-cluster.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import type { Tools } from '../../../src/cli/tools.ts';
import type { KubeClient } from '../../../src/kube/kube-client.ts';
import { KubeError } from '../../../src/kube/kube-error.ts';
import { readProjectFile } from '../../../src/process/read-project-file.ts';

/** Tools that write down what was said. Nobody can be asked. */
export interface FakeTools extends Tools {
  readonly said: { out: string; err: string };
}

export interface FakeOptions {
  /** Objects by path. */
  readonly objects?: Readonly<Record<string, unknown>>;
  readonly input?: string;
}

export function buildFakeTools({ objects = {}, input = '' }: FakeOptions = {}): FakeTools {
  const said = { out: '', err: '' };
  const terminal: Terminal = {
    isWatched: false,
    canAsk: false,
    columns: 100,
    paint: (_, text) => text,
    print(text) {
      said.out += `${text}\n`;
    },
    clear: () => {},
    note(text) {
      said.err += `${text}\n`;
    },
    progress: () => {},
    confirm: async () => false,
    readInput: async () => input,
  };
  return {
    said,
    terminal,
    env: { LANG: 'C.UTF-8' },
    version: '1.2.3',
    now: () => Date.parse('2026-01-20T12:00:00Z'),
    readProjectFile,
    openCluster: async (source) => buildFakeCluster(objects, source),
  };
}

function buildFakeCluster(objects: Readonly<Record<string, unknown>>, source: object): OpenCluster {
  const find = (path: string): unknown => {
    const found = objects[path];
    if (found === undefined) throw new KubeError({ code: 'NotFound', status: 404, sentence: `${path} not found` });
    return found;
  };
  const client = {
    get: async (path: string) => find(path),
    list: async (path: string) => ({ items: find(path), resourceVersion: '1' }),
    close: async () => {},
  } as unknown as KubeClient;
  const access = { readCredentials: async () => ({ headers: {}, tls: {} }) } as unknown as OpenCluster['access'];
  return { client, access, namespace: 'connectors', source };
}
