import { hostname } from 'node:os';
import { systemRandom } from '../credentials/random-source.ts';
import { buildKubeClient } from '../kube/kube-client.ts';
import { readClusterAccess } from '../kube/read-cluster-access.ts';
import { buildLogger } from '../process/build-logger.ts';
import { buildHelp } from '../process/read-flags.ts';
import { readVersion, runProgram } from '../process/run-program.ts';
import { startAdminServer } from '../process/start-admin-server.ts';
import { ConnectionOperator } from './connection-operator.ts';
import { operatorFlags, readOperatorArguments } from './read-operator-flags.ts';

const usage = 'connection-operator: issues, rotates and withdraws the credentials of Connections';

/** The program: runs until a signal or the loss of its Lease ends the process. */
export function runOperator(argv: readonly string[]): Promise<void> {
  return runProgram(() => run(argv));
}

async function run(argv: readonly string[]): Promise<void> {
  const { show, kubeconfig, admin, logLevel, settings } = readOperatorArguments(argv);
  if (show) {
    process.stdout.write(show === 'help' ? buildHelp(usage, operatorFlags) : `${readVersion()}\n`);
    return;
  }
  const log = buildLogger('operator', logLevel);
  const client = buildKubeClient({ access: await readClusterAccess(kubeconfig === undefined ? {} : { kubeconfig }) });
  const operator = new ConnectionOperator({
    client,
    log,
    settings,
    clock: Date.now,
    random: systemRandom,
    identity: `${hostname()}_${crypto.randomUUID().slice(0, 8)}`,
    onLost: (sentence) => {
      log.error({}, sentence);
      process.exit(1);
    },
  });
  const server = await startAdminServer({
    listen: admin,
    registry: operator.metrics.registry,
    notReady: () => operator.notReady(),
  });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    operator
      .stop()
      .then(() => Promise.all([server.close(), client.close()]))
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  log.info({ admin: server.port, version: readVersion() }, 'started');
  try {
    await operator.start();
  } catch (error) {
    if (!stopping) throw error;
  }
}
