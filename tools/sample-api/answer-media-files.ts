import { createHash } from 'node:crypto';
import type { MediaFile } from './sample-data.ts';
import { buildFailure, buildJson, type SampleReply, type SampleRequest } from './sample-reply.ts';

/** Lists, uploads and downloads files. Their codes hold slashes, as the PIM's do. */
export async function answerMediaFiles(files: Map<string, MediaFile>, request: SampleRequest): Promise<SampleReply> {
  const { method, path, origin } = request;
  const rest = path.slice(1);
  const isDownload = rest.at(-1) === 'download';
  const code = (isDownload ? rest.slice(0, -1) : rest).join('/');
  if (method === 'POST' && code === '') return upload(files, request);
  if (method !== 'GET' && method !== 'HEAD') return buildFailure(405, 'Method Not Allowed');
  if (code === '')
    return buildJson(200, { _embedded: { items: [...files.values()].map((file) => describe(file, origin)) } });
  const file = files.get(code);
  if (file === undefined) return buildFailure(404, `Media file '${code}' does not exist.`);
  if (!isDownload) return buildJson(200, describe(file, origin));
  const disposition = `attachment; filename="${file.name.replace(/[^\w.-]/g, '_')}"`;
  return { status: 200, headers: { 'content-type': file.type, 'content-disposition': disposition }, body: file.bytes };
}

async function upload(files: Map<string, MediaFile>, request: SampleRequest): Promise<SampleReply> {
  const part = await readFilePart(request);
  if (part === undefined) return buildFailure(422, 'Property "file" is required.');
  const bytes = Buffer.from(await part.arrayBuffer());
  const hash = createHash('sha1').update(bytes).digest('hex');
  const code = `${hash[0]}/${hash[1]}/${hash[2]}/${hash}_${part.name}`;
  files.set(code, { code, name: part.name, type: part.type || 'application/octet-stream', bytes });
  return { status: 201, headers: { location: `${request.origin}/api/rest/v1/media-files/${code}` } };
}

async function readFilePart({ contentType, body }: SampleRequest): Promise<File | undefined> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const part = form.get('file');
    return part instanceof File ? part : undefined;
  } catch {
    return undefined;
  }
}

function describe({ code, name, type, bytes }: MediaFile, origin: string): object {
  const self = `${origin}/api/rest/v1/media-files/${code}`;
  return {
    _links: { self: { href: self }, download: { href: `${self}/download` } },
    code,
    original_filename: name,
    mime_type: type,
    size: bytes.length,
    extension: name.split('.').at(-1),
  };
}
