/**
 * An operator that holds each Connection before a certain write. When all that are to be held are, or nothing moved for a
 * while, it sends itself a signal: SIGKILL, or SIGSTOP, after which it lets go of all. Its only argument is a `Plan` as
 * JSON; it leads without a Lease, as somebody does who has not noticed that it is lost. `KUBECONFIG` says where.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemRandom } from '../../../src/credentials/random-source.ts';
import { buildKubeClient } from '../../../src/kube/kube-client.ts';
import { readClusterAccess } from '../../../src/kube/read-cluster-access.ts';
import { ConnectionOperator } from '../../../src/operator/connection-operator.ts';
import { defaultSettings } from '../../../src/operator/operator-settings.ts';
import { buildLogger } from '../../../src/process/build-logger.ts';
import { gateWrites } from './gate-writes.ts';
import type { Plan } from './run-interrupted.ts';

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const held = new Set<string>();
const open = Promise.withResolvers<void>();
let isOpen = false;
let lastMove = performance.now();

const client = gateWrites(
  buildKubeClient({ access: await readClusterAccess({}) }),
  async ({ connection, made }, send) => {
    lastMove = performance.now();
    if (!isOpen && plan.after[connection] === made) {
      held.add(connection);
      await open.promise;
    }
    return send();
  },
);
const operator = new ConnectionOperator({
  client,
  log: buildLogger('interrupted', 'warn'),
  settings: {
    ...defaultSettings,
    watchNamespaces: [plan.stage.namespace],
    keySecret: plan.stage.keySecret,
    connectionLimit: 0,
    leaderElection: false,
    workers: 1_000,
  },
  clock: Date.now,
  random: systemRandom,
  identity: `interrupted-${process.pid}`,
  onLost: () => process.exit(1),
});

function say(event: string, names: readonly string[]): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify({ event, names })}\n`, () => resolve()));
}

async function isReached(isDone: () => boolean): Promise<void> {
  while (!isDone()) await sleep(20);
}

await operator.start();
lastMove = performance.now();
const wanted = Object.keys(plan.after).length;
await isReached(() => held.size >= wanted || performance.now() - lastMove > plan.patience);
await say('held', [...held].sort());
process.kill(process.pid, plan.signal);
// Stopped here until SIGCONT; after SIGKILL nothing comes.
lastMove = performance.now();
isOpen = true;
open.resolve();
await isReached(() => operator.isIdle && performance.now() - lastMove > 500);
await say('settled', []);
process.once('SIGTERM', () => void operator.stop().then(() => process.exit(0)));
