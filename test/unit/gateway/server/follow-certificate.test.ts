import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Certificate } from '../../../../src/gateway/server/build-http1-server.ts';
import { followCertificate, readCertificate } from '../../../../src/gateway/server/follow-certificate.ts';
import { silentLog } from '../../../../src/kube/kube-log.ts';
import { buildCertificate } from '../../../http/build-certificate.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a certificate into a folder of its own and points the link `current` there, as a mounted Secret does. */
function mount(name: string, { cert, key }: Certificate): void {
  writeFileSync(join(folder, `${name}.crt`), cert);
  writeFileSync(join(folder, `${name}.key`), key);
  for (const kind of ['crt', 'key']) {
    const link = join(folder, `current.${kind}`);
    try {
      unlinkSync(link);
    } catch {}
    symlinkSync(`${name}.${kind}`, link);
  }
}

test('a new certificate is taken once, one that cannot be used is not', async () => {
  const [first, second] = [buildCertificate('first'), buildCertificate('second')];
  mount('first', first);
  const files = { cert: join(folder, 'current.crt'), key: join(folder, 'current.key') };
  const taken: Certificate[] = [];
  const ending = new AbortController();
  const said = vi.fn();
  const log = { ...silentLog, error: said };
  followCertificate(files, readCertificate(files), (next) => taken.push(next), {
    log,
    signal: ending.signal,
    every: 10,
  });
  const wait = () => new Promise((resolve) => setTimeout(resolve, 60));
  await wait();
  expect(taken).toEqual([]);
  mount('mixed', { cert: second.cert, key: first.key });
  await wait();
  expect(taken).toEqual([]);
  expect(said).toHaveBeenCalledTimes(1);
  mount('second', second);
  await wait();
  expect(taken).toEqual([second]);
  ending.abort();
  mount('first', first);
  await wait();
  expect(taken).toHaveLength(1);
});

test('a start with files that cannot be used says which', () => {
  const files = { cert: join(folder, 'a.crt'), key: join(folder, 'a.key') };
  expect(() => readCertificate(files)).toThrow(`tls.cert: ${files.cert} cannot be read (ENOENT)`);
  writeFileSync(files.cert, buildCertificate('a').cert);
  writeFileSync(files.key, buildCertificate('b').key);
  expect(() => readCertificate(files)).toThrow(`tls: ${files.cert} and ${files.key} are no certificate and its key`);
});
