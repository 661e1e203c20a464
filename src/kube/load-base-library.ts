import { createRequire, Module } from 'node:module';

/** What `BaseOperator` is built on. */
export type BaseLibrary = typeof import('@dot-i/k8s-operator');

/**
 * The library's client for the API server, as far as its constructor asks: it reads the default kubeconfig there, which
 * fails where there is none, and where there is one nobody asked for it.
 */
const noClient = {
  __esModule: true,
  KubeConfig: class {
    loadFromDefault(): void {}
    makeApiClient(): object {
      return {};
    }
  },
};

/** Packages that it loads only for methods that `BaseOperator` replaces. */
const standIns: Readonly<Record<string, object>> = {
  '@kubernetes/client-node': noClient,
  gaxios: { __esModule: true },
};

/**
 * Loads the base library without the packages that it would talk to the API server with: `BaseOperator` replaces all of
 * that, and they take half a second of every start and 80 MB for as long as the operator runs. Nobody else sees the
 * stand-ins: loading is synchronous, and what was there before is put back. (It would not be imported anyway: what
 * `default` of a CommonJS module is, Node and test runners see differently.)
 */
export function loadBaseLibrary(): BaseLibrary {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(ours.resolve('@dot-i/k8s-operator'));
  const before = Object.entries(standIns).map(([name, exports]) => {
    const path = theirs.resolve(name);
    const known = ours.cache[path];
    ours.cache[path] = Object.assign(new Module(path), { exports, loaded: true });
    return [path, known] as const;
  });
  try {
    return ours('@dot-i/k8s-operator') as BaseLibrary;
  } finally {
    for (const [path, known] of before) {
      if (known === undefined) delete ours.cache[path];
      else ours.cache[path] = known;
    }
  }
}
