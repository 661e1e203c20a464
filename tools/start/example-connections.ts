import { setTimeout as sleep } from 'node:timers/promises';
import { applyFolder, type Kubectl, nameFolder, succeed } from '../apply-project.ts';

/** What the table shows of a Connection. */
export interface ExampleConnection {
  readonly namespace: string;
  readonly name: string;
  readonly flow: string;
  /** Status of the condition `Ready`. */
  readonly ready: string;
  readonly reason: string;
  /** Empty while there is none. */
  readonly secret: string;
}

interface Listed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly flowType: string };
  readonly status?: {
    readonly binding?: { readonly name: string };
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

export async function applyExamples(kubectl: Kubectl): Promise<void> {
  await applyFolder(kubectl, 'examples');
}

/** The Connections among the examples, once each is ready; as they are after 30 s otherwise. */
export async function waitForExamples(kubectl: Kubectl): Promise<ExampleConnection[]> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const listed = JSON.parse(await succeed(kubectl, ['get', ...nameFolder('examples'), '-o', 'json']));
    const found = (listed.items as Listed[]).filter((item) => item.kind === 'Connection').map(readExample);
    if (Date.now() > deadline || found.every(isSettled)) return found;
    await sleep(500);
  }
}

/** Any other reason may be the role or group that the API server got a moment later, and heals by itself. */
function isSettled({ ready, reason }: ExampleConnection): boolean {
  return ready === 'True' || reason === 'Suspended';
}

function readExample({ metadata, spec, status }: Listed): ExampleConnection {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    flow: spec.flowType,
    ready: ready?.status ?? 'Unknown',
    reason: ready?.reason ?? '',
    secret: status?.binding?.name ?? '',
  };
}
