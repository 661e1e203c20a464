import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatReport, type GatewayReport } from './gateway/format-report.ts';
import { measureAuthz } from './gateway/measure-authz.ts';
import { measureFlood } from './gateway/measure-flood.ts';
import { measureMemory } from './gateway/measure-memory.ts';
import { measureProxy } from './gateway/measure-proxy.ts';
import { measureTokens } from './gateway/measure-tokens.ts';
import { startScene } from './gateway/start-scene.ts';

const usage = `npm run bench -- gateway [options]

The gateway on a local control plane, beside a bare node:http server and a plain proxy (@fastify/http-proxy) in front of
the same small PIM, in rounds that take turns.

  --quick       short rounds, a tenth of the Connections
  --only A,B    memory, authz, proxy, tokens, flood, in this order: what follows memory has all Connections
`;

const parts = ['memory', 'authz', 'proxy', 'tokens', 'flood'] as const;

/** Writes one table, on standard output and to bench/out. */
export async function runBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: parts.join(',') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const only = values.only.split(',');
  const times = values.quick ? { rounds: 1, seconds: 3 } : { rounds: 5, seconds: 5 };
  const floodTimes = values.quick ? { rounds: 1, seconds: 5 } : { rounds: 5, seconds: 10 };
  const before = formatLoad();
  const scene = await startScene();
  const report: GatewayReport = {};
  try {
    if (only.includes('memory'))
      report.memory = await say('memory', () => measureMemory(scene, values.quick ? 1_000 : 10_000));
    if (only.includes('authz')) report.authz = await say('authz', () => measureAuthz(scene, times));
    if (only.includes('proxy')) report.proxy = await say('proxy', () => measureProxy(scene, times));
    if (only.includes('tokens')) report.tokens = await say('tokens', () => measureTokens(scene, times));
    if (only.includes('flood')) report.flood = await say('flood', () => measureFlood(scene, floodTimes));
  } finally {
    await scene.stop();
  }
  const machine = `Node ${process.version}, ${availableParallelism()} cores, load ${before} before, ${formatLoad()} after`;
  const text = `${machine}\n\n${formatReport(report)}\n`;
  process.stdout.write(`\n${text}`);
  const folder = join(import.meta.dirname, 'out');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `gateway-${new Date().toISOString().replaceAll(':', '')}.txt`), text);
}

async function say<T>(name: string, work: () => Promise<T>): Promise<T> {
  process.stderr.write(`${name}\n`);
  return work();
}

/** Of the last minute: what else ran on the machine makes absolute figures say little. */
function formatLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
