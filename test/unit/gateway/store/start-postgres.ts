import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { reservePort } from '../../../../tools/reserve-port.ts';
import type { PostgresRequest } from './hold-postgres.ts';

/** A real PostgreSQL server of this test file; it ends with the process that started it, however that ends. */
export class TestPostgres {
  readonly port: number;
  readonly #holder: ChildProcess;
  #databases = 0;

  private constructor(port: number, holder: ChildProcess) {
    this.port = port;
    this.#holder = holder;
  }

  static async start(): Promise<TestPostgres> {
    const port = await reservePort();
    const holder = fork(join(import.meta.dirname, 'hold-postgres.ts'), [String(port)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ended = once(holder, 'exit').then(() => {
      throw new Error('PostgreSQL did not start');
    });
    await Promise.race([once(holder, 'message'), ended]);
    ended.catch(() => {});
    return new TestPostgres(port, holder);
  }

  /** The address of a new empty database. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.query(`CREATE DATABASE ${name}`);
    return this.addressOf(name);
  }

  addressOf(database: string, user = 'postgres', password = 'postgres-password'): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Runs a statement beside the store. */
  async query(text: string, address: string = this.addressOf('postgres')): Promise<readonly Record<string, unknown>[]> {
    const client = await this.connect(address);
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async connect(address: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: address });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Ends it as a crash does; `come back` with `restart`. */
  quit(): Promise<void> {
    return this.#ask('quit');
  }

  restart(): Promise<void> {
    return this.#ask('start');
  }

  async stop(): Promise<void> {
    const exited = once(this.#holder, 'exit');
    this.#holder.send('end' satisfies PostgresRequest);
    await exited;
  }

  async #ask(request: PostgresRequest): Promise<void> {
    const answered = once(this.#holder, 'message');
    this.#holder.send(request);
    await answered;
  }
}
