import { onTestFinished } from 'vitest';
import {
  type GatewayProgramOptions,
  type RunningGateway,
  startGatewayProgram,
} from '../../../tools/gateway-program.ts';
import { findGatewayKubeconfig } from './gateway-kubeconfig.ts';

export type { RunningGateway };

/** By default it runs on the shared cluster as the ServiceAccount of the manifests. */
export type GatewayOptions = Omit<GatewayProgramOptions, 'kubeconfig'> & { readonly kubeconfig?: string };

/** Starts a gateway. It ends with the test file at the latest. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  return startGatewayProgram({ ...options, kubeconfig: options.kubeconfig ?? (await findGatewayKubeconfig()) });
}

/** Starts one, waits until it is ready, and ends it when the test is over. */
export async function runGateway(options: GatewayOptions): Promise<RunningGateway> {
  const gateway = await startGateway(options);
  onTestFinished(async () => {
    await gateway.stop('SIGKILL');
  });
  return gateway.ready();
}
