import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { KubeLog } from '../../kube/kube-log.ts';
import type { Certificate } from './build-http1-server.ts';

/** Names of PEM files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** How often the files are looked at, in milliseconds. A mounted Secret changes within a minute or two. */
const lookEvery = 5_000;

/** Reads both files. Throws a sentence when one cannot be read, or when they do not belong together. */
export function readCertificate(files: CertificateFiles): Certificate {
  const certificate = { cert: readPem('tls.cert', files.cert), key: readPem('tls.key', files.key) };
  try {
    createSecureContext(certificate);
  } catch {
    throw new Error(`tls: ${files.cert} and ${files.key} are no certificate and its key`);
  }
  return certificate;
}

/**
 * Calls `take` with each new certificate until `signal` fires. Looks at what the files hold, because a mounted Secret is
 * changed by links that no file event tells of. A certificate that cannot be used changes nothing.
 */
export function followCertificate(
  files: CertificateFiles,
  current: Certificate,
  take: (certificate: Certificate) => void,
  { log, signal, every = lookEvery }: { readonly log: KubeLog; readonly signal: AbortSignal; readonly every?: number },
): void {
  let known = current;
  let trouble = '';
  const look = (): void => {
    try {
      const found = readCertificate(files);
      trouble = '';
      if (found.cert === known.cert && found.key === known.key) return;
      take(found);
      known = found;
      log.info({ cert: files.cert }, 'new certificate');
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      if (sentence !== trouble) log.error({ reason: sentence }, 'the certificate stays as it was');
      trouble = sentence;
    }
  };
  const timer = setInterval(look, every);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

function readPem(field: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new Error(`${field}: ${file} cannot be read${code}`);
  }
}
