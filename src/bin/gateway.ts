#!/usr/bin/env node
import { readConfigFile } from '../gateway/config/read-config-file.ts';
import { gatewayFlags, readGatewayArguments } from '../gateway/config/read-gateway-arguments.ts';
import { type RunningGateway, startGateway } from '../gateway/start-gateway.ts';
import { buildTokenAccess } from '../kube/build-token-access.ts';
import { buildKubeClient, type KubeClient } from '../kube/kube-client.ts';
import { readClusterAccess } from '../kube/read-cluster-access.ts';
import { readClusterAddress } from '../kube/read-cluster-address.ts';
import { buildLogger } from '../process/build-logger.ts';
import { buildHelp } from '../process/read-flags.ts';
import { readVersion, runProgram } from '../process/run-program.ts';

const usage = 'connection-gateway: tokens, permissions and a reverse proxy in front of an API';

/** Milliseconds that calls under way have to finish after SIGTERM. */
const patience = 20_000;

await runProgram(async () => {
  const given = readGatewayArguments(process.argv.slice(2));
  if (given.show) {
    process.stdout.write(given.show === 'help' ? buildHelp(usage, gatewayFlags) : `${readVersion()}\n`);
    return;
  }
  const { kubeconfig } = given;
  const config = readConfigFile(given.config, process.env);
  const log = buildLogger('gateway', given.logLevel);
  const source = kubeconfig === undefined ? {} : { kubeconfig };
  const client = buildKubeClient({ access: await readClusterAccess(source) });
  const address = await readClusterAddress(source);
  const openViewer = (token: string): KubeClient => buildKubeClient({ access: buildTokenAccess(address, () => token) });
  const ending = new AbortController();
  let gateway: RunningGateway | undefined;
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    // The watches go on while calls finish: a token that is revoked meanwhile is refused.
    await gateway?.close(patience);
    ending.abort();
    await client.close();
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  log.info({ version: readVersion(), upstream: config.upstream.url.origin }, 'starting');
  try {
    gateway = await startGateway({ config, client, openViewer, log, signal: ending.signal });
    log.info({ port: gateway.port, host: config.listen.host }, 'listening');
  } catch (error) {
    if (!isStopping) throw error;
  }
});
