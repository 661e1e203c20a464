import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reservePort } from './reserve-port.ts';
import { type RunningProgram, startProgram } from './start-program.ts';

export interface GatewayProgramOptions {
  /** Namespaces whose Connections exist for it. */
  readonly namespaces: readonly string[];
  /** Origin of the API behind it. */
  readonly upstream: string;
  /** Default: a SQLite file of its own. */
  readonly store?: string;
  /** How often counts are written, as in `1s`. Default: the gateway's own. */
  readonly flush?: string;
  /** Further fields of the configuration file, as in `{ credentialPairing: 'enforce' }`. */
  readonly config?: object;
  readonly kubeconfig: string;
  /** Default `debug`. */
  readonly logLevel?: string;
}

export interface RunningGateway extends RunningProgram {
  /** Base address for clients. */
  readonly origin: string;
  readonly port: number;
  /** Base address of health, readiness and metrics. */
  readonly admin: string;
  /** Waits until `/readyz` says 200 and returns the gateway; rejects with what it wrote when it ends before. */
  ready(): Promise<RunningGateway>;
}

/** Starts `src/bin/gateway.ts` without limits of calls. It ends with this process at the latest. */
export async function startGatewayProgram(options: GatewayProgramOptions): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const [port, adminPort] = [await reservePort(), await reservePort()];
  const { namespaces, upstream, store = `sqlite:${join(folder, 'connection.db')}`, flush, config } = options;
  const file = join(folder, 'gateway.yaml');
  // JSON is YAML.
  const document = {
    listen: `127.0.0.1:${port}`,
    admin: `127.0.0.1:${adminPort}`,
    connections: { namespaces },
    upstream: { url: upstream },
    limits: { concurrent: 0, perSecond: 0 },
    flows: { store, ...(flush !== undefined && { flush }) },
    ...config,
  };
  writeFileSync(file, JSON.stringify(document));
  const program = startProgram({
    file: 'src/bin/gateway.ts',
    args: ['--config', file, '--log-level', options.logLevel ?? 'debug'],
    env: { KUBECONFIG: options.kubeconfig },
  });
  void program.exited.then(() => rmSync(folder, { recursive: true, force: true }));
  const admin = `http://127.0.0.1:${adminPort}`;
  const gateway: RunningGateway = {
    ...program,
    origin: `http://127.0.0.1:${port}`,
    port,
    admin,
    async ready() {
      await waitUntilReady(program, admin);
      return gateway;
    },
  };
  return gateway;
}

/** Milliseconds until a start counts as failed: on a busy machine seconds go by before a program says a word. */
const patience = 120_000;

async function waitUntilReady(program: RunningProgram, admin: string): Promise<void> {
  let ended = false;
  void program.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await fetch(`${admin}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    const wrote = program.lines.slice(-20).join('\n');
    if (ended) throw new Error(`the gateway ended before it was ready; it wrote:\n${wrote}`);
    if (Date.now() > deadline) {
      const said = await answer?.text();
      throw new Error(`the gateway was not ready within ${patience / 1000} s (${said}); it wrote:\n${wrote}`);
    }
    await sleep(50);
  }
}
