import type { IncomingMessage } from 'node:http';
import { type Answer, refuse } from '../answer.ts';
import { readSingleHeader } from './read-headers.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a change carries, or why there is none. */
export type JsonBody = { readonly object: JsonObject } | { readonly refusal: Answer };

/** Reads at most `limit` bytes. Anything but one JSON object, said to be `application/json`, is refused. */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<JsonBody> {
  const type = readSingleHeader(request, 'content-type') ?? '';
  if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(type)) {
    return { refusal: refuse(415, 'BadRequest', 'The body has to be JSON: content-type application/json.') };
  }
  const bytes = await readBytes(request, limit);
  if (bytes === undefined) return { refusal: refuse(413, 'BadRequest', `The body is longer than ${limit} bytes.`) };
  const object = parseObject(bytes);
  return object === undefined
    ? { refusal: refuse(400, 'BadRequest', 'The body is no JSON object in UTF-8.') }
    : { object };
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
