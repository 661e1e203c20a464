import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the built page, in memory: there are a few, and nothing that is asked for reaches the disk. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Absent where it saves nothing. */
  readonly gzip: Buffer | undefined;
  readonly etag: string;
  /** Its name holds a digest of its content, so it never changes. */
  readonly isImmutable: boolean;
}

/** By path, as in `/assets/app-1a2b3c4d.js`; the page itself is `/`. Empty when it was not built. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const isText = (type: string): boolean => /^text\/|json|svg/.test(type);

/** Reads what `npm run build` left in a folder. */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  for (const entry of listFiles(folder)) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const type = types[extname(file)];
    if (type !== undefined) files.set(path === '/index.html' ? '/' : path, buildFile(path, type, readFileSync(file)));
  }
  return files.has('/') ? files : new Map();
}

function listFiles(folder: string): { readonly name: string; readonly parentPath: string }[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  } catch {
    return [];
  }
}

function buildFile(path: string, type: string, bytes: Buffer): PageFile {
  const gzip = isText(type) && bytes.length > 1_024 ? gzipSync(bytes) : undefined;
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { type, bytes, gzip, etag, isImmutable: /^\/assets\/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(path) };
}
