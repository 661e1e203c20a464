import { runCommand } from '../control-plane/run-command.ts';
import { findGoProgram } from '../find-go-program.ts';

const program = { name: 'gitops', folder: import.meta.dirname, goPackage: '.' };

/** What is asked about each of `objects`. */
export interface Question {
  /** Value of `resource.customizations.health.<group>_<kind>` in argocd-cm. */
  readonly health: string;
  /** Value of `resource.customizations.actions.<group>_<kind>`. */
  readonly actions: string;
  /** An entry of `spec.healthCheckExprs` of a Flux Kustomization. */
  readonly healthCheckExprs: { readonly inProgress?: string; readonly failed?: string; readonly current: string };
  /** An action to run on each object; absent: none. */
  readonly action?: string;
  readonly objects: readonly object[];
}

/** What Argo CD's and Flux's own code says of one object. */
export interface Judgement {
  /** Health in Argo CD: `Healthy`, `Progressing`, `Degraded`, `Suspended`. */
  readonly Argo: string;
  readonly ArgoMessage: string;
  /** Actions in the menu and whether they can be chosen now. */
  readonly Actions: Readonly<Record<string, boolean>>;
  /** The object that the action made. */
  readonly Result?: Readonly<Record<string, unknown>>;
  /** Flux with the expressions: `Current`, `InProgress`, `Failed`. */
  readonly Flux: string;
  /** What kstatus reads from the conditions alone; also `Terminating`. */
  readonly Kstatus: string;
}

/** Path of the program: in the cache, else built into it from go.mod (several minutes of two cores, once). */
export function findGitops(report: (line: string) => void): Promise<string> {
  return findGoProgram(program, report);
}

/** Asks Argo CD's and Flux's code; an answer for each object, in their order. */
export async function askGitops(question: Question): Promise<readonly Judgement[]> {
  const path = await findGitops((line) => process.stderr.write(`${line}\n`));
  const { code, stdout, stderr } = await runCommand(path, [], { input: JSON.stringify(question) });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Judgement[];
}
