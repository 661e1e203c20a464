import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';

/** An answer with its body as text. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What every object of a watch has. */
export interface SeenObject {
  readonly metadata: { readonly namespace: string; readonly uid: string; readonly resourceVersion: string };
}

export interface WatchOptions {
  readonly resourceVersion: string;
  readonly onObject: (object: SeenObject) => void;
  readonly accept?: string;
}

/** A watch that is open. */
export interface OpenWatch {
  close(): void;
}

const window = 16 * 1024 * 1024;

/** One HTTP/2 session to the API server by node:http2 alone: what a program does at least. */
export class ApiSession {
  readonly #connect: () => ClientHttp2Session;
  readonly #authorization: string;
  #session: ClientHttp2Session;
  #isClosed = false;

  /** `kubeconfig` is one that the local control plane wrote. */
  constructor(kubeconfig: string) {
    const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
    const { server, 'certificate-authority': certificate } = clusters[0].cluster;
    this.#authorization = `Bearer ${users[0].user.token}`;
    const ca = readFileSync(certificate);
    this.#connect = () => {
      const settings = { initialWindowSize: window, enablePush: false };
      const session = connect(server, { ca, settings, maxSessionMemory: 200 });
      session.once('connect', () => session.setLocalWindowSize(4 * window));
      // What was under way hears of it by itself.
      session.on('error', () => {});
      return session;
    };
    this.#session = this.#connect();
  }

  /** An API server ends a session that was idle while the machine had no time for it: the next call opens another. */
  get #open(): ClientHttp2Session {
    if (!this.#isClosed && (this.#session.destroyed || this.#session.closed)) this.#session = this.#connect();
    return this.#session;
  }

  /** Rejects only when there is no answer. */
  async send(method: string, path: string, body?: string, contentType = 'application/json'): Promise<Answer> {
    const stream = this.#open.request(
      {
        ':method': method,
        ':path': path,
        authorization: this.#authorization,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      { endStream: body === undefined },
    );
    if (body !== undefined) stream.end(body);
    return readAnswer(stream);
  }

  /** Like `send`; rejects for every answer that is no success, and returns the parsed body. */
  async call<T>(method: string, path: string, body?: string, contentType?: string): Promise<T> {
    const { status, text } = await this.send(method, path, body, contentType);
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }

  /**
   * Every event after `resourceVersion`. Resolves when the watch was accepted; one that the API server ends, as it does
   * with readers that are too slow for it, goes on where it was. `accept` chooses the form of the objects.
   */
  async watch(
    path: string,
    { resourceVersion, onObject, accept = 'application/json' }: WatchOptions,
  ): Promise<OpenWatch> {
    let position = resourceVersion;
    let stream: ClientHttp2Stream | undefined;
    let closed = false;
    const open = async (): Promise<void> => {
      const query = `${path.includes('?') ? '&' : '?'}watch=true&resourceVersion=${position}`;
      stream = this.#open.request({ ':path': `${path}${query}`, authorization: this.#authorization, accept });
      await readLines(stream, (line) => {
        const { type, object } = JSON.parse(line) as { type: string; object: SeenObject };
        if (type === 'ERROR') throw new Error(`watch ${path}: ${line}`);
        position = object.metadata.resourceVersion;
        onObject(object);
      });
      stream.once('close', () => {
        if (!closed && !this.#isClosed) void open();
      });
    };
    await open();
    return {
      close: () => {
        closed = true;
        stream?.close();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#session.destroy();
  }
}

function readAnswer(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let text = '';
    stream.once('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    stream.once('end', () => resolve({ status, text }));
    stream.once('error', reject);
  });
}

/** Resolves with the headers of a success; lines go to `onLine` as they come. */
function readLines(stream: ClientHttp2Stream, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  return new Promise((resolve, reject) => {
    stream.once('response', (headers) => {
      if (headers[':status'] === 200) resolve();
      else reject(new Error(`a watch was answered with ${headers[':status']}`));
    });
    stream.on('error', reject);
  });
}
