import { apiVersion } from '../../src/api/names.ts';
import type { ApiSession, SeenObject } from './api-session.ts';

export interface IssuedWatch {
  /** Resolves when the watch has shown that many Connections with a client id. */
  readonly done: Promise<void>;
  close(): void;
}

const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/**
 * Tells when `count` Connections whose namespace begins with `prefix` were issued: one small event for each, when its
 * status has a client id, which operator and bare run write with everything else of the status.
 */
export async function watchIssued(session: ApiSession, prefix: string, count: number): Promise<IssuedWatch> {
  const path = `/apis/${apiVersion}/connections`;
  const list = await session.call<{ metadata: { resourceVersion: string } }>('GET', `${path}?limit=1`);
  const issued = new Set<string>();
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const onObject = ({ metadata }: SeenObject): void => {
    if (!metadata.namespace.startsWith(`${prefix}-`)) return;
    issued.add(metadata.uid);
    if (issued.size === count) resolve();
  };
  const { resourceVersion } = list.metadata;
  const watch = await session.watch(`${path}?fieldSelector=status.clientId!%3D`, {
    resourceVersion,
    onObject,
    accept: metadataOnly,
  });
  return { done, close: () => watch.close() };
}
