import type { Command } from './command.ts';
import { create } from './commands/create.ts';
import { createClient } from './commands/create-client.ts';
import { credentials } from './commands/credentials.ts';
import { remove } from './commands/delete.ts';
import { describe } from './commands/describe.ts';
import { list } from './commands/list.ts';
import { revoke, rotate } from './commands/rotate.ts';
import { resume, suspend } from './commands/suspend.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  create,
  list,
  describe,
  credentials,
  rotate,
  revoke,
  suspend,
  resume,
  remove,
  createClient,
];
