import { readFileSync } from 'node:fs';
import type { Environment } from './apply-environment.ts';
import { ConfigError } from './config-error.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { parseConfig } from './parse-config.ts';

/** The configuration in a file. Throws `ConfigError`, also for a file that cannot be read. */
export function readConfigFile(file: string, environment: Environment): GatewayConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ConfigError(file, [{ field: '', sentence: `the configuration cannot be read${code}` }]);
  }
  return parseConfig(file, text, environment);
}
