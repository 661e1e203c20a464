#!/usr/bin/env node
import { commands } from '../cli/commands.ts';
import { openCluster } from '../cli/open-cluster.ts';
import { runCommand } from '../cli/run-command.ts';
import { buildTerminal } from '../cli/terminal.ts';
import type { StartDashboard } from '../cli/tools.ts';
import { unpackPage } from '../cli/unpack-page.ts';
import { readProjectFile } from '../process/read-project-file.ts';
import { readVersion, runProgram } from '../process/run-program.ts';

/** Loaded when it is asked for: every other command starts sooner without it. */
const startDashboard: StartDashboard = async ({ access, port, gateways }) => {
  const { startLocalDashboard } = await import('../dashboard/server/start-local-dashboard.ts');
  const page = unpackPage();
  const running = await startLocalDashboard({
    access,
    port,
    gateways: gateways.map((origin) => new URL(origin)),
    ...(page !== undefined && { page: page.folder }),
  });
  return {
    address: running.createAddress(),
    async close() {
      await running.close();
      page?.remove();
    },
  };
};

void runProgram(async () => {
  // Until a command has said that it is done, it is not.
  process.exitCode = 1;
  process.exitCode = await runCommand(commands, process.argv.slice(2), {
    terminal: buildTerminal(process.env),
    env: process.env,
    version: readVersion(),
    now: Date.now,
    readProjectFile,
    openCluster,
    startDashboard,
  });
});
