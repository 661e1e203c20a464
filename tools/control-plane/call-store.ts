import { request } from 'node:http';
import { join } from 'node:path';
import { storeSocket } from './build-flags.ts';

/** Asks etcd's HTTP gateway through its socket. Rejects when it does not answer or answers with an error. */
export async function callStore<Body>(directory: string, path: string, body?: unknown): Promise<Body> {
  const { promise, resolve, reject } = Promise.withResolvers<Body>();
  const method = body === undefined ? 'GET' : 'POST';
  const outgoing = request({ socketPath: join(directory, storeSocket), path, method }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    answer.once('error', reject);
    answer.once('end', () => {
      if (answer.statusCode === 200) resolve(JSON.parse(text) as Body);
      else reject(new Error(`etcd answered ${answer.statusCode} to ${path}: ${text}`));
    });
  });
  outgoing.once('error', reject);
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

/** Forgets every revision before the newest. */
export async function compactStore(directory: string): Promise<void> {
  const range = { key: 'AA==', range_end: 'AA==', count_only: true };
  const { header } = await callStore<{ header: { revision: string } }>(directory, '/v3/kv/range', range);
  await callStore(directory, '/v3/kv/compaction', { revision: header.revision, physical: true });
}
