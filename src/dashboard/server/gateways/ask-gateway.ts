import { request } from 'undici';

/** Milliseconds. */
const patience = 10_000;
/** Longest report that is read. */
const maxBytes = 16 << 20;

/** What a gateway said. */
export type GatewayAnswer =
  | { readonly kind: 'report'; readonly report: unknown }
  /** The viewer may see none of the Connections that were asked for. */
  | { readonly kind: 'forbidden'; readonly message: string }
  | { readonly kind: 'silent'; readonly message: string };

/** What is asked of a gateway's admin port. */
export interface GatewayQuestion {
  /** As in `http://connection-gateway:9090`. */
  readonly gateway: URL;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The viewer's own. */
  readonly token: string;
}

/** Asks one gateway with the viewer's token and nothing else of theirs. Never fails. */
export async function askGateway({ gateway, path, query, token }: GatewayQuestion): Promise<GatewayAnswer> {
  const address = new URL(gateway);
  address.pathname = `${gateway.pathname.replace(/\/+$/, '')}${path}`;
  address.search = query.toString();
  try {
    const answer = await request(address, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(patience),
    });
    const body = await readBody(answer.body);
    if (answer.statusCode === 200 && isObject(body)) return { kind: 'report', report: body };
    const said = isObject(body) && 'message' in body ? String(body.message).slice(0, 300) : '';
    if (answer.statusCode === 403) return { kind: 'forbidden', message: said || 'The gateway refused.' };
    return { kind: 'silent', message: `It answered with status ${answer.statusCode}${said && `: ${said}`}` };
  } catch (error) {
    return { kind: 'silent', message: describe(error) };
  }
}

async function readBody(body: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The system's word for it; a message could name what was sent. */
function describe(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `It gave no answer within ${patience / 1000} s.`;
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return `It cannot be reached${code}.`;
}
