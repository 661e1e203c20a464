import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerEntities, type EntityKind } from './answer-entities.ts';
import { answerMediaFiles } from './answer-media-files.ts';
import { buildSampleData, type SampleData } from './sample-data.ts';
import { type SampleCredentials, SampleLogin } from './sample-login.ts';
import { buildFailure, buildJson, type SampleReply, type SampleRequest } from './sample-reply.ts';

/** A request as it arrived, for whoever wants to know what a proxy made of it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Name, value, name, value …, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface SampleApiOptions {
  /** Default: the system chooses. Always on 127.0.0.1. */
  readonly port?: number;
  /** Absent: nobody needs a token. */
  readonly credentials?: SampleCredentials;
  readonly onRequest?: (request: SeenRequest) => void;
}

export interface SampleApi {
  /** `http://127.0.0.1:…`, also the start of every link in its answers. */
  readonly origin: string;
  readonly data: SampleData;
  /** Absent without `credentials`. */
  readonly login?: SampleLogin;
  stop(): Promise<void>;
}

/**
 * A small PIM in memory that answers as Akeneo does: products with simple filters, categories, families, attributes and
 * their groups, channels, media files, pages with absolute links, collections line by line. For `npm start` and tests, to stand behind the gateway.
 */
export async function startSampleApi(options: SampleApiOptions = {}): Promise<SampleApi> {
  const data = buildSampleData();
  const login = options.credentials && new SampleLogin(options.credentials);
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = '', url = '', rawHeaders, headers } = request;
    options.onRequest?.({ method, target: url, rawHeaders, body });
    const { pathname, searchParams } = new URL(url, origin);
    const path = pathname.split('/').slice(4).map(decodeURIComponent);
    const contentType = headers['content-type'] ?? '';
    const authorization = headers.authorization ?? '';
    const reply =
      pathname === '/api/oauth/v1/token' && login
        ? answerToken(login, authorization, body)
        : !pathname.startsWith('/api/rest/v1')
          ? buildFailure(404, 'No route found.')
          : login && !isOpen(path) && !login.accepts(authorization)
            ? buildFailure(401, 'The access token provided is invalid.')
            : await answerApi(data, { method, path, query: searchParams, contentType, body, origin });
    const bytes = Buffer.from(reply.body ?? '');
    response.writeHead(reply.status, {
      ...reply.headers,
      ...(reply.body !== undefined && { 'content-length': bytes.length }),
    });
    response.end(bytes);
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    data,
    ...(login && { login }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isOpen([first]: readonly string[]): boolean {
  return first === undefined || first === 'system-information';
}

function answerToken(login: SampleLogin, authorization: string, body: Buffer): SampleReply {
  const granted = login.grant(authorization, JSON.parse(body.toString('utf8')));
  return typeof granted === 'string' ? buildFailure(422, granted) : buildJson(200, granted);
}

async function answerApi(data: SampleData, request: SampleRequest): Promise<SampleReply> {
  const [first] = request.path;
  const { categories } = data;
  const kinds: readonly EntityKind[] = [
    { plural: 'products', name: 'Product', key: 'identifier', table: data.products, categories },
    { plural: 'categories', name: 'Category', key: 'code', table: categories, categories },
    { plural: 'families', name: 'Family', key: 'code', table: data.families, categories },
    { plural: 'attributes', name: 'Attribute', key: 'code', table: data.attributes, categories },
    { plural: 'attribute-groups', name: 'Attribute group', key: 'code', table: data.attributeGroups, categories },
    { plural: 'channels', name: 'Channel', key: 'code', table: data.channels, categories },
    { plural: 'locales', name: 'Locale', key: 'code', table: data.locales, categories },
  ];
  if (first === undefined) return buildJson(200, { host: request.origin, authentication: {}, routes: {} });
  if (first === 'system-information') return buildJson(200, { version: '7.0.0', edition: 'CE' });
  if (first === 'media-files') return answerMediaFiles(data.files, request);
  const kind = kinds.find(({ plural }) => plural === first);
  return kind === undefined ? buildFailure(404, 'No route found.') : answerEntities(kind, request);
}
