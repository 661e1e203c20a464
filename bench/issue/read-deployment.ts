import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

interface Deployment {
  readonly kind?: string;
  readonly spec?: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env?: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

const file = join(import.meta.dirname, '..', '..', 'manifests', 'operator', 'deployment.yaml');

/** NODE_OPTIONS of the operator's Deployment: what is measured runs as what is installed. */
export function readNodeOptions(): string {
  const objects = loadAll(readFileSync(file, 'utf8')) as readonly Deployment[];
  const containers = objects.flatMap(({ spec }) => spec?.template.spec.containers ?? []);
  const option = containers.flatMap(({ env = [] }) => env).find(({ name }) => name === 'NODE_OPTIONS');
  return option?.value ?? '';
}
