import type { Command } from './command.ts';
import { canI } from './commands/can-i.ts';
import { completion } from './commands/completion.ts';
import { create } from './commands/create.ts';
import { createClient } from './commands/create-client.ts';
import { credentials } from './commands/credentials.ts';
import { dashboard } from './commands/dashboard.ts';
import { remove } from './commands/delete.ts';
import { describe } from './commands/describe.ts';
import { list } from './commands/list.ts';
import { revoke, rotate } from './commands/rotate.ts';
import { resume, suspend } from './commands/suspend.ts';
import { top } from './commands/top.ts';
import { usage } from './commands/usage.ts';
import { validate } from './commands/validate.ts';

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
  usage,
  top,
  canI,
  validate,
  dashboard,
  createClient,
  completion,
];
