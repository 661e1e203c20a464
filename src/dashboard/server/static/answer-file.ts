import type { IncomingMessage } from 'node:http';
import { type Answer, refuse } from '../answer.ts';
import { readSingleHeader } from '../request/read-headers.ts';
import type { PageFile, PageFiles } from './page-files.ts';

const notBuilt =
  'The page of the dashboard is not built, so there is nothing to show. Run npm run build in the project and start the dashboard again.\n';

/**
 * A file of the page. Any other path that a person may have in the address bar is the page itself, which finds its way;
 * a file that is not there is 404.
 */
export function answerFile(request: IncomingMessage, path: string, files: PageFiles): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { ...refuse(405, 'BadRequest', 'The page can only be read.'), headers: { allow: 'GET, HEAD' } };
  }
  if (files.size === 0) return { status: 503, body: notBuilt };
  // Names of Connections hold dots too, deeper down: /connections/shop/erp.v2
  const isFile = path.startsWith('/assets/') || /^\/[^/]+\.[a-z0-9]+$/.test(path);
  const file = files.get(path) ?? (isFile ? undefined : files.get('/'));
  if (file === undefined) return refuse(404, 'NotFound', 'There is no such file.');
  return sendFile(request, file);
}

function sendFile(request: IncomingMessage, file: PageFile): Answer {
  const headers = {
    etag: file.etag,
    vary: 'accept-encoding',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (readSingleHeader(request, 'if-none-match') === file.etag) return { status: 304, headers };
  const zipped = /\bgzip\b/.test(readSingleHeader(request, 'accept-encoding') ?? '') ? file.gzip : undefined;
  return {
    status: 200,
    headers: { ...headers, 'content-type': file.type, ...(zipped && { 'content-encoding': 'gzip' }) },
    body: zipped ?? file.bytes,
  };
}
