import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `go.mod` beside this file pins. */
export interface Versions {
  /** As in `v1.36.3`. */
  readonly kubernetes: string;
  /** As in `v3.6.8`. */
  readonly etcd: string;
  /** Oldest Go that builds them, as in `1.26.0`. */
  readonly go: string;
  /** Names one build: changes with any line of go.mod and with the machine's kind. */
  readonly fingerprint: string;
}

/** Folder of go.mod, the working directory of every `go` call. */
export const moduleFolder: string = import.meta.dirname;

export function readVersions(): Versions {
  const text = readFileSync(join(moduleFolder, 'go.mod'), 'utf8');
  const pinned = (pattern: RegExp): string => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`tools/control-plane/go.mod has no line like ${pattern}`);
    return found;
  };
  return {
    kubernetes: pinned(/^\tk8s\.io\/kubernetes (v\S+)/m),
    etcd: pinned(/^\tgo\.etcd\.io\/etcd\/server\/v3 (v\S+)/m),
    go: pinned(/^go (\S+)/m),
    fingerprint: createHash('sha256').update(`${process.platform} ${process.arch}\n${text}`).digest('hex').slice(0, 10),
  };
}
