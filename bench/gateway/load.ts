import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';

/** What the process is told, as JSON in the file that is its argument. */
export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  /** Before anything counts, and then. */
  readonly warmUp: number;
  readonly seconds: number;
  /** Whole requests as they go over the wire; each connection takes the next one, round and round. */
  readonly requests: readonly string[];
  /** Milliseconds between two requests of one connection; 0: the next one follows the answer. */
  readonly every: number;
}

/** What it writes as JSON to its standard output when it is over. */
export interface LoadResult {
  readonly answers: number;
  /** Those of the warm-up too. */
  readonly all: number;
  readonly seconds: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds from request to the end of its answer. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');

/** Requests over many connections, written and read as bytes: it has to cost less than the server that is measured. */
class Load {
  readonly #options: LoadOptions;
  readonly #times = createHistogram();
  readonly #statuses = new Map<string, number>();
  #next = 0;
  #all = 0;
  #isCounting = false;
  #isOver = false;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  async run(): Promise<LoadResult> {
    const { connections, warmUp, seconds } = this.#options;
    const sockets: Socket[] = [];
    for (let i = 0; i < connections; i += 100) {
      const some = Array.from({ length: Math.min(100, connections - i) }, () => this.#open());
      sockets.push(...(await Promise.all(some)));
    }
    await wait(warmUp);
    this.#isCounting = true;
    const began = performance.now();
    await wait(seconds);
    this.#isOver = true;
    const took = (performance.now() - began) / 1000;
    const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
    for (const socket of sockets) socket.destroy();
    return {
      answers: [...this.#statuses.values()].reduce((sum, count) => sum + count, 0),
      all: this.#all,
      seconds: took,
      statuses: Object.fromEntries(this.#statuses),
      p50: milliseconds(this.#times.percentile(50)),
      p99: milliseconds(this.#times.percentile(99)),
      max: milliseconds(this.#times.max),
    };
  }

  #open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#options.port, '127.0.0.1', () => {
        socket.setNoDelay(true);
        this.#send(socket);
        resolve(socket);
      });
      const answer = new AnswerReader();
      let sentAt = performance.now();
      socket.on('data', (chunk) => {
        if (!answer.read(chunk)) return;
        this.#count(answer.status, sentAt);
        const { every } = this.#options;
        const again = (): void => {
          sentAt = performance.now();
          this.#send(socket);
        };
        if (every > 0) setTimeout(again, every);
        else again();
      });
      socket.once('error', reject);
      socket.once('close', () => {
        if (!this.#isOver) throw new Error('the server closed a connection');
      });
    });
  }

  #send(socket: Socket): void {
    if (this.#isOver) return;
    const { requests } = this.#options;
    socket.write(requests[this.#next++ % requests.length] ?? '', 'latin1');
  }

  #count(status: string, sentAt: number): void {
    this.#all++;
    if (!this.#isCounting || this.#isOver) return;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#times.record(Math.max(1, Math.round((performance.now() - sentAt) * 1e6)));
  }
}

/** Finds the end of one answer after the other on a connection that carries one at a time. */
class AnswerReader {
  status = '';
  /** Bytes of the body that are still to come; `undefined`: it ends with the last chunk. */
  #left: number | undefined;
  #isInBody = false;

  /** Whether this was the last of an answer. A head comes in one piece from every server that is measured. */
  read(chunk: Buffer): boolean {
    let body = chunk;
    if (!this.#isInBody) {
      const end = chunk.indexOf(headEnd);
      const head = chunk.toString('latin1', 0, end + 2);
      const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
      this.status = head.slice(9, 12);
      this.#left = length === undefined ? undefined : Number(length);
      this.#isInBody = true;
      // With the line end before it, so that an empty chunked body ends as any other.
      body = chunk.subarray(this.#left === undefined ? end + 2 : end + 4);
    }
    if (this.#left !== undefined) this.#left -= body.length;
    const isLast = this.#left === undefined ? body.subarray(-lastChunk.length).equals(lastChunk) : this.#left <= 0;
    this.#isInBody = !isLast;
    return isLast;
  }
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as LoadOptions;
process.stdout.write(`${JSON.stringify(await new Load(options).run())}\n`);
process.exit(0);
