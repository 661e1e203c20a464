import { findGoProgram } from '../find-go-program.ts';

const helm = { name: 'helm', folder: import.meta.dirname, goPackage: 'helm.sh/helm/v4/cmd/helm' };

/** Path of a Helm: in the cache, else built into it from go.mod (some minutes of two cores, once). */
export function findHelm(report: (line: string) => void): Promise<string> {
  return findGoProgram(helm, report);
}
