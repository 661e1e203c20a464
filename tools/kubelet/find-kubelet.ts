import { findGoProgram } from '../find-go-program.ts';

const kubelet = { name: 'kubelet', folder: import.meta.dirname, goPackage: '.' };

/** Path of the endpoint of a node: in the cache, else built into it from go.mod (about a minute of two cores, once). */
export function findKubelet(report: (line: string) => void): Promise<string> {
  return findGoProgram(kubelet, report);
}
