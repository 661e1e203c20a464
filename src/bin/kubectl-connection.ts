#!/usr/bin/env node
import { commands } from '../cli/commands.ts';
import { openCluster } from '../cli/open-cluster.ts';
import { runCommand } from '../cli/run-command.ts';
import { buildTerminal } from '../cli/terminal.ts';
import { readProjectFile } from '../process/read-project-file.ts';
import { readVersion, runProgram } from '../process/run-program.ts';

void runProgram(async () => {
  process.exitCode = await runCommand(commands, process.argv.slice(2), {
    terminal: buildTerminal(process.env),
    env: process.env,
    version: readVersion(),
    now: Date.now,
    readProjectFile,
    openCluster,
  });
});
